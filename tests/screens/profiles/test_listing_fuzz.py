"""Nothing in a URL produces an error, or everybody where a filter was meant."""

from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from profiles.filters.operators import OPERATORS
from profiles.filters.profiles import STATE, ProfileFilter
from profiles.models import Profile, PropertyDefinition, PropertyType, Workspace
from tests.conftest import Make

LIST = "/w/acme/profiles/"
ODD = (
    *("", " ", "\0", "%", "_", "\\", "'", '"', "5", "-1", "1e309", "true", "NaN", "[]", "{}"),
    *("2026-01-01", "2026-02-30T25:00", "9999-12-31", "0001-01-01"),
    *("all", "any", "none", "last", "\u202e", "👩‍👩‍👧‍👦", "١٢"),
)
FIELDS = (
    *("name", "email", "birthday", "tags", "sources", "created_at", "last_seen_at", "status"),
    *("environment", "distinct_id", "channel.sms", "channel.push", "country"),
    *(f"custom.{type.value}" for type in PropertyType),
)
NAMES = (
    *("q", "status", "environment", "tags", "tags_match", "country", "created_from", "created_to"),
    *("updated_from", "updated_to", "seen_from", "seen_to", "sort", "size", "page", "count"),
    *("match", "g1", "g2", "do", "changed"),
)
TEXTS = st.text(max_size=30) | st.sampled_from(ODD)
PATHS = st.sampled_from(FIELDS) | TEXTS
SIMPLE = st.sampled_from(NAMES)
RULES = st.builds(
    lambda number, path, operator, values, group: [
        (f"r{number}f", path),
        (f"r{number}o", operator),
        *((f"r{number}v", value) for value in values),
        (f"r{number}g", group),
    ],
    st.integers(1, 4),
    PATHS,
    st.sampled_from(sorted(OPERATORS)) | TEXTS,
    st.lists(TEXTS, max_size=3),
    st.sampled_from(["1", "2", ""]) | TEXTS,
)
PAIRS = st.builds(
    lambda simple, rules: [*simple, *(pair for rule in rules for pair in rule)],
    st.lists(st.tuples(SIMPLE | TEXTS, TEXTS | PATHS), max_size=4),
    st.lists(RULES, max_size=3),
)
OFTEN = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def typed(acme: Workspace, make_profile: Make, alice: Profile) -> Profile:
    """A property of every type, and somebody with values of all JSON types in them."""
    for type in PropertyType:
        PropertyDefinition.objects.create(
            workspace=acme, kind="custom", key=type, label=type, type=type, choices=["a", "b"]
        )
    acme.schema_has_changed()
    values: list[Any] = ["text", 5, 2.5, True, None, [], ["a"], [1], {"lat": 1}, "2026-01-01"]
    for number, value in enumerate(values):
        person = make_profile(f"person-{number}")
        Profile.objects.filter(pk=person.pk).update(custom={type.value: value for type in PropertyType})
    return alice


def encoded(pairs: list[tuple[str, str]]) -> str:
    query = QueryDict(mutable=True)
    for name, value in pairs:
        query.appendlist(name, value)
    return query.urlencode()


@OFTEN
@given(pairs=PAIRS)
def test_no_url_of_the_listing_is_an_error(
    editor_client: Client, typed: Profile, pairs: list[tuple[str, str]]
) -> None:
    query = encoded(pairs)
    assert editor_client.get(f"{LIST}?{query}").status_code == 200
    assert editor_client.get(f"{LIST}filters/?{query}").status_code in (200, 302)


@OFTEN
@given(pairs=PAIRS)
def test_what_is_filled_in_is_a_part_or_a_problem(
    acme: Workspace, typed: Profile, pairs: list[tuple[str, str]]
) -> None:
    """So that a filter that was meant is never taken for none, which would find everybody."""
    filtered = ProfileFilter(QueryDict(encoded(pairs)), workspace=acme)
    meant = [name for name, value in pairs if value.strip() and name not in STATE]
    only_joins = all(name in ("match", "tags_match") or name[:1] in "gr" for name in meant)
    if meant and not only_joins:
        assert filtered.is_active
    if filtered.problems:
        assert not filtered.matching().exists()


@OFTEN
@given(posted=st.dictionaries(SIMPLE | st.sampled_from(["verb", "id", "all", "except", "filter"]), TEXTS))
def test_no_post_of_the_listing_is_an_error(
    editor_client: Client, typed: Profile, posted: dict[str, str]
) -> None:
    assert editor_client.post(f"{LIST}select/", posted).status_code in (302, 404)
    assert editor_client.post(f"{LIST}columns/", posted).status_code == 302
    assert Profile.objects.count() == 11


@OFTEN
@given(text=st.text(max_size=200))
def test_no_raw_query_string_is_an_error(editor_client: Client, typed: Profile, text: str) -> None:
    assert (
        editor_client.get(LIST, QUERY_STRING=text.encode("utf-8", "replace").decode("latin-1")).status_code
        == 200
    )
