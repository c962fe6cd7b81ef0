"""The countries by name, for choices."""

from functools import cache
from operator import itemgetter

from babel import Locale

from profiles.schema import country_codes


@cache
def country_names() -> dict[str, str]:
    return dict(countries())


@cache
def countries() -> tuple[tuple[str, str], ...]:
    """(ISO 3166-1 code, English name), by name."""
    names = Locale("en").territories
    return tuple(sorted(((code, names.get(code, code)) for code in country_codes()), key=itemgetter(1)))
