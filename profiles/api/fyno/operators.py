"""What Fyno's operators on user properties mean, and which objects they take."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from profiles.operations.incoming import CUSTOM, Incoming, Understood
from profiles.operations.rows import Deed
from profiles.operations.write import ProfileRow, Step

ROUTES: Final[Mapping[str, str]] = {
    "set": "$set",
    "set-once": "$once",
    "numerical-add": "$add",
    "list-append": "$append",
    "list-remove": "$remove",
    "unset": "$unset",
}
OPERATORS: Final = tuple(ROUTES.values())
_STEPS: Final[Mapping[str, Deed]] = {
    "$once": "once",
    "$add": "add",
    "$append": "append",
    "$remove": "remove",
}
_CREATING: Final = ("$set", "$once", "$add", "$append")


@dataclass(slots=True)
class Item:
    """What is to be done to one profile: operators with legal objects; `place` names it in a batch."""

    distinct_id: Any
    action: Mapping[str, Any]
    place: str = ""

    def incoming(self) -> Incoming:
        """`$set`, then the steps one after the other; what `$unset` names is unset in the end."""
        gone = {f"{CUSTOM}{key}": None for key in self.action.get("$unset", ())}
        given = {f"{CUSTOM}{key}": value for key, value in self.action.get("$set", {}).items()}
        steps = [step for step in self._steps() if step.path not in gone]
        return Incoming({"distinct_id": self.distinct_id} | given | gone, steps)

    def row(self, found: Understood, environment: str) -> ProfileRow:
        return ProfileRow(
            distinct_id=found.values.pop("distinct_id"),
            environment=environment,
            values=found.values,
            steps=found.steps,
            only_existing=not any(operator in self.action for operator in _CREATING),
        )

    def loses(self, path: str) -> bool:
        """Whether leaving out what is said of this property loses anything, as taking it away does not."""
        key = path.removeprefix(CUSTOM)
        return any(key in self.action.get(operator, ()) for operator in _CREATING)

    def _steps(self) -> Iterator[Step]:
        for operator, deed in _STEPS.items():
            for key, value in self.action.get(operator, {}).items():
                if value is not None:
                    yield Step(f"{CUSTOM}{key}", deed, value)


def problem_of(operator: str, value: Any) -> str:
    """Why this cannot be the object of an operator; empty where it can."""
    if operator == "$unset":
        keys = value if isinstance(value, list) else []
        is_legal = bool(keys) and all(isinstance(key, str) and key for key in keys)
        return "" if is_legal else "$unset channel should have atleast one item in array"
    given = value if isinstance(value, dict) else {}
    is_legal = bool(given) and "" not in given and all(map(_LEGAL[operator], given.values()))
    return "" if is_legal else f"{operator} has object/keys that is not allowed"


def _is_value(value: Any) -> bool:
    return not isinstance(value, dict)


def _is_number(value: Any) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))


def _is_one(value: Any) -> bool:
    return not isinstance(value, dict | list)


_LEGAL: Final[Mapping[str, Callable[[Any], bool]]] = {
    "$set": _is_value,
    "$once": _is_value,
    "$add": _is_number,
    "$append": _is_one,
    "$remove": _is_one,
}
