"""What the people of the demo workspace are made from: countries, names, plans, tags, properties."""

from typing import Any, NamedTuple

DOMAINS = ("example.com", "example.org", "example.net", "mail.example", "post.example", "inbox.example")


class Country(NamedTuple):
    code: str
    weight: int
    dial: str
    language: str
    cities: dict[str, str]
    """City to time zone, the biggest first."""
    first: str
    last: str


COUNTRIES = (
    Country("US", 26, "+120255", "en-US",
        {"New York": "America/New_York", "Los Angeles": "America/Los_Angeles", "Chicago": "America/Chicago",
         "Austin": "America/Chicago", "Denver": "America/Denver", "Seattle": "America/Los_Angeles"},
        "James Mary Michael Linda Elena Marcus Grace Noah Olivia Ethan Ava Jordan Maya Tyler Zoe Carlos",
        "Smith Johnson Williams Brown Garcia Miller Davis Nguyen Anderson Taylor O'Brien Jackson Lee Walker"),
    Country("DE", 14, "+4930555", "de",
        {"Berlin": "Europe/Berlin", "Hamburg": "Europe/Berlin", "München": "Europe/Berlin",
         "Köln": "Europe/Berlin", "Leipzig": "Europe/Berlin", "Düsseldorf": "Europe/Berlin"},
        "Jürgen Sabine Lukas Leonie Björn Anke Finn Mia Günther Käthe Jonas Emma Sören Hannah",
        "Müller Schmidt Weiß Schäfer Groß Becker Krüger Hoffmann Zimmermann Jansen Schröder Köhler"),
    Country("GB", 11, "+4420555", "en-GB",
        {"London": "Europe/London", "Manchester": "Europe/London", "Glasgow": "Europe/London",
         "Leeds": "Europe/London", "Stoke-on-Trent": "Europe/London"},
        "Oliver Amelia Harry Isla Arthur Poppy Callum Freya Rhys Niamh Tariq Priya",
        "Jones Taylor Davies Evans Thomas MacDonald Hughes Campbell Patel Murphy Fraser Ahmed"),
    Country("FR", 9, "+331555", "fr",
        {"Paris": "Europe/Paris", "Lyon": "Europe/Paris", "Marseille": "Europe/Paris",
         "L'Haÿ-les-Roses": "Europe/Paris", "Nantes": "Europe/Paris"},
        "Jean Chloé Léa Françoise René Gaëlle Noël Hélène Mathis Inès Jean-Luc Océane",
        "Martin Lefèvre Dubois D'Artagnan Moreau L'Hôpital Garnier Faure Petit Benoît"),
    Country("BR", 8, "+5511555", "pt-BR",
        {"São Paulo": "America/Sao_Paulo", "Rio de Janeiro": "America/Sao_Paulo",
         "Brasília": "America/Sao_Paulo", "Manaus": "America/Manaus"},
        "João Maria Antônio Conceição Luís Márcia Thiago Juliana Beatriz Caetano",
        "Silva Santos Oliveira Gonçalves Araújo Pereira Conceição Lima Souza"),
    Country("IN", 8, "+9122555", "en-IN",
        {"Mumbai": "Asia/Kolkata", "Delhi": "Asia/Kolkata", "Bengaluru": "Asia/Kolkata",
         "Pune": "Asia/Kolkata"},
        "Rahul Priya Arjun Anjali Vijay Lakshmi Neha Sanjay Divya Suresh",
        "Sharma Patel Reddy Iyer Gupta Nair Mehta Singh Rao Das"),
    Country("JP", 5, "+813555", "ja",
        {"東京": "Asia/Tokyo", "大阪": "Asia/Tokyo", "札幌": "Asia/Tokyo"},
        "翔太 美咲 大輔 陽子 健一 さくら 拓也 由美", "佐藤 鈴木 高橋 田中 渡辺 山本 小林"),
    Country("PL", 4, "+4822555", "pl",
        {"Warszawa": "Europe/Warsaw", "Kraków": "Europe/Warsaw", "Łódź": "Europe/Warsaw"},
        "Łukasz Małgorzata Paweł Agnieszka Żaneta Piotr Zofia", "Kowalczyk Wójcik Dąbrowska Nowak Żółć"),
    Country("MX", 4, "+5255555", "es-MX",
        {"Ciudad de México": "America/Mexico_City", "Guadalajara": "America/Mexico_City"},
        "José Lucía Ángel Begoña Jesús Iñaki Ximena", "García Núñez Hernández Ibáñez Muñoz Peña"),
    Country("EG", 3, "+202555", "ar",
        {"القاهرة": "Africa/Cairo", "الإسكندرية": "Africa/Cairo"},
        "محمد فاطمة أحمد مريم يوسف عائشة", "حسن إبراهيم محمود السيد مصطفى"),
    Country("IL", 2, "+9723555", "he",
        {"תל אביב": "Asia/Jerusalem", "חיפה": "Asia/Jerusalem"}, "נועה דוד תמר איתי מאיה", "כהן לוי מזרחי פרץ"),
    Country("UA", 2, "+38044555", "uk",
        {"Київ": "Europe/Kyiv", "Львів": "Europe/Kyiv"}, "Олена Андрій Наталія Сергій", "Шевченко Коваль Мельник"),
    Country("KR", 2, "+822555", "ko",
        {"서울": "Asia/Seoul", "부산": "Asia/Seoul"}, "민준 서연 지훈 지우", "김 이 박 최 정"),
    Country("NZ", 2, "+649555", "en-NZ",
        {"Auckland": "Pacific/Auckland", "Wellington": "Pacific/Auckland"},
        "Aroha Wiremu Charlotte Hēmi Isla", "Ngata Wilson Parata Campbell"),
)  # fmt: skip

PLANS = {"free": 62, "starter": 22, "pro": 12, "enterprise": 4}
SEATS = {"free": (1, 1), "starter": (2, 10), "pro": (5, 200), "enterprise": (100, 5000)}
PRICE = {"free": 0.0, "starter": 9.0, "pro": 29.0, "enterprise": 19.5}
SOURCES = {"organic": 40, "ads": 22, "referral": 18, "partner": 9, "webinar": 6, "event": 5}
TAGS = {
    "newsletter": 30, "beta": 12, "mobile": 14, "vip": 5, "churn-risk": 7, "b2b": 10, "b2c": 10, "student": 4,
    "partner": 3, "early-adopter": 6, "nps-promoter": 6, "nps-detractor": 3, "do-not-call": 2, "webinar": 5,
    "très-important": 1, "support-heavy": 3, "reseller": 2, "nonprofit": 1,
}  # fmt: skip
TITLES = ("Engineer", "Designer", "Head of Sales", "Founder", "Student", "Teacher", "Nurse", "Product Manager",
    "Accountant", "Data Scientist", "Architect", "Editor", "Buyer", "Director of Operations")  # fmt: skip
INTERESTS = (
    "analytics",
    "automation",
    "security",
    "billing",
    "design",
    "mobile",
    "integrations",
    "reporting",
)
NOTES = (
    "Prefers e-mail over phone.", "Asked for an invoice, and for a quote on 12 seats.", "Came back after the webinar 🎉",
    "Wants SSO before the end of the quarter.", "Refund issued: 12,50 €", "مرحبا، العميل يطلب الاتصال غدا",
    "お客様から連絡あり", "Trial ended, followed up twice.", "Said “maybe next quarter”.", "שלום, הלקוח מבקש הדגמה",
    "Two lines:\nthe second one says that all is well.",
)  # fmt: skip

DEFINITIONS: tuple[dict[str, Any], ...] = (
    {"key": "plan", "label": "Plan", "type": "choice", "choices": list(PLANS)},
    {"key": "seats", "label": "Seats", "type": "integer", "minimum": 1, "indexed": True},
    {"key": "mrr", "label": "Monthly revenue", "type": "number", "minimum": 0,
     "description": "In US dollars, per month."},
    {"key": "signup_source", "label": "Signed up through", "type": "choice", "choices": list(SOURCES)},
    {"key": "trial", "label": "On trial", "type": "boolean"},
    {"key": "renews_on", "label": "Renews on", "type": "date"},
    {"key": "signed_up_at", "label": "Signed up", "type": "datetime"},
    {"key": "company", "label": "Company", "type": "text", "max_length": 120},
    {"key": "website", "label": "Website", "type": "url"},
    {"key": "interests", "label": "Interests", "type": "text_list", "max_elements": 50},
    {"key": "scores", "label": "Survey scores", "type": "number_list", "minimum": 0, "maximum": 10},
    {"key": "office", "label": "Office", "type": "geo"},
    {"key": "notes", "label": "Notes", "type": "text"},
)  # fmt: skip
