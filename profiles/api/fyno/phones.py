"""Phone numbers as Fyno takes and gives them; stored they are E.164, as everywhere."""

import re
from functools import lru_cache
from typing import Any, Final

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat

_DIGITS: Final = re.compile(r"[1-9][0-9 ().-]{6,24}")


def with_plus(raw: Any) -> Any:
    """A number that begins with its country code but lacks the plus gets it; all else stays as it is.

    Only one that exists in the numbering plan of that country counts: the code is not guessed.
    """
    if not isinstance(raw, str) or not _DIGITS.fullmatch(text := raw.strip()):
        return raw
    number = _parsed(f"+{text}")
    return f"+{text}" if number and phonenumbers.is_valid_number(number) else raw


@lru_cache(maxsize=4096)
def spaced(phone: str) -> str:
    """`+91 98791 23456`, grouped as its country does."""
    number = _parsed(phone)
    if number is None:
        return phone
    return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL).replace("-", " ")


@lru_cache(maxsize=4096)
def country_of(phone: str) -> str | None:
    """The two letters of the country that the number is of."""
    number = _parsed(phone)
    return phonenumbers.region_code_for_number(number) if number else None


def _parsed(phone: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(phone)
    except NumberParseException:
        return None
