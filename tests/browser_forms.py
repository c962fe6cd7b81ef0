"""Forms as a browser reads and posts them, for tests that need no browser."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

_MOMENT = re.compile(r"(\d{4,}-\d\d-\d\dT\d\d:\d\d)(:\d\d(?:\.\d{1,3})?)?", re.ASCII)
_DATE = re.compile(r"\d{4,}-\d\d-\d\d", re.ASCII)


@dataclass
class PostedForm:
    """A form of a page: where it posts to and what, if nobody touches it."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[PostedForm] = []
        self.current: PostedForm | None = None
        self.text_of = ""
        self.text = ""
        self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.current = PostedForm(given.get("action", ""))
            self.forms.append(self.current)
        elif self.current is None:
            return
        elif tag == "input":
            self._input(given)
        elif tag == "textarea":
            self.text_of, self.text = given["name"], ""
        elif tag == "select":
            self.select = given["name"]
        elif (
            tag == "option"
            and self.select
            and ("selected" in given or self.select not in self.current.fields)
        ):
            self.current.fields[self.select] = _sent(given["value"])

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.current = None
        elif tag == "textarea" and self.current and self.text_of:
            self.current.fields[self.text_of] = _sent(self.text.removeprefix("\n"))
            self.text_of = ""
        elif tag == "select":
            self.select = ""

    def handle_data(self, data: str) -> None:
        if self.text_of:
            self.text += data

    def _input(self, given: dict[str, str]) -> None:
        assert self.current
        kind, value = given.get("type", "text"), given.get("value", "")
        if (
            "name" not in given
            or kind in ("submit", "button")
            or (kind in ("radio", "checkbox") and "checked" not in given)
        ):
            return
        if kind != "hidden":
            value = value.replace("\n", "").replace("\r", "")
        if kind == "date":
            value = value if _DATE.fullmatch(value) else ""
        if kind == "datetime-local":
            value = _shortest(value)
        self.current.fields[given["name"]] = _sent(value)


def _shortest(text: str) -> str:
    """A local date and time as its control gives it back."""
    found = _MOMENT.fullmatch(text)
    if not found:
        return ""
    seconds = found[2] or ""
    return found[1] + (
        "" if seconds.rstrip("0:.") == "" else seconds.rstrip("0").rstrip(".") if "." in seconds else seconds
    )


def _sent(text: str) -> str:
    return re.sub(r"\r\n|\r|\n", "\r\n", text)


def forms_of(html: str) -> list[PostedForm]:
    reader = _Reader()
    reader.feed(html.replace("\r\n", "\n").replace("\r", "\n"))
    reader.close()
    return reader.forms


def form_of(html: str, action_ends_with: str) -> PostedForm:
    return next(form for form in forms_of(html) if form.action.endswith(action_ends_with))
