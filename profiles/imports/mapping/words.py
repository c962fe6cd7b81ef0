"""Words for yes and no, and the names of countries, in the languages that files are often in."""

from collections.abc import Callable
from functools import cache
from typing import Any, Final

from babel import Locale

from profiles.schema import country_codes, shown

from .synonyms import plain
from .unfit import Unfit

WORDS: Final = {"yes_no": "ja, nein", "countries": "Germany, Allemagne"}
"""The vocabularies by name, each with an example."""

_YES: Final = frozenset("yes y true t on 1 ja j wahr oui o vrai si s verdadero vero sim tak prawda x".split())  # noqa: SIM905
_NO: Final = frozenset("no n false f off 0 nein falsch non faux falso nao nie falsz nee".split())  # noqa: SIM905
_LANGUAGES: Final = ("en", "de", "fr", "es", "it", "pt", "nl", "pl")
_OTHER_NAMES: Final = {
    "usa": "US",
    "unitedstatesofamerica": "US",
    "uk": "GB",
    "greatbritain": "GB",
    "england": "GB",
    "southkorea": "KR",
    "russia": "RU",
    "czechrepublic": "CZ",
    "holland": "NL",
}


def word_reader(vocabulary: str) -> Callable[[Any], Any]:
    return _read_yes_or_no if vocabulary == "yes_no" else _read_country


def _read_yes_or_no(raw: Any) -> Any:
    if not isinstance(raw, str):
        return raw
    word = plain(raw)
    if word not in _YES and word not in _NO:
        raise Unfit(f"{shown(raw)} is neither yes nor no.")
    return word in _YES


def _read_country(raw: Any) -> Any:
    text = raw.strip() if isinstance(raw, str) else ""
    if len(text) == 2 and text.isascii() and text.upper() in country_codes():
        return text.upper()
    code = _countries().get(plain(text))
    if not code:
        raise Unfit(f"{shown(raw)} is no country that is known here by this name.")
    return code


@cache
def _countries() -> dict[str, str]:
    """Codes by the plain form of names; the languages that come first win."""
    found = dict(_OTHER_NAMES)
    for language in _LANGUAGES:
        for code, name in Locale(language).territories.items():
            if code in country_codes():
                found.setdefault(plain(name), code)
    return found
