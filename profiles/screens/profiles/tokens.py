"""Push tokens in a form: a row of controls for each, and the one text that all rows come to.

The text is what the rest of a form works with, as for every other property: a JSON list.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

_KEYS = {"token", "status"}
_NEW = "new"


def text_of_tokens(value: Any) -> str:
    """The text of a stored value; empty where it cannot be shown in rows and come back as it is."""
    is_list = isinstance(value, list) and bool(value)
    return _text(value) if is_list and all(map(_fits_a_row, value)) else ""


def tokens_in(text: str) -> list[dict[str, Any]] | None:
    """The tokens of such a text; None where it is another."""
    try:
        found = json.loads(text or "[]")
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, list) and all(map(_fits_a_row, found)) else None


def with_tokens(data: Any, paths: Iterable[str]) -> Any:
    """What was posted, with the text of the rows of each of these properties, if there are any."""
    texts = {path: _text(list(_posted(data, path))) for path in paths if f"{path}:{_NEW}:token" in data}
    if not texts:
        return data
    copy = data.copy()
    for path, text in texts.items():
        copy[path] = text
    return copy


def token_controls(name: str, label: str, text: str, attributes: SafeString) -> SafeString | None:
    """A row for each token of the text and one to add more; None where the text is none of tokens.

    `attributes` are those of the first control, which the label of the property is for.
    """
    tokens = tokens_in(text)
    if tokens is None:
        return None
    rows = format_html_join(
        "",
        '<li class="token-row">{}</li>',
        (
            (_row(f"{name}:{number}", f"{label} token {number + 1}", token, "" if number else attributes),)
            for number, token in enumerate(tokens)
        ),
    )
    listed = format_html('<ol class="token-rows">{}</ol>', rows) if tokens else ""
    return format_html(
        '<div class="tokens">{}{}</div>', listed, _adder(name, label, "" if tokens else attributes)
    )


def _text(tokens: list[dict[str, Any]]) -> str:
    return json.dumps(tokens, ensure_ascii=False, sort_keys=True) if tokens else ""


def _fits_a_row(item: Any) -> bool:
    """An empty text would be taken for none, and a browser drops line ends from a control of one line."""
    if not isinstance(item, dict) or not _KEYS <= item.keys() <= _KEYS | {"integration_id"}:
        return False
    is_status = type(item["status"]) is int and item["status"] in (0, 1)
    return is_status and all(
        isinstance(text, str) and text.strip() and "\n" not in text and "\r" not in text
        for text in (item["token"], item.get("integration_id", "none"))
    )


def _posted(data: Mapping[str, Any], path: str) -> Iterator[dict[str, Any]]:
    number = 0
    while f"{path}:{number}:token" in data:
        row = f"{path}:{number}"
        if f"{row}:remove" not in data and str(data[f"{row}:token"]).strip():
            yield _token(data, row, str(data[f"{row}:token"]))
        number += 1
    row = f"{path}:{_NEW}"
    for line in str(data[f"{row}:token"]).splitlines():
        if line.strip():
            yield _token(data, row, line.strip())


def _token(data: Mapping[str, Any], row: str, text: str) -> dict[str, Any]:
    integration = str(data.get(f"{row}:integration", ""))
    about = {"integration_id": integration} if integration.strip() else {}
    return {"token": text, "status": int(f"{row}:on" in data)} | about


def _row(row: str, label: str, token: Mapping[str, Any], attributes: SafeString | str) -> SafeString:
    return format_html(
        '<input class="form-control token-text" name="{}:token" value="{}" aria-label="{}" autocomplete="off"'
        ' spellcheck="false"{}>{}'
        '<label class="form-check token-remove"><input class="form-check-input" type="checkbox"'
        ' name="{}:remove" value="1"><span class="form-check-label">Remove</span></label>',
        row,
        token["token"],
        label,
        attributes,
        _settings(row, label, token.get("integration_id", ""), is_on=token["status"] == 1),
        row,
    )


def _adder(name: str, label: str, attributes: SafeString | str) -> SafeString:
    """Closed until somebody wants it; several tokens may be pasted at once."""
    row, title = f"{name}:{_NEW}", f"New {label} token"
    return format_html(
        '<details class="token-new"><summary>Add a token</summary><div class="token-row">'
        '<textarea class="form-control token-text" rows="1" name="{}:token" aria-label="{}"'
        ' placeholder="Token; several: one per line" autocomplete="off" spellcheck="false"{}>&#10;</textarea>'
        "{}</div></details>",
        row,
        title,
        attributes,
        _settings(row, title, "", is_on=True),
    )


def _settings(row: str, label: str, integration: str, *, is_on: bool) -> SafeString:
    return format_html(
        '<input class="form-control" name="{}:integration" value="{}" aria-label="Integration ID of {}"'
        ' placeholder="All integrations" title="Integration ID; empty: all integrations" autocomplete="off"'
        ' spellcheck="false">'
        '<label class="form-check form-switch"><input class="form-check-input" type="checkbox" name="{}:on"'
        ' value="1"{}><span class="form-check-label">On</span></label>',
        row,
        integration,
        label,
        row,
        mark_safe(" checked") if is_on else "",
    )
