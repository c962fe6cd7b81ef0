"""What a bulk action does to each profile: checked before it begins, and again when definitions changed."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from typing import Any, Final

from profiles.errors import Refused
from profiles.models import PropertyType, Status
from profiles.schema import Field, Schema, shown

from .rows import ProfileRow

# Whose values are texts, or lists of them: where find and replace makes sense.
TEXT_TYPES: Final = frozenset(
    {
        PropertyType.TEXT,
        PropertyType.CHOICE,
        PropertyType.EMAIL,
        PropertyType.PHONE,
        PropertyType.URL,
        PropertyType.COUNTRY,
        PropertyType.LANGUAGE,
        PropertyType.TIMEZONE,
        PropertyType.TEXT_LIST,
    }
)
LONGEST_SOUGHT: Final = 1_000
LONGEST_REPLACEMENT: Final = 10_000

Rewrite = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Change:
    """`words` say what happens, `parameters` keep it as JSON: `change_of` makes the same of them again.

    `rewrite` makes the new value of `property` from the old one, `values` and tags are for everybody alike.
    """

    verb: str
    words: str
    parameters: dict[str, Any] = field(default_factory=dict)
    property: Field | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    add_tags: Sequence[str] = ()
    remove_tags: Sequence[str] = ()
    rewrite: Rewrite | None = None

    def row(self, environment: str, distinct_id: str, old: Any = None) -> ProfileRow | None:
        """What to write to a profile; None where `rewrite` leaves its old value as it is."""
        values = self.values
        if self.rewrite and self.property:
            if (new := self.rewrite(old)) == old:
                return None
            values = {self.property.path: new}
        return ProfileRow(
            distinct_id, environment, values, add_tags=self.add_tags, remove_tags=self.remove_tags
        )


def change_of(verb: str, given: Mapping[str, Any], schema: Schema, *, zone: tzinfo = UTC) -> Change:
    """The change that `verb` and what was `given` for it mean; raises Refused where the schema forbids it.

    Given are, for tag and untag: `tags` (a list, or text with ; between them); for set: `path` and `value`;
    for clear: `path`; for replace: `path`, `find`, `replacement`, `is_case_sensitive`, `is_whole`.
    """
    return _MAKERS[verb](given, schema, zone)


def find_and_replace(find: str, replacement: str, *, is_case_sensitive: bool, is_whole: bool) -> Rewrite:
    """Plain text, no pattern. In a list each element is looked at, and those that become empty go."""
    pattern = re.compile(re.escape(find), 0 if is_case_sensitive else re.IGNORECASE)

    def new_text(old: str) -> str:
        if is_whole:
            return replacement if pattern.fullmatch(old) else old
        return pattern.sub(lambda match: replacement, old)

    def rewrite(old: Any) -> Any:
        if isinstance(old, str):
            return new_text(old)
        if isinstance(old, list) and all(isinstance(item, str) for item in old):
            new = [new_text(item) for item in old]
            return [item for item in new if item] if new != old else old
        return old

    return rewrite


def _tag(given: Mapping[str, Any], schema: Schema, zone: tzinfo) -> Change:
    names = _names(given, schema)
    return Change("tag", f"Give {_tags_in_words(names)}", {"tags": names}, add_tags=names)


def _untag(given: Mapping[str, Any], schema: Schema, zone: tzinfo) -> Change:
    names = _names(given, schema)
    return Change("untag", f"Take away {_tags_in_words(names)}", {"tags": names}, remove_tags=names)


def _disable(given: Mapping[str, Any], schema: Schema, zone: tzinfo) -> Change:
    return Change("disable", "Disable", values={"status": Status.DISABLED.value})


def _activate(given: Mapping[str, Any], schema: Schema, zone: tzinfo) -> Change:
    return Change("activate", "Activate", values={"status": Status.ACTIVE.value})


def _set(given: Mapping[str, Any], schema: Schema, zone: tzinfo) -> Change:
    target = _property(given, schema)
    found = schema.validate({target.path: given.get("value")}, zone=zone)
    if found.errors:
        raise Refused(" ".join(error.message for error in found.errors))
    value = found.values.get(target.path)
    if value is None:
        raise Refused(f"Give a value for {target.label}. To take it away, clear the property.")
    return Change(
        "set",
        f"Set {target.label} to {shown(value)}",
        {"path": target.path, "value": value},
        property=target,
        values={target.path: value},
    )


def _clear(given: Mapping[str, Any], schema: Schema, zone: tzinfo) -> Change:
    target = _property(given, schema)
    if target.required:
        raise Refused(f"{target.label} is required: it cannot be cleared.")
    return Change(
        "clear", f"Clear {target.label}", {"path": target.path}, property=target, values={target.path: None}
    )


def _replace(given: Mapping[str, Any], schema: Schema, zone: tzinfo) -> Change:
    target = _property(given, schema)
    if target.type not in TEXT_TYPES:
        raise Refused(f"{target.label} holds no text in which something could be found and replaced.")
    find, replacement = str(given.get("find", "")), str(given.get("replacement", ""))
    if not find:
        raise Refused("Say what to find.")
    if len(find) > LONGEST_SOUGHT or len(replacement) > LONGEST_REPLACEMENT:
        raise Refused(
            f"Up to {LONGEST_SOUGHT:,} characters can be found, and replaced by up to "
            f"{LONGEST_REPLACEMENT:,}."
        )
    if "\0" in find + replacement:
        raise Refused("NUL characters can neither be found nor stored.")
    how = {name: bool(given.get(name)) for name in ("is_case_sensitive", "is_whole")}
    return Change(
        "replace",
        f"Replace {shown(find)} by {shown(replacement)} in {target.label}",
        {"path": target.path, "find": find, "replacement": replacement, **how},
        property=target,
        rewrite=find_and_replace(find, replacement, **how),
    )


def _names(given: Mapping[str, Any], schema: Schema) -> list[str]:
    found = schema.validate({"tags": given.get("tags", [])})
    if not found.is_valid:
        raise Refused(" ".join(error.message for error in found.errors))
    names: list[str] = found.values["tags"]
    if not names:
        raise Refused("Name at least one tag.")
    return names


def _tags_in_words(names: Sequence[str]) -> str:
    return f"the {'tag' if len(names) == 1 else 'tags'} {', '.join(names)}"


def _property(given: Mapping[str, Any], schema: Schema) -> Field:
    path = str(given.get("path", ""))
    if target := schema.fields.get(path):
        return target
    if path in schema.archived:
        raise Refused(f"{schema.archived[path]} is archived: it takes no changes.")
    raise Refused(f"There is no property “{path[:120]}”." if path else "Choose a property.")


_MAKERS: Final[Mapping[str, Callable[[Mapping[str, Any], Schema, tzinfo], Change]]] = {
    "tag": _tag,
    "untag": _untag,
    "disable": _disable,
    "activate": _activate,
    "set": _set,
    "clear": _clear,
    "replace": _replace,
}
