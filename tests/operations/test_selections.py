"""A selection holds exactly what was chosen, as old as its mark."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db.models import F

from profiles.errors import Refused
from profiles.models import JobKind, Operator, Profile, Selection, SelectionMember, Workspace
from profiles.operations.jobs.queueing import make_job
from profiles.operations.selections import copy_for_job, freeze, in_words, select, selected
from tests.conftest import Make


@pytest.fixture
def people(make_profile: Make) -> dict[str, Profile]:
    countries = {"ann": "DE", "bob": "DE", "cid": "DE", "eve": "FR"}
    return {name: make_profile(name, country=country) for name, country in countries.items()}


def names_in(selection: Selection) -> list[str]:
    return sorted(selected(selection).values_list("distinct_id", flat=True))


def test_ticked_rows_are_the_selection(acme: Workspace, editor: Operator, people: dict[str, Profile]) -> None:
    ticked = select(acme, operator=editor, query="country=DE", ids=[people["ann"].pk, people["bob"].pk])
    assert names_in(ticked) == ["ann", "bob"]
    assert in_words(ticked) == "2 profiles ticked"


def test_a_ticked_row_outside_the_filter_is_not(
    acme: Workspace, editor: Operator, people: dict[str, Profile]
) -> None:
    ticked = select(acme, operator=editor, query="country=DE", ids=[people["ann"].pk, people["eve"].pk])
    assert names_in(ticked) == ["ann"]


def test_a_row_of_another_workspace_is_not(
    acme: Workspace, globex: Workspace, editor: Operator, people: dict[str, Profile], make_profile: Make
) -> None:
    other = make_profile("other", workspace=globex, country="DE")
    ticked = select(acme, operator=editor, query="", ids=[other.pk, people["ann"].pk])
    assert names_in(ticked) == ["ann"]
    assert names_in(select(acme, operator=editor, query="", is_everything=True)) == sorted(people)


def test_everything_is_what_the_filter_finds_but_the_exceptions(
    acme: Workspace, editor: Operator, people: dict[str, Profile]
) -> None:
    everything = select(
        acme, operator=editor, query="country=DE&sort=name", is_everything=True, exceptions=[people["bob"].pk]
    )
    assert names_in(everything) == ["ann", "cid"]
    assert everything.ids == []
    assert in_words(everything) == "Filter: Country: Germany; 1 profile left out"


def test_a_row_created_after_the_click_is_not(
    acme: Workspace, editor: Operator, people: dict[str, Profile], make_profile: Make
) -> None:
    everything = select(acme, operator=editor, query="country=DE", is_everything=True)
    late = make_profile("late", country="DE")
    Profile.objects.filter(pk=late.pk).update(created_at=everything.mark + timedelta(milliseconds=1))
    assert names_in(everything) == ["ann", "bob", "cid"]


def test_a_filter_with_a_problem_selects_nobody(
    acme: Workspace, editor: Operator, people: dict[str, Profile]
) -> None:
    broken = select(acme, operator=editor, query="contry=DE", is_everything=True)
    assert names_in(broken) == []
    assert freeze(broken) == 0


def test_it_is_frozen_into_members(acme: Workspace, editor: Operator, people: dict[str, Profile]) -> None:
    everything = copy_for_job(select(acme, operator=editor, query="country=DE", is_everything=True))
    assert freeze(everything) == 3
    Profile.objects.update(country="FR")
    members = SelectionMember.objects.filter(selection=everything).values_list("profile_id", flat=True)
    assert set(members) == {people[name].pk for name in ("ann", "bob", "cid")}


def test_a_copy_for_a_job_is_another_selection_of_the_same(
    acme: Workspace, editor: Operator, people: dict[str, Profile]
) -> None:
    chosen = select(acme, operator=editor, query="country=DE", is_everything=True)
    copy = copy_for_job(chosen)
    assert copy.pk != chosen.pk
    assert (copy.query, copy.mark, copy.operator) == (chosen.query, chosen.mark, editor)
    assert names_in(copy) == names_in(chosen)


def test_nothing_ticked_is_refused(acme: Workspace, editor: Operator) -> None:
    with pytest.raises(Refused, match="Tick at least one"):
        select(acme, operator=editor, query="", ids=[])


def test_what_is_ticked_may_not_be_endless(acme: Workspace, editor: Operator) -> None:
    with pytest.raises(Refused, match="10,000"):
        select(acme, operator=editor, query="", ids=[uuid4() for _ in range(10_001)])


def test_old_selections_of_the_operator_are_cleared_away_unless_a_job_waits_for_them(
    acme: Workspace, editor: Operator
) -> None:
    old = select(acme, operator=editor, query="", ids=[uuid4()])
    awaited = copy_for_job(old)
    make_job(acme, kind=JobKind.CHANGE, verb="tag", actor=editor, selection=awaited)
    brought = Selection.objects.create(workspace=acme, operator=editor, mark=old.mark, is_list=True)
    drawn = copy_for_job(brought)
    make_job(acme, kind=JobKind.CHANGE, verb="tag", actor=editor, selection=drawn)
    Selection.objects.update(mark=F("mark") - timedelta(days=8))
    new = select(acme, operator=editor, query="", ids=[uuid4()])
    assert set(Selection.objects.all()) == {awaited, brought, drawn, new}
