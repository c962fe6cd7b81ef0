"""Bulk actions touch exactly the profiles that were agreed to."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db.models import F

from profiles.errors import Refused
from profiles.models import (
    AuditEntry,
    DeletionReceipt,
    Operator,
    Profile,
    ProfileChange,
    Selection,
    Workspace,
)
from profiles.operations import bulk
from profiles.operations.bulk import SelectionChanged
from profiles.operations.selections import select, selected
from tests.conftest import Make


@pytest.fixture
def people(make_profile: Make) -> dict[str, Profile]:
    countries = {"ann": "DE", "bob": "DE", "cid": "DE", "eve": "FR"}
    return {name: make_profile(name, country=country) for name, country in countries.items()}


def names_in(selection: Selection) -> list[str]:
    return sorted(selected(selection).values_list("distinct_id", flat=True))


def left() -> list[str]:
    return sorted(Profile.objects.values_list("distinct_id", flat=True))


def test_ticked_rows_are_the_selection(acme: Workspace, editor: Operator, people: dict[str, Profile]) -> None:
    ticked = select(acme, operator=editor, query="country=DE", ids=[people["ann"].pk, people["bob"].pk])
    assert names_in(ticked) == ["ann", "bob"]


def test_everything_is_what_the_filter_finds_but_the_exceptions(
    acme: Workspace, editor: Operator, people: dict[str, Profile]
) -> None:
    everything = select(
        acme, operator=editor, query="country=DE&sort=name", is_everything=True, exceptions=[people["bob"].pk]
    )
    assert names_in(everything) == ["ann", "cid"]
    assert everything.ids == []


def test_a_ticked_row_outside_the_filter_is_untouched(
    acme: Workspace, editor: Operator, people: dict[str, Profile]
) -> None:
    ticked = select(acme, operator=editor, query="country=DE", ids=[people["ann"].pk, people["eve"].pk])
    bulk.delete(ticked, agreed=1, actor=editor)
    assert left() == ["bob", "cid", "eve"]


def test_an_unticked_row_is_untouched(acme: Workspace, editor: Operator, people: dict[str, Profile]) -> None:
    bulk.delete(select(acme, operator=editor, query="", ids=[people["ann"].pk]), agreed=1, actor=editor)
    assert left() == ["bob", "cid", "eve"]


def test_a_row_of_another_workspace_is_untouched(
    acme: Workspace, globex: Workspace, editor: Operator, people: dict[str, Profile], make_profile: Make
) -> None:
    other = make_profile("other", workspace=globex, country="DE")
    bulk.delete(
        select(acme, operator=editor, query="", ids=[other.pk, people["ann"].pk]), agreed=1, actor=editor
    )
    bulk.delete(select(acme, operator=editor, query="", is_everything=True), agreed=3, actor=editor)
    assert left() == ["other"]


def test_a_row_created_after_the_click_is_untouched(
    acme: Workspace, editor: Operator, people: dict[str, Profile], make_profile: Make
) -> None:
    everything = select(acme, operator=editor, query="country=DE", is_everything=True)
    late = make_profile("late", country="DE")
    Profile.objects.filter(pk=late.pk).update(created_at=everything.mark + timedelta(milliseconds=1))
    assert bulk.tag(everything, tags=["vip"], agreed=3, actor=editor).changed == 3
    late.refresh_from_db()
    assert late.tags == []
    bulk.delete(everything, agreed=3, actor=editor)
    assert left() == ["eve", "late"]


def test_a_filter_with_a_problem_selects_nobody(
    acme: Workspace, editor: Operator, people: dict[str, Profile]
) -> None:
    broken = select(acme, operator=editor, query="contry=DE", is_everything=True)
    assert names_in(broken) == []
    with pytest.raises(SelectionChanged):
        bulk.delete(broken, agreed=4, actor=editor)
    assert len(left()) == 4


def test_another_number_than_agreed_does_nothing(
    acme: Workspace, editor: Operator, people: dict[str, Profile]
) -> None:
    everything = select(acme, operator=editor, query="country=DE", is_everything=True)
    Profile.objects.filter(pk=people["ann"].pk).update(country="FR")
    with pytest.raises(SelectionChanged, match="agreed to 3 profiles, but now there are 2"):
        bulk.delete(everything, agreed=3, actor=editor)
    with pytest.raises(SelectionChanged):
        bulk.disable(everything, agreed=4, actor=editor)
    assert len(left()) == 4
    assert not DeletionReceipt.objects.exists()
    assert not AuditEntry.objects.filter(verb="disable").exists()


def test_deleting_leaves_a_receipt_with_reason_and_filter(
    acme: Workspace, editor: Operator, people: dict[str, Profile]
) -> None:
    everything = select(acme, operator=editor, query="country=DE", is_everything=True)
    receipt = bulk.delete(everything, agreed=3, actor=editor, reason="they asked")
    assert (receipt.count, receipt.reason, receipt.filter) == (3, "they asked", "country=DE")
    assert not ProfileChange.objects.exclude(profile_id=people["eve"].pk).exists()


def test_tag_and_untag_go_through_the_history(
    acme: Workspace, editor: Operator, people: dict[str, Profile]
) -> None:
    everything = select(acme, operator=editor, query="", is_everything=True)
    Profile.objects.filter(distinct_id="eve").update(tags=["vip"])
    done = bulk.tag(everything, tags=[" vip ", "new", ""], agreed=4, actor=editor)
    assert (done.changed, done.unchanged, done.refused) == (4, 0, 0)
    assert set(people["ann"].changes.values_list("actor", flat=True)) == {"", "editor"}
    done = bulk.untag(everything, tags=["NEW"], agreed=4, actor=editor)
    assert done.changed == 4
    people["ann"].refresh_from_db()
    assert people["ann"].tags == ["vip"]
    entry = AuditEntry.objects.get(verb="untag")
    assert (entry.subject, entry.details["tags"]) == ("4 profiles", ["NEW"])


def test_disable_and_activate_count_who_needed_no_change(
    acme: Workspace, editor: Operator, people: dict[str, Profile]
) -> None:
    ticked = select(acme, operator=editor, query="", ids=[people["ann"].pk, people["bob"].pk])
    bulk.disable(select(acme, operator=editor, query="", ids=[people["ann"].pk]), agreed=1, actor=editor)
    done = bulk.disable(ticked, agreed=2, actor=editor)
    assert (done.changed, done.unchanged) == (1, 1)
    assert bulk.activate(ticked, agreed=2, actor=editor).changed == 2


@pytest.mark.parametrize("tags", ["New York, NY; vip\nbeta", ["New York, NY", "vip", "VIP", "beta"]])
def test_tags_are_a_list_or_text_and_keep_their_commas(
    acme: Workspace, editor: Operator, people: dict[str, Profile], tags: str | list[str]
) -> None:
    ann = select(acme, operator=editor, query="", ids=[people["ann"].pk])
    bulk.tag(ann, tags=tags, agreed=1, actor=editor)
    people["ann"].refresh_from_db()
    assert people["ann"].tags == ["New York, NY", "vip", "beta"]
    bulk.untag(ann, tags="new york, ny;beta", agreed=1, actor=editor)
    people["ann"].refresh_from_db()
    assert people["ann"].tags == ["vip"]


@pytest.mark.parametrize(
    ("tags", "reason"),
    [
        ([], "Name at least one tag"),
        ([" "], "Name at least one tag"),
        (" ; ", "Name at least one tag"),
        (["x" * 65], "Tags may have at most 64 characters each"),
        (["a\0b"], "Tags may not contain ; or control characters; a list of 1 has “a�b”"),
        (["a;b"], "Tags may not contain ; or control characters; a list of 1 has “a;b”"),
        ("vip; a\x07b", "Tags may not contain ; or control characters; “vip; a�b” has “a�b”"),
        ([str(number) for number in range(101)], "Tags may have at most 100 elements"),
    ],
)
def test_tags_that_are_none_are_refused(
    acme: Workspace, editor: Operator, people: dict[str, Profile], tags: str | list[str], reason: str
) -> None:
    with pytest.raises(Refused, match=reason):
        bulk.tag(
            select(acme, operator=editor, query="", ids=[people["ann"].pk]),
            tags=tags,
            agreed=1,
            actor=editor,
        )


def test_more_than_the_limit_is_refused(
    acme: Workspace, editor: Operator, people: dict[str, Profile], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "LIMIT", 3)
    with pytest.raises(Refused, match="narrow the filter or tick fewer"):
        bulk.disable(select(acme, operator=editor, query="", is_everything=True), agreed=4, actor=editor)


def test_nothing_ticked_is_refused(acme: Workspace, editor: Operator) -> None:
    with pytest.raises(Refused, match="Tick at least one"):
        select(acme, operator=editor, query="", ids=[])


def test_old_selections_of_the_operator_are_cleared_away(acme: Workspace, editor: Operator) -> None:
    old = select(acme, operator=editor, query="", ids=[uuid4()])
    Selection.objects.update(mark=F("mark") - timedelta(days=8))
    select(acme, operator=editor, query="", ids=[uuid4()])
    assert not Selection.objects.filter(pk=old.pk).exists()


def test_what_is_ticked_may_not_be_endless(acme: Workspace, editor: Operator) -> None:
    with pytest.raises(Refused, match="10,000"):
        select(acme, operator=editor, query="", ids=[uuid4() for _ in range(10_001)])
