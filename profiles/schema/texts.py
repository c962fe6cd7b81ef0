"""Text and everything that is written as text: choices, addresses, codes."""

import re
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any
from zoneinfo import available_timezones

from babel import Locale
from django.core.exceptions import ValidationError as InvalidAddress
from django.core.validators import validate_email
from pydantic_core import CoreSchema, SchemaError, SchemaValidator, ValidationError
from pydantic_core.core_schema import (
    chain_schema,
    literal_schema,
    no_info_plain_validator_function,
    str_schema,
    union_schema,
    url_schema,
)

from .fields import TEXT_CAP, Field
from .refusals import refusal

STORABLE = r"^[^\x00]*$"
PRINTABLE = r"^[^\x00-\x1f\x7f-\x9f]*$"
"""Patterns in the syntax of Rust's `regex`, which runs in linear time whatever the text."""

_EMAIL = (
    r"^[A-Za-z0-9_+-]+(\.[A-Za-z0-9_+-]+)*"
    r"@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}$"
)
"""The usual shapes; `read_email` decides on the others."""

_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")
_PHONE_PUNCTUATION = re.compile(r"[\s().\-‐-―/]")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_URL = re.compile(r"https?://[^\s\x00-\x1f\x7f]+", re.IGNORECASE)
_URL_PARTS = SchemaValidator(url_schema(max_length=2048, allowed_schemes=["http", "https"]))
_NOT_COUNTRIES = {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}
"""Codes that Babel knows for regions, for tests and for "unknown"."""


def text_schema(field: Field) -> CoreSchema:
    return _or_number(plain_text_schema(field, cap=TEXT_CAP))


def plain_text_schema(field: Field, *, cap: int) -> CoreSchema:
    """Text of a property's length and pattern, exactly as it came."""
    rules = str_schema(
        strict=True, min_length=field.min_length, max_length=field.max_length or cap, pattern=STORABLE
    )
    return with_pattern(rules, field)


def distinct_id_schema(field: Field) -> CoreSchema:
    rules = str_schema(
        strict=True, strip_whitespace=True, min_length=1, max_length=field.max_length, pattern=PRINTABLE
    )
    return _or_number(rules)


def choice_schema(field: Field) -> CoreSchema:
    choices = literal_schema(list(field.choices) or [""])
    return union_schema([choices, chain_schema([_plain(trimmed), choices])], mode="left_to_right")


def email_schema(field: Field) -> CoreSchema:
    usual = str_schema(strict=True, max_length=254, pattern=_EMAIL)
    return with_pattern(_first(usual, read_email), field)


def phone_schema(_: Field) -> CoreSchema:
    return _first(str_schema(strict=True, pattern=r"^\+[1-9][0-9]{6,14}$"), read_phone)


def url_schema_of(field: Field) -> CoreSchema:
    return with_pattern(_plain(read_url), field)


def country_schema(_: Field) -> CoreSchema:
    return _first(literal_schema(sorted(country_codes())), read_country)


def language_schema(_: Field) -> CoreSchema:
    return _first(str_schema(strict=True, pattern=r"^[a-z]{2}(-[A-Z]{2})?$"), read_language)


def timezone_schema(_: Field) -> CoreSchema:
    return _first(literal_schema(sorted(timezones().values())), read_timezone)


def with_pattern(schema: CoreSchema, field: Field) -> CoreSchema:
    """`schema`, and then the pattern of the property, which the whole text has to match."""
    return chain_schema([schema, _full_match(field.pattern)]) if field.pattern else schema


def pattern_problem(pattern: str) -> str:
    """Why this cannot be the pattern of a property; empty where it can."""
    if "\0" in pattern or not _is_unicode(pattern):
        return "it has characters that cannot be stored"
    try:
        SchemaValidator(_full_match(pattern))
    except SchemaError as error:
        return str(error).strip().splitlines()[-1].removeprefix("error: ")
    return ""


def _is_unicode(text: str) -> bool:
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


def _full_match(pattern: str) -> CoreSchema:
    return str_schema(strict=True, pattern=rf"\A(?:{pattern})\z")


def _plain(read: Callable[[Any], Any]) -> CoreSchema:
    return no_info_plain_validator_function(read)


def _first(usual: CoreSchema, read: Callable[[Any], Any]) -> CoreSchema:
    """`usual` in Rust for values in their normal form, `read` in Python for all others."""
    return union_schema([usual, _plain(read)], mode="left_to_right")


def _or_number(schema: CoreSchema) -> CoreSchema:
    """`schema`, which also takes a number, as its digits."""
    return union_schema([schema, chain_schema([_plain(as_text), schema])], mode="left_to_right")


def as_text(raw: Any) -> str:
    """Text as it is, a number as its digits."""
    if isinstance(raw, str):
        return raw
    if isinstance(raw, (int, float)) and not isinstance(raw, bool) and abs(raw) < 2**64:
        return str(raw)
    raise refusal("type", "must be text")


def trimmed(raw: Any) -> str:
    return as_text(raw).strip()


def read_email(raw: Any) -> str:
    """Django's rules, and letters of any script before the @ (RFC 6531)."""
    address = trimmed(raw)
    if len(address) > 254:
        raise refusal("length", "may have at most 254 characters", f"has {len(address):,}")
    local, at, domain = address.rpartition("@")
    try:
        validate_email("".join(map(_in_ascii, local)) + at + domain)
    except InvalidAddress:
        raise refusal("type", "must be an e-mail address like ana@example.com") from None
    return address


def _in_ascii(character: str) -> str:
    """A letter for letters, the vowel signs of Indian scripts, and digits beyond ASCII."""
    return "x" if character > "\x7f" and unicodedata.category(character)[0] in "LMN" else character


def read_phone(raw: Any) -> str:
    """E.164: plus, country code, number; at most 15 digits."""
    number = _PHONE_PUNCTUATION.sub("", trimmed(raw))
    if number.startswith("00"):
        number = f"+{number[2:]}"
    if not _PHONE.fullmatch(number):
        raise refusal("type", "must be a phone number with its country code, like +49 30 123456")
    return number


def read_url(raw: Any) -> str:
    address = trimmed(raw)
    if len(address) > 2048:
        raise refusal("length", "may have at most 2048 characters", f"has {len(address):,}")
    try:
        if _URL.fullmatch(address):
            _URL_PARTS.validate_python(address)
            return address
    except ValidationError:
        pass
    raise refusal("type", "must be a web address that starts with http:// or https://")


def read_country(raw: Any) -> str:
    text = trimmed(raw)
    if not text.isascii() or text.upper() not in country_codes():  # "ß".upper() would be South Sudan.
        raise refusal("type", "must be a country as its two letters, like DE")
    return text.upper()


def read_language(raw: Any) -> str:
    text = trimmed(raw)
    if len(text) > 35 or not _LANGUAGE.fullmatch(text):
        raise refusal("type", "must be a language code like en or pt-BR")
    return _normal_language(text)


@lru_cache(maxsize=1024)
def _normal_language(text: str) -> str:
    """BCP 47's usual case: `zh-Hant-TW`."""
    first, *others = text.replace("_", "-").split("-")
    return "-".join([first.lower(), *map(_normal_subtag, others)])


def _normal_subtag(subtag: str) -> str:
    if len(subtag) == 4 and subtag.isalpha():
        return subtag.title()
    return subtag.upper() if len(subtag) == 2 else subtag.lower()


def read_timezone(raw: Any) -> str:
    name = timezones().get(trimmed(raw).lower())
    if name is None:
        raise refusal("type", "must be a time zone of the IANA list, like Europe/Berlin")
    return name


@cache
def country_codes() -> frozenset[str]:
    regions = map(str, Locale("en").territories)
    return frozenset(code for code in regions if len(code) == 2 and code.isalpha()) - _NOT_COUNTRIES


@cache
def timezones() -> dict[str, str]:
    """Every zone's name by its lower-case form."""
    return {name.lower(): name for name in available_timezones()}
