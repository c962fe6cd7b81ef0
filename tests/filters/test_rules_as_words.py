"""Each operator finds whom its words promise: compared with plain Python, over values of every kind."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from profiles.filters.profiles import ProfileFilter
from profiles.models import PropertyDefinition, Workspace
from tests.conftest import Make

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
VALUES: dict[str, tuple[str, list[Any]]] = {
    "number": ("number", [None, -5, 0, 0.5, 7, 7, 123456789012345]),
    "text": ("text", [None, "a", "A", "ab%", "b_a", "ÄÖ", "İstanbul", "x y", "\\"]),
    "flag": ("boolean", [None, True, False]),
    "day": ("date", [None, "2026-06-14", "2026-06-15", "2026-06-16", "1999-12-31"]),
    "words": ("text_list", [None, ["a"], ["a", "b"], ["A"], ["ab"]]),
    "numbers": ("number_list", [None, [1], [1, 2.5], [0]]),
}
NUMBERS = st.sampled_from(["-5", "0", "0.5", "0.50", "7", "7.0", "8", "123456789012345"])
WORDS = st.sampled_from(["a", "A", "b", "%", "_", "ab", "ä", "ÖÖ", "İ", "i", "\\", "x y", "'"])
DAYS = st.sampled_from(["2026-06-13", "2026-06-14", "2026-06-15", "2026-06-16", "2000-01-01"])
Holds = Callable[[Any, list[str]], bool]


def folded(text: str) -> str:
    """As PostgreSQL does: one letter becomes one letter."""
    return "".join("i" if letter == "İ" else letter.lower() for letter in text)


def ordered(read: Callable[[Any], Any]) -> dict[str, Holds]:
    return {
        "is": lambda value, given: value is not None and read(value) == read(given[0]),
        "between": lambda value, given: value is not None and read(given[0]) <= read(value) <= read(given[1]),
    }


EQUAL = ordered(float) | {
    "one_of": lambda value, given: value is not None and float(value) in map(float, given),
    "gt": lambda value, given: value is not None and value > float(given[0]),
    "gte": lambda value, given: value is not None and value >= float(given[0]),
    "lt": lambda value, given: value is not None and value < float(given[0]),
    "lte": lambda value, given: value is not None and value <= float(given[0]),
}
TEXT: dict[str, Holds] = {
    "is": lambda value, given: value == given[0],
    "one_of": lambda value, given: value in given,
    "contains": lambda value, given: value is not None and folded(given[0]) in folded(value),
    "starts": lambda value, given: value is not None and folded(value).startswith(folded(given[0])),
    "ends": lambda value, given: value is not None and folded(value).endswith(folded(given[0])),
}
DAY = ordered(date.fromisoformat) | {
    "before": lambda value, given: value is not None and value < given[0],
    "after": lambda value, given: value is not None and value > given[0],
}
HOLDS: dict[str, tuple[dict[str, Holds], st.SearchStrategy[str]]] = {
    "number": (EQUAL, NUMBERS),
    "text": (TEXT, WORDS),
    "flag": ({"is": lambda value, given: value is (given[0] == "yes")}, st.sampled_from(["yes", "no"])),
    "day": (DAY, DAYS),
    "words": (
        {
            "has": lambda value, given: given[0] in (value or []),
            "has_any": lambda value, given: bool(set(given) & set(value or [])),
        },
        WORDS,
    ),
    "numbers": ({"has": lambda value, given: float(given[0]) in (value or [])}, NUMBERS),
}
NEGATION = {"is": "is_not", "one_of": "not_one_of", "contains": "not_contains", "has": "has_not"}


@st.composite
def rules(draw: st.DrawFn) -> tuple[str, str, list[str]]:
    key = draw(st.sampled_from(sorted(HOLDS)))
    operators, texts = HOLDS[key]
    operator = draw(st.sampled_from(sorted(operators)))
    least, most = {"between": (2, 2), "one_of": (1, 3), "has_any": (1, 3)}.get(operator, (1, 1))
    given = draw(st.lists(texts, min_size=least, max_size=most))
    return key, operator, sorted(given, key=float if key == "number" else str) if least == 2 else given


@pytest.fixture
def everybody(acme: Workspace, make_profile: Make) -> dict[str, dict[str, Any]]:
    """One profile per value of every kind: distinct ID to values."""
    for key, (type, _) in VALUES.items():
        PropertyDefinition.objects.create(workspace=acme, kind="custom", key=key, label=key, type=type)
    acme.schema_has_changed()
    people = {}
    for number in range(max(len(values) for _, values in VALUES.values())):
        own = {key: values[number % len(values)] for key, (_, values) in VALUES.items()}
        people[f"person-{number}"] = own
        make_profile(f"person-{number}", **{f"custom__{key}": value for key, value in own.items()})
    return people


def found(acme: Workspace, key: str, operator: str, given: list[str]) -> set[str]:
    query = urlencode({"r1f": f"custom.{key}", "r1o": operator, "r1v": given}, doseq=True)
    filtered = ProfileFilter(QueryDict(query), workspace=acme, now=NOW)
    assert not filtered.problems
    return set(filtered.matching().values_list("distinct_id", flat=True))


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rule=rules())
def test_a_rule_finds_whom_it_promises_and_its_negation_all_others(
    acme: Workspace, everybody: dict[str, dict[str, Any]], rule: tuple[str, str, list[str]]
) -> None:
    key, operator, given = rule
    holds = HOLDS[key][0][operator]
    expected = {name for name, values in everybody.items() if holds(values[key], given)}
    assert found(acme, key, operator, given) == expected
    if operator in NEGATION:
        assert found(acme, key, NEGATION[operator], given) == everybody.keys() - expected


@pytest.mark.parametrize("days", [1, 2, 3])
def test_the_last_days_end_today(acme: Workspace, everybody: dict[str, dict[str, Any]], days: int) -> None:
    wanted = {(NOW.date() - timedelta(ago)).isoformat() for ago in range(days)}
    expected = {name for name, values in everybody.items() if values["day"] in wanted}
    assert found(acme, "day", "last_days", [str(days)]) == expected
