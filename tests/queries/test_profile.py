"""One profile: values, names, history, origins."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from profiles.models import Operator, Profile, ProfileChange
from profiles.operations.profiles import update_profile
from profiles.operations.write import ProfileRow, write_profiles
from profiles.queries.profile import changes_since, history_page, origins_of, values_of
from tests.conftest import Make

pytestmark = pytest.mark.django_db


def test_values_are_the_set_ones_by_path(make_profile: Make) -> None:
    bob = make_profile(
        "bob", city="Oxford", birthday="1990-05-04", channel__sms="+4915112345678", custom__a_b=[1]
    )
    assert values_of(bob) == {
        "city": "Oxford",
        "birthday": "1990-05-04",
        "channel.sms": "+4915112345678",
        "custom.a_b": [1],
    }


def test_the_values_are_those_of_the_history(alice: Profile) -> None:
    created = alice.changes.get().new
    assert values_of(alice) == {path: created[path] for path in created.keys() - {"status", "tags"}}


def test_an_origin_is_the_newest_change_that_set_the_value(editor: Operator, alice: Profile) -> None:
    update_profile(alice, values={"city": "Oxford", "title": "Dr"}, actor=editor)
    row = ProfileRow(distinct_id="alice", values={"city": "Berlin", "title": None})
    write_profiles(alice.workspace, [row], mode="update", source="import", actor=None)
    origins = origins_of(alice)
    assert (origins.by_path["city"].door, origins.by_path["city"].actor) == ("import", "")
    assert origins.by_path["title"].actor == "editor"
    assert origins.last_change == alice.changes.latest("id").pk
    assert not origins.is_partial


def test_origins_are_one_query_however_long_the_history(editor: Operator, alice: Profile) -> None:
    for number in range(20):
        update_profile(alice, values={"city": f"City {number}"}, actor=editor)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        origins = origins_of(alice, depth=10)
    assert len(queries) == 1
    assert origins.is_partial
    assert origins.by_path.keys() == {"city"}


def test_a_profile_without_history_has_no_origins(alice: Profile) -> None:
    ProfileChange.objects.all().delete()
    origins = origins_of(alice)
    assert (origins.by_path, origins.last_change) == ({}, 0)


def test_the_last_change_counts_though_it_only_cleared(editor: Operator, alice: Profile) -> None:
    ProfileChange.objects.all().delete()
    update_profile(alice, values={"country": None}, actor=editor)
    assert origins_of(alice).last_change == alice.changes.get().pk


def test_changes_since_one(editor: Operator, alice: Profile) -> None:
    opened = origins_of(alice).last_change
    update_profile(alice, values={"city": "Oxford"}, actor=editor)
    assert [change.new for change in changes_since(alice, opened)] == [{"city": "Oxford"}]
    assert changes_since(alice, 10**30) == []


def test_pages_meet_without_gap_or_overlap(editor: Operator, alice: Profile) -> None:
    for number in range(10):
        update_profile(alice, values={"city": f"City {number}"}, actor=editor)
    seen, page = [], history_page(alice, size=4)
    while True:
        seen += page.changes
        if page.older is None:
            break
        page = history_page(alice, before=page.older, size=4)
    assert seen == list(alice.changes.order_by("-id"))
    while page.newer is not None:
        newer = history_page(alice, after=page.newer, size=4)
        assert newer.changes[-1].pk > page.changes[0].pk
        page = newer
    assert page.changes == seen[:4]
