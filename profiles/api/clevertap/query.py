"""Event queries, as far as they are about people: CleverTap's conditions as a filter of profiles."""

from collections.abc import Iterator
from typing import Any, Final

from django.http import QueryDict

from profiles.api.common import Call
from profiles.filters.operators import operators_of
from profiles.filters.profiles import ProfileFilter
from profiles.imports.origins.clevertap import GENDERS, NAMES
from profiles.operations.incoming import CUSTOM
from profiles.queries.columns import columns_of

from .protocol import bad_request

EVERYBODY: Final = "-1"
_OF_EVENTS: Final = ("event_properties", "session_properties", "props")
_KNOWN: Final = frozenset({"event_name", "from", "to", "common_profile_properties", *_OF_EVENTS})
_PARTS: Final = frozenset({"profile_fields", "demographics"})
# For texts and numbers; for dates; for lists: the first that the type of the property has.
_OPERATORS: Final = {
    "equals": ("is", "has"),
    "not_equals": ("is_not", "has_not"),
    "contains": ("contains", "has"),
    "does_not_contain": ("not_contains", "has_not"),
    "exists": ("not_empty",),
    "does_not_exist": ("empty",),
    "greater_than": ("gt", "after"),
    "greater_than_equals": ("gte",),
    "less_than": ("lt", "before"),
    "less_than_equals": ("lte",),
}
_FACTS: Final = {"identity": "distinct_id"}


def filter_of(call: Call, query: Any) -> QueryDict:
    """The query string of our filter that means the query. Raises ApiError for what it cannot say.

    What is not understood must not be passed over: that would find more people than were asked for.
    """
    if not isinstance(query, dict):
        raise bad_request("The query has to be a JSON object.")
    if query.get("event_name") not in (None, "", EVERYBODY):
        raise bad_request("Events are not kept yet: ask for everybody, with the event_name “-1” or without.")
    if any(query.get(key) for key in _OF_EVENTS):
        raise bad_request("Events are not kept yet, so that nothing can be asked about their properties.")
    if strangers := query.keys() - _KNOWN:
        raise bad_request(f"There is no condition “{min(strangers)[:60]}”.")
    found = QueryDict(mutable=True)
    found["environment"] = call.environment
    columns = columns_of(call.workspace)
    for number, condition in enumerate(_conditions(query), start=1):
        path = _path_of(condition["name"])
        found[f"r{number}f"] = path
        found[f"r{number}o"] = _operator_of(condition["operator"], columns.get(path))
        if condition["value"]:
            found.setlist(f"r{number}v", condition["value"])
    return found


def sound_filter(call: Call, data: QueryDict) -> ProfileFilter:
    """Raises ApiError where it has a problem."""
    found = ProfileFilter(data, workspace=call.workspace)
    if found.problems:
        raise bad_request(" ".join(found.problems))
    return found


def _conditions(query: dict[str, Any]) -> Iterator[dict[str, Any]]:
    given = query.get("common_profile_properties") or {}
    if not isinstance(given, dict) or given.keys() - _PARTS:
        raise bad_request("“common_profile_properties” takes profile_fields and demographics.")
    for part in sorted(given):
        conditions = given[part] or []
        if not isinstance(conditions, list):
            raise bad_request(f"“{part}” has to be a list of conditions.")
        for condition in conditions:
            yield _condition(condition)


def _condition(given: Any) -> dict[str, Any]:
    if not isinstance(given, dict) or not isinstance(given.get("name"), str):
        raise bad_request("A condition has a name, an operator and a value.")
    operator = given.get("operator", "equals")
    if not isinstance(operator, str) or operator not in _OPERATORS:
        raise bad_request(f"There is no such operator; there are {', '.join(_OPERATORS)}.")
    value = None if operator in ("exists", "does_not_exist") else given.get("value")
    if isinstance(value, dict | list):
        raise bad_request(f"“{given['name'][:60]}” is compared with one value.")
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if _path_of(given["name"]) == "gender":
        text = GENDERS.get(text, text)
    return {"name": given["name"], "operator": operator, "value": [] if value is None else [text]}


def _path_of(name: str) -> str:
    name = name.strip()
    return _FACTS.get(name) or NAMES.get(name) or f"{CUSTOM}{name}"


def _operator_of(name: str, column: Any) -> str:
    """Ours for the type of the column; where none fits, the filter says so."""
    wanted = _OPERATORS[name]
    fitting = [operator.name for operator in operators_of(column)] if column else []
    return next((each for each in wanted if each in fitting), wanted[0])
