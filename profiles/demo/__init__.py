"""The people of the demo workspace, made up: the same count, seed and day give the same people.

None of them exists: the mail domains are reserved for examples, and the phone numbers are invented.
"""

import random
import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from . import world
from .oddities import oddities

DAYS = 730
DEFINITIONS = world.DEFINITIONS


def people(count: int, *, seed: int = 1, until: date) -> Iterator[dict[str, Any]]:
    """`count` rows with the keys distinct_id, environment, created_at and values (by path).

    They came in the two years before the day `until`, more of them late; a few dozen are odd.
    """
    rng = random.Random(seed)
    midnight = datetime.combine(until, time(), tzinfo=UTC)
    odd = dict(zip(rng.sample(range(count), k=min(count, 40)), oddities(), strict=False))
    for number in range(count):
        person = odd.get(number) or _person(rng, number)
        # A root below one half crowds the days towards the end.
        created = midnight - timedelta(days=DAYS * (1 - ((number + rng.random()) / count) ** 0.6))
        person["created_at"] = created.replace(microsecond=0)
        person["values"] |= _dates(rng, person["created_at"], midnight)
        yield person


def upgrade(person: Mapping[str, Any]) -> dict[str, Any] | None:
    """What changes about somebody whose trial ends well, so that histories have more than a beginning."""
    is_won = person["values"].get("custom.trial") and person["created_at"].day == 1
    return (
        {"custom.trial": False, "custom.plan": "starter", "custom.seats": 2, "custom.mrr": 18}
        if is_won
        else None
    )


def _person(rng: random.Random, number: int) -> dict[str, Any]:
    (country,) = rng.choices(world.COUNTRIES, [country.weight for country in world.COUNTRIES])
    first, last = rng.choice(country.first.split()), rng.choice(country.last.split())
    login = ".".join(filter(None, (_ascii(first), _ascii(last)))) or country.code.lower()
    email = f"{login}{number % 997 or ''}@{rng.choice(world.DOMAINS)}"
    values = {
        "first_name": first,
        "last_name": last,
        "email": email if rng.random() < 0.97 else "",
        "phone": f"{country.dial}{rng.randrange(10**5):05d}" if rng.random() < 0.8 else "",
        "country": country.code,
        "language": country.language,
        "gender": rng.choice(("female", "male", "", "")),
        "title": rng.choice(world.TITLES) if rng.random() < 0.5 else "",
        "birthday": _birthday(rng) if rng.random() < 0.7 else None,
        "status": "disabled" if rng.random() < 0.04 else "active",
        "tags": _tags(rng),
        **_place(rng, country),
        **_channels(rng, number),
        **_custom(rng, country),
    }
    return {
        "distinct_id": _distinct_id(rng, number, email),
        "environment": "test" if rng.random() < 0.02 else "live",
        "values": {path: value for path, value in values.items() if value not in (None, "", [])},
    }


def _weighted(rng: random.Random, weights: Mapping[str, int]) -> str:
    return rng.choices(list(weights), list(weights.values()))[0]


def _ascii(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.lower().replace("ß", "ss").replace("ł", "l"))
    return re.sub(r"[^a-z]", "", plain)


def _birthday(rng: random.Random) -> str:
    return (date(1945, 1, 1) + timedelta(days=rng.randrange(365 * 62))).isoformat()


def _tags(rng: random.Random) -> list[str]:
    size = rng.choice((0, 0, 1, 1, 2, 3))
    return list(dict.fromkeys(_weighted(rng, world.TAGS) for _ in range(size)))


def _place(rng: random.Random, country: world.Country) -> dict[str, Any]:
    cities = list(country.cities)
    city = cities[min(int(rng.expovariate(0.8)), len(cities) - 1)]
    return {"city": city, "timezone": country.cities[city]}


def _channels(rng: random.Random, number: int) -> dict[str, Any]:
    channels: dict[str, Any] = {}
    if rng.random() < 0.25:
        channels["channel.slack"] = f"U{number:08d}"
    if rng.random() < 0.3:
        channels["channel.push"] = [f"token-{rng.getrandbits(64):016x}" for _ in range(rng.randint(1, 3))]
    return channels


def _custom(rng: random.Random, country: world.Country) -> dict[str, Any]:
    plan = _weighted(rng, world.PLANS)
    seats = rng.randint(*world.SEATS[plan])
    company = f"{rng.choice(country.last.split())} {rng.choice(('Ltd', 'GmbH', 'SA', 'Inc', '& Co'))}"
    is_business = plan != "free"
    return {
        "custom.plan": plan,
        "custom.seats": seats,
        "custom.mrr": _whole(round(seats * world.PRICE[plan], 2)),
        "custom.signup_source": _weighted(rng, world.SOURCES),
        "custom.trial": not is_business and rng.random() < 0.3,
        "custom.company": company if is_business else "",
        "custom.website": f"https://{_ascii(company) or 'company'}.example" if is_business else "",
        "custom.interests": rng.sample(world.INTERESTS, k=rng.choice((0, 0, 1, 2, 3))),
        "custom.scores": [rng.randint(0, 10) for _ in range(rng.choice((0, 0, 0, 2, 3)))],
        "custom.office": _office(rng) if plan == "enterprise" else None,
        "custom.notes": rng.choice(world.NOTES) if rng.random() < 0.25 else "",
    }


def _whole(number: float) -> float | int:
    return int(number) if number.is_integer() else number


def _office(rng: random.Random) -> dict[str, float]:
    return {"lat": round(rng.uniform(-50, 65), 4), "lon": round(rng.uniform(-120, 150), 4)}


def _dates(rng: random.Random, created: datetime, until: datetime) -> dict[str, Any]:
    """What depends on when the profile came: signed up then, seen since, renewing at some time."""
    dates: dict[str, Any] = {"custom.signed_up_at": created.isoformat()}
    if rng.random() < 0.85:
        seen = created + (until - created) * rng.random() ** 0.3
        dates["last_seen_at"] = seen.replace(microsecond=0).isoformat()
    if rng.random() < 0.3:
        dates["custom.renews_on"] = (until.date() + timedelta(days=rng.randrange(365))).isoformat()
    return dates


def _distinct_id(rng: random.Random, number: int, email: str) -> str:
    """As applications make them: half UUIDs, some of a counter, some of an e-mail address."""
    kind = rng.random()
    if kind < 0.5:
        return str(UUID(int=rng.getrandbits(128), version=4))
    return f"user-{number + 1}" if kind < 0.8 else f"{number + 1}+{email}"
