"""Every page of the listing, forwards and backwards, in every order."""

from datetime import UTC, datetime
from typing import Any
from unittest import mock

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from profiles.models import Profile, PropertyDefinition, PropertyType, Workspace
from profiles.queries import counts
from profiles.queries import listing as module
from profiles.queries.columns import columns_of
from profiles.queries.keyset import START, Order, Place, read_order, read_place, write_place
from profiles.queries.listing import Listing, listing
from tests.conftest import Make

PEOPLE: list[dict[str, Any]] = [
    {"name": "Zoë", "custom__score": 3, "birthday": "1990-01-01", "tags": ["a"]},
    {"name": "anna", "custom__score": 2.5, "channel__sms": "+4915112345678"},
    {
        "name": "Bob",
        "custom__score": -1,
        "birthday": "1980-05-05",
        "last_seen_at": "2026-01-01T00:00:00Z",
    },
    {"custom__score": 3, "tags": ["b", "c"]},
    {"name": "bob", "country": "DE", "custom__word": "x" * 400},
    {"email": "Carl@example.com", "custom__word": "y"},
    {"custom__score": 12345678901234, "custom__word": "x" * 400},
]
PATHS = (
    *("name", "created_at", "custom.score", "custom.word", "birthday", "tags", "last_seen_at"),
    *("distinct_id", "email", "channel.sms", "status"),
)


@pytest.fixture
def people(acme: Workspace, make_profile: Make) -> list[Profile]:
    for key, type in (("score", PropertyType.NUMBER), ("word", PropertyType.TEXT)):
        PropertyDefinition.objects.create(workspace=acme, kind="custom", key=key, label=key, type=type)
    acme.schema_has_changed()
    return [make_profile(f"person-{number}", **values) for number, values in enumerate(PEOPLE)]


def order_of(acme: Workspace, name: str) -> Order:
    order = read_order(name, columns_of(acme))
    assert order
    return order


def page(acme: Workspace, order: Order, place: Place, **options: Any) -> Listing:
    return listing(acme.profiles.all(), order=order, place=place, size=2, columns=[order.column], **options)


def walk_through(acme: Workspace, order: Order, start: Place, towards: str, **options: Any) -> list[str]:
    """The ids of all pages, each place taken through the URL. The first page is full: it may overlap."""
    found, place = [], start
    for _ in range(10):
        here = page(acme, order, place, **options)
        rows = [str(row.id) for row in here.rows]
        found = found + rows if towards == "next" else [row for row in rows if row not in found] + found
        following = getattr(here, towards)
        if following is None:
            return found
        place = read_place(write_place(following, order), order)
        assert place
    raise AssertionError("The pages do not end.")


@pytest.mark.parametrize("is_narrow", [False, True])
@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize("path", PATHS)
def test_all_rows_come_once_in_both_directions(
    acme: Workspace, people: list[Profile], path: str, sign: str, is_narrow: bool
) -> None:
    order = order_of(acme, sign + path)
    forwards = walk_through(acme, order, START, "next", is_narrow=is_narrow)
    assert sorted(forwards) == sorted(str(person.pk) for person in people)
    backwards = walk_through(acme, order, Place(is_backward=True), "previous", is_narrow=is_narrow)
    assert sorted(backwards) == sorted(forwards)
    assert backwards == forwards


@pytest.mark.parametrize("is_narrow", [False, True])
@pytest.mark.parametrize("path", ["name", "custom.score", "birthday", "tags", "last_seen_at"])
def test_who_has_no_value_comes_last_in_both_directions(
    acme: Workspace, people: list[Profile], path: str, is_narrow: bool
) -> None:
    given = path.replace(".", "__")
    unset = {str(person.pk) for person, values in zip(people, PEOPLE, strict=True) if given not in values}
    for name in (path, f"-{path}"):
        ids = walk_through(acme, order_of(acme, name), START, "next", is_narrow=is_narrow)
        assert set(ids[-len(unset) :]) == unset


def test_names_are_ordered_without_regard_to_case(acme: Workspace, people: list[Profile]) -> None:
    order = order_of(acme, "name")
    ids = walk_through(acme, order, START, "next")
    names = [Profile.objects.get(pk=pk).display_name for pk in ids]
    assert [name.lower() for name in names if name] == ["anna", "bob", "bob", "zoë"]


def test_a_place_of_another_order_or_with_a_changed_letter_is_refused(acme: Workspace) -> None:
    newest = order_of(acme, "-created_at")
    text = write_place(Place(key=datetime(2026, 1, 1, tzinfo=UTC), id=acme.uid), newest)
    assert read_place(text, newest)
    assert read_place(text, order_of(acme, "created_at")) is None
    assert read_place(text[:-1] + ("a" if text[-1] != "a" else "b"), newest) is None
    assert read_place("", newest) is None


def test_a_page_whose_row_is_gone_goes_on_behind_it(acme: Workspace, people: list[Profile]) -> None:
    order = order_of(acme, "distinct_id")
    following = page(acme, order, START).next
    assert following
    Profile.objects.filter(distinct_id="person-1").delete()
    labels = [row.values["distinct_id"] for row in page(acme, order, following).rows]
    assert labels == ["person-2", "person-3"]


def test_a_page_before_which_too_few_are_left_is_the_first(acme: Workspace, people: list[Profile]) -> None:
    order = order_of(acme, "distinct_id")
    second = page(acme, order, page(acme, order, START).next or START)
    Profile.objects.filter(distinct_id="person-0").delete()
    first = page(acme, order, second.previous or START)
    assert [row.values["distinct_id"] for row in first.rows] == ["person-1", "person-2"]
    assert first.previous is None


def test_only_what_is_shown_is_read(acme: Workspace, people: list[Profile]) -> None:
    with CaptureQueriesContext(connection) as queries:
        page(acme, order_of(acme, "distinct_id"), START)
    assert not any('"profiles_profile"."custom"' in query["sql"] for query in queries)


@pytest.mark.parametrize("is_narrow", [False, True])
def test_above_the_cap_the_number_is_the_planners(
    acme: Workspace, people: list[Profile], is_narrow: bool
) -> None:
    with mock.patch.object(counts, "CAP", 3), mock.patch.object(module, "CAP", 3):
        here = page(acme, order_of(acme, "-created_at"), START, is_narrow=is_narrow)
        exact = page(acme, order_of(acme, "-created_at"), START, is_narrow=is_narrow, is_exact=True)
    assert here.total
    assert here.total.is_about
    assert here.next
    assert here.next.is_above_cap
    assert str(exact.total) == "7"


def test_an_exact_count_that_takes_too_long_is_given_up(acme: Workspace, people: list[Profile]) -> None:
    with mock.patch.object(counts, "PATIENCE", 0.001):
        slow = Profile.objects.extra(where=["pg_sleep(0.2) IS NOT NULL"])
        assert counts.exact_total(slow) is None
    assert Profile.objects.count() == 7


def test_a_number_that_the_planner_does_not_know_yet_is_said_to_be_more(
    acme: Workspace, people: list[Profile]
) -> None:
    assert str(counts.total_above_cap(Profile.objects.all())) == "more than 10,000"
    with mock.patch.object(counts, "_estimate", return_value=1_234_567):
        assert str(counts.total_above_cap(Profile.objects.all())) == "about 1,230,000"
