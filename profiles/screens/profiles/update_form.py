"""The form of the Overview tab: knows what the operator saw, so that nothing is overwritten unseen."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.safestring import SafeString

from profiles.models import ProfileChange, PropertyType
from profiles.schema import Field, Schema, timezones

from .forms import PropertyForm
from .texts import is_untouched, shown_text
from .tokens import with_tokens


@dataclass(frozen=True, slots=True)
class Conflict:
    """What somebody else has made of a property that the operator changed too."""

    theirs: SafeString
    who: str
    change: ProfileChange | None


class UpdateForm(PropertyForm):
    """All properties of one profile; `values` are the fields that the operator touched, validated.

    The page sends along `seen`, the values it showed, and `last_change`, the newest change it knew of.
    What comes back as it was shown is untouched and never written.
    """

    values: dict[str, Any]

    def __init__(
        self,
        stored: Mapping[str, Any],
        schema: Schema,
        *,
        zone: ZoneInfo,
        last_change: int = 0,
        data: QueryDict | None = None,
    ) -> None:
        super().__init__(schema, zone=_zone(data, zone), data=data, auto_id=False)
        self.stored = stored
        self.values = {}
        self.typed: dict[str, str] = {}
        self.meanwhile: list[str] = []
        self.last_change = _number(data.get("last_change", "")) if data is not None else last_change
        self.seen = _object(data.get("seen", "")) if data is not None else self._shown_values()
        self.data = with_tokens(self.data, self.seen or ())
        if data is None:
            self.initial = {path: self._shown(path, stored.get(path)) for path in self.inputs}

    @property
    def seen_json(self) -> str:
        return json.dumps(self.seen, separators=(",", ":"))

    @property
    def expected(self) -> dict[str, Any]:
        """What the operator saw of the properties that are to be written."""
        return {path: (self.seen or {}).get(path) for path in self.values}

    def clean(self) -> None:
        if self.seen is None:
            self.add_error(None, "The form came back damaged. Reload the page and try again.")
            return
        self.typed = {path: self.posted(path) for path in self.inputs if self._is_touched(path)}
        validated = self.judge(self.raw(self.typed) | self._typed_into_vanished())
        for path in validated.unknown:
            self.add_error(
                None, f"There is no property “{path}” any more; “{self.posted(path)}” is not saved."
            )
        self.values = {
            path: value
            for path, value in validated.values.items()
            if value != self.seen.get(path)
            or isinstance(value, bool) is not isinstance(self.seen.get(path), bool)
        }
        self._check_rules()
        for path in self.undecided:
            self.add_error(path, "Choose which value to keep.")

    @property
    def undecided(self) -> list[str]:
        """Properties whose conflict was shown and not answered."""
        return [
            path
            for path in self.inputs
            if f"contested.{path}" in self.data and self.data.get(f"choice.{path}") not in ("theirs", "mine")
        ]

    @property
    def decided(self) -> set[str]:
        """Properties whose conflict was shown and answered, and whose value is still the one shown."""
        return {
            path
            for path in self.inputs
            if f"contested.{path}" in self.data and (self.seen or {}).get(path) == self.stored.get(path)
        } - set(self.undecided)

    @property
    def contested(self) -> list[BoundField]:
        """The fields where two people disagree."""
        return [self[path] for path, field in self.inputs.items() if field.conflict]

    def renew(self, conflicts: Mapping[str, Conflict]) -> None:
        """Before the form is shown again: what is stored by now, but for what the operator typed."""
        renewed = QueryDict(mutable=True)
        for path, field in self.inputs.items():
            now = self.stored.get(path)
            renewed[path] = self.typed[path] if path in self.typed else self._shown(path, now)
            if path in conflicts or path not in self.typed:
                self.seen = (self.seen or {}) | {path: now}
            field.conflict = conflicts.get(path)
        self.data = renewed

    def _shown_values(self) -> dict[str, Any]:
        return {path: self.stored.get(path) for path in self.inputs}

    def _shown(self, path: str, value: Any) -> str:
        return shown_text(self._field(path), value, self.zone)

    def _field(self, path: str) -> Field:
        return self.inputs[path].property

    def _is_touched(self, path: str) -> bool:
        if path not in self.data or self.data.get(f"choice.{path}") == "theirs":
            return False
        shown = self._shown(path, (self.seen or {}).get(path))
        return not is_untouched(self._field(path), shown=shown, posted=self.posted(path))

    def _typed_into_vanished(self) -> dict[str, str]:
        """What was changed in properties that were archived after the page was opened.

        Their type is no longer at hand, so a text counts as untouched that any type would have shown.
        """
        gone = [path for path in self.seen or {} if self.schema.field(path) is None and path in self.data]
        return {path: self.posted(path) for path in gone if not self._might_be_untouched(path)}

    def _might_be_untouched(self, path: str) -> bool:
        value, posted = (self.seen or {})[path], self.posted(path)
        text = Field(path, "custom", path, path, PropertyType.TEXT)
        fields = (replace(text, type=type) for type in PropertyType)
        return any(
            is_untouched(field, shown=shown_text(field, value, self.zone), posted=posted) for field in fields
        )

    def _starred(self) -> list[Field]:
        """None where the distinct ID is one of them: whoever is stored has one."""
        return [] if "distinct_id" in self.schema.starred else super()._starred()

    def _check_rules(self) -> None:
        cleared = {path for path, value in self.values.items() if value is None}
        for path in self.schema.required & cleared:
            self.add_error(path, f"{self._field(path).label} is required.")
        starred = self.schema.starred
        if not starred & cleared or "distinct_id" in starred:
            return
        if not starred & (dict(self.stored) | self.values).keys() - cleared:
            self.add_error(min(starred & cleared), self.star_rule)


def _zone(data: QueryDict | None, zone: ZoneInfo) -> ZoneInfo:
    """The zone that the page was shown in, should the operator's have changed meanwhile."""
    name = data.get("zone", "") if data is not None else ""
    return ZoneInfo(timezones()[name.lower()]) if name and name.lower() in timezones() else zone


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _object(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
