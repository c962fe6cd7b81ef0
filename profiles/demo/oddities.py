"""Profiles such as real life sends them: right-to-left, emoji, very long, very empty, nearly markup."""

from collections.abc import Iterator
from typing import Any

LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"

_NAMES: tuple[dict[str, Any], ...] = (
    {"first_name": "عبد الرحمن", "last_name": "السيد-العربي", "city": "القاهرة", "country": "EG", "language": "ar"},
    {"first_name": "יוסף חיים", "last_name": "בן־דוד (Ben-David)", "city": "תל אביב", "country": "IL", "language": "he"},
    {"name": "مرحبا Hello 123 שלום", "language": "ar"},
    {"name": "👩‍👩‍👧‍👦 Family Plan 🏳️‍🌈", "custom.notes": "One emoji is made of eleven code points: 👩‍👩‍👧‍👦"},
    {"name": "🦄 🦄"},
    {"first_name": "Zoë\u0308", "last_name": "Mu\u0308ller", "custom.notes": "Written with combining marks."},
    {"name": "Zero\u200bWidth\u200bSpace"},
    {"first_name": "<b>Bold</b>", "last_name": "& <script>alert(1)</script>"},
    {"name": "Robert'); DROP TABLE profiles;--"},
    {"name": "{{ 7 * 7 }} {% now 'Y' %}"},
    {"first_name": "Null", "last_name": "None"},
    {"first_name": "=SUM(A1:A9)", "last_name": "+1", "custom.notes": "A spreadsheet would compute this."},
    {"name": "O'Brien-McDonald, \"Skip\" the 3rd"},
    {"name": "İstanbul ıIiİ ſß", "country": "TR", "city": "İstanbul", "language": "tr"},
    {"name": "W" * 255},
    {"name": f"{LONG_WORD} {LONG_WORD}"},
    {"name": "Ng."},
    {"first_name": "Wolfeschlegelsteinhausenbergerdorff", "last_name": "Hubert Blaine " * 10 + "Sr."},
    {"title": "Chief Executive Officer and President of the Board of the " + "Very " * 30 + "Large Company"},
    {"city": "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch", "country": "GB"},
    {"email": f"{'long.' * 12}name@{'sub.' * 20}example.com"},
    {"email": "o'neil+tag@example.com", "name": "Plus O'Neil"},
    {"email": "SHOUTING@EXAMPLE.COM", "name": "SHOUTING PERSON"},
    {"custom.notes": "Every word of this note matters. " * 250},
    {"custom.interests": [f"interest {number}" for number in range(50)]},
    {"custom.mrr": 123456789012.25, "custom.seats": 999_999_999, "custom.plan": "enterprise"},
    {"tags": ["vip", "🔥 hot", "très-important", "vielfach geprüft und für gut befunden von der Abteilung", "重要"]},
    {"birthday": "1900-01-01", "first_name": "Methusalem"},
    {"birthday": "2024-02-29", "first_name": "Leap"},
    {},
)  # fmt: skip

_DISTINCT_IDS = (
    "with spaces in it",
    "with/slashes/../and?query=1&x#fragment",
    "100%25 quoted \"twice\" and 'once'",
    "日本語のID",
    "معرف-١٢٣",
    "🦊-7",
    "UPPER-lower-Ünïcödé",
    "pаypal-with-a-cyrillic-a",
    "L" * 1024,
    "0",
)


def oddities() -> Iterator[dict[str, Any]]:
    """Rows as `people` yields them, without dates."""
    for number, values in enumerate(_NAMES):
        yield {"distinct_id": f"odd-{number}", "environment": "live", "values": dict(values)}
    for number, distinct_id in enumerate(_DISTINCT_IDS):
        yield {"distinct_id": distinct_id, "environment": "live", "values": {"name": f"Odd ID {number + 1}"}}
