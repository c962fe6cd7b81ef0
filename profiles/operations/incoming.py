"""What applications send: raw values by path, made fit to be written, whatever the protocol.

Imports have a path of their own (operations/imports), because a file is understood as a whole.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC
from itertools import islice
from typing import Any, Final

from profiles.models import (
    Actor,
    PropertyDefinition,
    PropertyKind,
    PropertyType,
    UnknownKeys,
    Workspace,
    label_of_key,
)
from profiles.schema import ELEMENTS_CAP, Schema, guess_type, schema_of

from .properties import MOST_CUSTOM, TOO_MANY, register_what_fits, what_fits
from .rows import Step

CUSTOM: Final = "custom."
# Of so many unknown keys at once, the type is guessed: more than a workspace takes, but for unfit ones.
_MOST_NEW: Final = 4 * MOST_CUSTOM


@dataclass(slots=True)
class Incoming:
    """Raw JSON values by path (`email`, `custom.plan`, `channel.sms`, `tags`); None clears."""

    values: Mapping[str, Any] = field(default_factory=dict)
    steps: Sequence[Step] = ()


@dataclass(slots=True)
class Understood:
    """What can be written of it, and why the rest cannot: path to a sentence."""

    values: dict[str, Any] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    problems: dict[str, str] = field(default_factory=dict)


def understand(
    workspace: Workspace, records: Sequence[Incoming], *, actor: Actor | None, dry: bool = False
) -> list[Understood]:
    """Validate records of applications, in order; one result each.

    Custom keys that nobody has defined are registered with the type of their first value, or are a problem,
    as the workspace chooses; not where `dry`, which writes nothing. Times without an offset are UTC.
    """
    schema = schema_of(workspace)
    problems: dict[str, str] = {}
    if unknown := _unknown_in(records, schema):
        if any(path != _trimmed(path) for path in unknown):
            return understand(workspace, [_without_blanks(each) for each in records], actor=actor, dry=dry)
        schema, problems = _learn(workspace, unknown, actor, dry=dry)
    validated = schema.validate_many([record.values for record in records], zone=UTC)
    found = []
    for record, row in zip(records, validated, strict=True):
        understood = Understood(row.values, [], {error.path: error.message for error in row.errors})
        understood.problems |= {path: problems.get(path) or _no_property(path) for path in row.unknown}
        for step in record.steps:
            _understand_step(step, schema, problems, understood)
        found.append(understood)
    return found


def _without_blanks(record: Incoming) -> Incoming:
    """Blanks around a custom key mean nothing, as it is defined without them."""
    values = {_trimmed(path): value for path, value in record.values.items()}
    return Incoming(values, [replace(step, path=_trimmed(step.path)) for step in record.steps])


def _trimmed(path: str) -> str:
    key = path.removeprefix(CUSTOM)
    return path if key == path else f"{CUSTOM}{key.strip()}"


def _understand_step(step: Step, schema: Schema, problems: Mapping[str, str], into: Understood) -> None:
    """The value of a step that replaces or sets; elements and amounts are judged with what they come to."""
    if schema.field(step.path) is None:
        archived = schema.archived.get(step.path)
        into.problems[step.path] = (
            f"{archived} is archived and takes no values."
            if archived
            else problems.get(step.path) or _no_property(step.path)
        )
    elif step.deed == "add":
        into.steps.append(step)
    else:
        is_list = isinstance(step.value, list) or not getattr(schema.field(step.path), "is_list", False)
        row = schema.validate({step.path: step.value if is_list else [step.value]}, zone=UTC)
        if row.errors:
            into.problems[step.path] = row.errors[0].message
        elif step.path in row.values:
            into.steps.append(replace(step, value=row.values[step.path]))


def _unknown_in(records: Iterable[Incoming], schema: Schema) -> dict[str, list[Any]]:
    """Values of the custom keys that are neither defined nor archived, by path, in their order."""
    found: dict[str, list[Any]] = {}
    for record in records:
        for path, value in record.values.items():
            if _is_new(path, schema) and value is not None:
                found.setdefault(path, []).append(value)
        for step in record.steps:
            if _is_new(step.path, schema) and step.deed != "remove":
                found.setdefault(step.path, []).append(_first_of(step))
    return found


def _is_new(path: str, schema: Schema) -> bool:
    return schema.field(path) is None and path.startswith(CUSTOM) and path not in schema.archived


def _first_of(step: Step) -> Any:
    """What an unset property holds when the step is taken."""
    return [step.value] if step.deed == "append" and not isinstance(step.value, list) else step.value


def _learn(
    workspace: Workspace, unknown: Mapping[str, list[Any]], actor: Actor | None, *, dry: bool
) -> tuple[Schema, dict[str, str]]:
    """The schema with the new properties, and why those that are not in it cannot be."""
    if workspace.unknown_keys == UnknownKeys.REFUSE:
        return schema_of(workspace), {
            path: f"There is no property “{path.removeprefix(CUSTOM)}”, and the workspace makes none."
            for path in unknown
        }
    problems = dict.fromkeys(islice(unknown, _MOST_NEW, None), TOO_MANY)
    first = islice(unknown.items(), _MOST_NEW)
    new = [_definition(workspace, path, values[0]) for path, values in first]
    if dry:
        fitting, unfit = what_fits(workspace, new)
        return Schema([*workspace.property_definitions.in_order(), *fitting]), problems | unfit
    problems |= register_what_fits(workspace, new, actor=actor)
    # Another request may have registered them meanwhile.
    workspace.refresh_from_db(fields=["schema_version"])
    return schema_of(workspace), problems


def _definition(workspace: Workspace, path: str, value: Any) -> PropertyDefinition:
    key = path.removeprefix(CUSTOM)
    return PropertyDefinition(
        workspace=workspace,
        kind=PropertyKind.CUSTOM,
        key=key,
        label=label_of_key(key),
        type=type_of(value),
    )


def type_of(value: Any) -> PropertyType:
    """The type that the first value of a new key fixes: that of its JSON, and for texts what they look like.

    Numbers are decimals, as the next one may have a fraction; a text is never taken for a number or a yes
    (contracts 1a: the first value's JSON type fixes the property type).
    """
    if isinstance(value, list):
        items = [item for item in islice(value, ELEMENTS_CAP) if item is not None]
        is_of_numbers = bool(items) and all(map(_is_number, items))
        return PropertyType.NUMBER_LIST if is_of_numbers else PropertyType.TEXT_LIST
    guessed = guess_type([value])
    if isinstance(value, str):
        return guessed if guessed in (PropertyType.DATE, PropertyType.DATETIME) else PropertyType.TEXT
    return PropertyType.NUMBER if guessed == PropertyType.INTEGER else guessed


def _is_number(item: Any) -> bool:
    return not isinstance(item, str | list | dict) and type_of(item) == PropertyType.NUMBER


def _no_property(path: str) -> str:
    return f"There is no property “{path[:120]}”."
