"""Lists of texts, numbers and push tokens, and tags: unique elements in the order they came."""

import json
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from pydantic_core import CoreSchema
from pydantic_core.core_schema import chain_schema, list_schema, no_info_plain_validator_function

from profiles.models import MAX_TAG_LENGTH, MAX_TAGS

from .fields import ELEMENTS_CAP, ITEM_CAP, Field
from .numbers import number_schema
from .refusals import refusal, shown
from .texts import as_text, plain_text_schema

_SEPARATOR = re.compile(r"[;\r\n]")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_TOKEN_KEYS = {"token", "integration_id", "status"}
TOKENS_CAP = 100
LONGEST_TOKEN = 4_096


def text_list_schema(field: Field) -> CoreSchema:
    item = chain_schema([_plain(as_text), plain_text_schema(field, cap=ITEM_CAP)])
    return _list_of(item, field)


def number_list_schema(field: Field) -> CoreSchema:
    return _list_of(number_schema(field), field)


def tags_schema(_: Field) -> CoreSchema:
    return _plain(read_tags)


def tokens_schema(field: Field) -> CoreSchema:
    most = most_tokens(field)

    def read_tokens(raw: Any) -> list[dict[str, Any]]:
        tokens = [_token(element) for element in _elements(_parsed(raw))]
        unique = {token_key(token): token for token in tokens}
        return _at_most(most, list(unique.values()))

    return _plain(read_tokens)


def most_tokens(field: Field) -> int:
    return field.max_elements or TOKENS_CAP


def token_key(token: Mapping[str, Any]) -> tuple[str, str | None]:
    """What makes it the same token."""
    return token["token"], token.get("integration_id")


def _list_of(item: CoreSchema, field: Field) -> CoreSchema:
    most = field.max_elements or ELEMENTS_CAP
    unique = _plain(lambda items: _at_most(most, list(dict.fromkeys(items))))
    return chain_schema([_plain(_elements), list_schema(item, fail_fast=True), unique])


def _plain(read: Callable[[Any], Any]) -> CoreSchema:
    return no_info_plain_validator_function(read)


def _elements(raw: Any) -> list[Any]:
    """The elements of a list, or of a text in which `;` or a line end stands between them; no empty ones.

    A text may also be a list of JSON: so an export writes elements with a `;` or a line end of their own.
    """
    if isinstance(raw, str):
        raw = list_of_json(raw) or map(str.strip, _SEPARATOR.split(raw))
    elif not isinstance(raw, (list, tuple)):
        raise refusal("type", "must be a list, or text with ; between the elements")
    return [element for element in raw if element is not None and element != ""]


def list_of_json(text: str) -> list[Any]:
    """The elements of a list that is written as JSON; none where the text is no such list."""
    if not text.lstrip().startswith("["):
        return []
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return []
    return found if isinstance(found, list) else []


def _at_most(most: int, elements: list[Any]) -> list[Any]:
    if len(elements) > most:
        raise refusal("elements", f"may have at most {most:,} elements", f"has {len(elements):,}")
    return elements


def read_tags(raw: Any) -> list[str]:
    """Trimmed, unique whatever the case, the first spelling kept (contracts 8.8)."""
    return list(_tags_of_text(raw)) if type(raw) is str and len(raw) < 500 else _tags(_elements(raw))


@lru_cache(maxsize=8192)
def _tags_of_text(text: str) -> tuple[str, ...]:
    return tuple(_tags(_elements(text)))


def _tags(elements: list[Any]) -> list[str]:
    unique: dict[str, str] = {}
    for name in map(_tag, elements):
        unique.setdefault(name.lower(), name)
    unique.pop("", None)
    return _at_most(MAX_TAGS, list(unique.values()))


def _tag(raw: Any) -> str:
    name = as_text(raw).strip()
    if ";" in name or _UNPRINTABLE.search(name):
        raise refusal("characters", "may not contain ; or control characters", f"has {shown(name)}")
    if len(name) > MAX_TAG_LENGTH:
        raise refusal("length", f"may have at most {MAX_TAG_LENGTH} characters each", f"has “{name[:20]}…”")
    return name


def _parsed(raw: Any) -> Any:
    """Tokens may come as the JSON text that an export writes."""
    if isinstance(raw, str) and raw.lstrip().startswith(("[", "{")):
        try:
            raw = json.loads(raw)
        except (ValueError, RecursionError):
            raise refusal("type", "must be tokens with ; between them, or a JSON list") from None
    return [raw] if isinstance(raw, dict) else raw


def _token(element: Any) -> dict[str, Any]:
    """`{token, integration_id?, status}`; the status is 1 where none is given (contracts 1b)."""
    given = element if isinstance(element, dict) else {"token": element}
    if not given.keys() <= _TOKEN_KEYS:
        raise refusal("type", "must be a list of token, integration_id and status")
    token = {"token": _token_text(given.get("token"))}
    if given.get("integration_id"):
        token["integration_id"] = _token_text(given["integration_id"])
    status = given.get("status")
    if status not in (None, 0, 1):
        raise refusal("type", "must have a status of 1 or 0 for each token")
    return token | {"status": 1 if status is None else int(status)}


def _token_text(raw: Any) -> str:
    text = as_text(raw).strip()
    if not 0 < len(text) <= LONGEST_TOKEN or _UNPRINTABLE.search(text):
        raise refusal("type", f"must be tokens of 1 to {LONGEST_TOKEN:,} printable characters")
    return text
