"""Steps: changes of a value that depend on what it is, worked out while the profile is locked.

They are what applications call `$once`, `$add`, `$append` and `$remove` (contracts 1b, 4b and 8.10).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from profiles.schema import Schema

from .rows import Step

State = Mapping[str, Any]


class _NoStep(Exception):
    """The step cannot be taken; why, as a sentence."""


def take_steps(state: State, steps: Sequence[Step], schema: Schema) -> tuple[dict[str, Any], list[str]]:
    """What the steps, one after the other, make of a state: path to new value (None for unset).

    A step whose result does not fit its property is left out; the second value says why, a sentence each.
    """
    values: dict[str, Any] = {}
    dropped = []
    for step in steps:
        old = values[step.path] if step.path in values else state.get(step.path)
        try:
            values[step.path] = _fitting(schema, step.path, _DEEDS[step.deed](old, step))
        except _NoStep as error:
            dropped.append(str(error))
    return values, dropped


def _fitting(schema: Schema, path: str, value: Any) -> Any:
    validated = schema.validate({path: value})
    if validated.errors:
        raise _NoStep(validated.errors[0].message)
    if path not in validated.values:
        raise _NoStep(f"There is no property “{path}”.")
    return validated.values[path]


def _once(old: Any, step: Step) -> Any:
    return step.value if old is None else old


def _add(old: Any, step: Step) -> Any:
    for number in (step.value, 0 if old is None else old):
        if isinstance(number, bool) or not isinstance(number, int | float):
            raise _NoStep(f"“{step.path}” is no number, so that nothing can be added to it.")
    return step.value if old is None else old + step.value


def _append(old: Any, step: Step) -> list[Any]:
    """New ones go behind; what is there already stays where it is, but a token takes its new settings."""
    kept = _list(old)
    places = {_name(item): place for place, item in enumerate(kept)}
    for item in _list(step.value):
        place = places.setdefault(_name(item), len(kept))
        kept[place : place + 1] = [item]
    return kept[-step.most :] if step.most else kept


def _remove(old: Any, step: Step) -> list[Any] | None:
    gone = {_name(item) for item in _list(step.value)}
    return [item for item in _list(old) if _name(item) not in gone] or None


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    return [*value] if isinstance(value, list) else [value]


def _name(item: Any) -> tuple[bool, Any]:
    """What makes it the same element: a push token is its `token`, and true is not 1."""
    if isinstance(item, dict):
        return False, str(item.get("token", item))
    return isinstance(item, bool), str(item) if isinstance(item, list) else item


_DEEDS = {"once": _once, "add": _add, "append": _append, "remove": _remove}
