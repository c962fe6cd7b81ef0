"""Bulk actions: a small one is done on return, a large one is queued; both touch what was agreed to."""

from datetime import timedelta
from typing import Any

import pytest

from profiles.errors import Refused
from profiles.models import (
    AuditEntry,
    DeletionReceipt,
    Job,
    JobState,
    Operator,
    Profile,
    ProfileChange,
    PropertyDefinition,
    PropertyType,
    Selection,
    Workspace,
)
from profiles.operations import bulk
from profiles.operations.jobs import run_job
from profiles.operations.properties import archive_property, create_property, edit_property
from profiles.operations.selections import SelectionChanged, select
from tests.conftest import Make


@pytest.fixture
def people(make_profile: Make) -> dict[str, Profile]:
    countries = {"ann": "DE", "bob": "DE", "cid": "DE", "eve": "FR"}
    return {name: make_profile(name, country=country) for name, country in countries.items()}


@pytest.fixture
def germans(acme: Workspace, editor: Operator, people: dict[str, Profile]) -> Selection:
    return select(acme, operator=editor, query="country=DE", is_everything=True)


def start(selection: Selection, verb: str, agreed: int | None, **given: Any) -> Job:
    return bulk.start(selection, verb, given, actor=selection.operator, agreed=agreed)


def values(path: str) -> dict[str, Any]:
    return dict(Profile.objects.values_list("distinct_id", path))


def test_a_small_one_is_done_on_return_and_its_operator_has_seen_it(germans: Selection) -> None:
    job = start(germans, "set", 3, path="city", value="Bonn")
    assert (job.state, job.updated, job.total, job.subject) == (
        JobState.DONE,
        3,
        3,
        "Filter: Country: Germany",
    )
    assert values("city") == {"ann": "Bonn", "bob": "Bonn", "cid": "Bonn", "eve": ""}
    assert Job.objects.get(pk=job.pk).seen_at
    assert AuditEntry.objects.get(verb="set").details == {"job": job.pk, "state": "done", "updated": 3}


def test_a_large_one_is_queued(germans: Selection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "AT_ONCE", 2)
    job = start(germans, "delete", 3)
    assert job.state == JobState.QUEUED
    assert Profile.objects.count() == 4
    assert run_job(job.pk).erased == 3
    assert Job.objects.get(pk=job.pk).seen_at is None


def test_one_that_nobody_could_count_is_queued(germans: Selection) -> None:
    assert start(germans, "disable", None).state == JobState.QUEUED


def test_another_number_than_agreed_does_nothing(people: dict[str, Profile], germans: Selection) -> None:
    Profile.objects.filter(pk=people["ann"].pk).update(country="FR")
    with pytest.raises(SelectionChanged, match="agreed to 3 profiles, but now there are 2"):
        start(germans, "delete", 3)
    with pytest.raises(SelectionChanged):
        start(germans, "disable", 4)
    assert Profile.objects.filter(status="active").count() == 4
    assert not DeletionReceipt.objects.exists()
    assert not Job.objects.exists()


def test_a_number_that_changes_in_the_last_moment_does_nothing(
    germans: Selection, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(job_id: int) -> Job:
        Profile.objects.filter(distinct_id="ann").update(country="FR")
        return run_job(job_id)

    monkeypatch.setattr(bulk, "run_job", run)
    with pytest.raises(Refused, match="agreed to 3 profiles, but now there are 2"):
        start(germans, "disable", 3)
    assert not Profile.objects.filter(status="disabled").exists()


def test_rows_created_after_the_click_are_untouched(germans: Selection, make_profile: Make) -> None:
    late = make_profile("late", country="DE")
    Profile.objects.filter(pk=late.pk).update(created_at=germans.mark + timedelta(milliseconds=1))
    start(germans, "delete", 3)
    assert set(values("status")) == {"eve", "late"}


def test_deleting_leaves_a_receipt_with_reason_and_filter(germans: Selection) -> None:
    job = start(germans, "delete", 3, reason="they asked", deny=True)
    receipt = job.receipt
    assert (receipt.count, receipt.reason, receipt.filter) == (3, "they asked", "country=DE")
    assert (receipt.actor, receipt.door, receipt.is_denied) == ("editor", "console", True)
    assert not ProfileChange.objects.exclude(profile__distinct_id="eve").exists()


def test_tag_and_untag_go_through_the_history(
    acme: Workspace, editor: Operator, people: dict[str, Profile]
) -> None:
    everybody = select(acme, operator=editor, query="", is_everything=True)
    Profile.objects.filter(distinct_id="eve").update(tags=["vip"])
    job = start(everybody, "tag", 4, tags=[" vip ", "new", ""])
    assert (job.updated, job.unchanged, job.refused) == (4, 0, 0)
    assert set(people["ann"].changes.values_list("job", "actor")) == {(None, ""), (job.pk, "editor")}
    assert start(everybody, "untag", 4, tags="NEW").updated == 4
    assert values("tags") == {name: ["vip"] for name in people}


def test_who_needs_no_change_is_counted_and_gets_no_history(
    acme: Workspace, editor: Operator, people: dict[str, Profile]
) -> None:
    ann = select(acme, operator=editor, query="", ids=[people["ann"].pk])
    both = select(acme, operator=editor, query="", ids=[people["ann"].pk, people["bob"].pk])
    start(ann, "disable", 1)
    job = start(both, "disable", 2)
    assert (job.updated, job.unchanged) == (1, 1)
    assert people["ann"].changes.count() == 2
    assert start(both, "activate", 2).updated == 2


def test_a_property_is_set_and_cleared(germans: Selection, acme: Workspace) -> None:
    create_property(acme, key="seats", label="Seats", type=PropertyType.INTEGER, actor=None)
    acme.refresh_from_db()
    germans.refresh_from_db()
    start(germans, "set", 3, path="custom.seats", value="12")
    assert values("custom") == {name: {"seats": 12} for name in ("ann", "bob", "cid")} | {"eve": {}}
    job = start(germans, "clear", 3, path="custom.seats")
    assert job.updated == 3
    assert set(map(str, values("custom").values())) == {"{}"}


def test_find_and_replace_refuses_one_by_one_what_does_not_fit(
    germans: Selection, people: dict[str, Profile]
) -> None:
    emails = {"ann": "ann@old.example.com", "bob": "bob@new.example", "cid": "cid.old.@old.example.com"}
    for name, email in emails.items():
        Profile.objects.filter(distinct_id=name).update(email=email)
    job = start(germans, "replace", 3, path="email", find="old.", replacement="")
    assert (job.state, job.updated, job.unchanged, job.refused) == (JobState.PARTIAL, 1, 1, 1)
    assert values("email")["ann"] == "ann@example.com"
    refusal = job.refusals.get()
    assert refusal.subject == "cid"
    assert "cid.@example.com" in refusal.reasons[0]


def test_a_result_that_is_too_long_is_refused(germans: Selection) -> None:
    Profile.objects.update(city="x" * 200)
    job = start(germans, "replace", 3, path="city", find="x", replacement="yy")
    assert (job.updated, job.refused) == (0, 3)
    assert "255" in job.refusals.all()[0].reasons[0]
    assert set(values("city").values()) == {"x" * 200}


def test_what_would_leave_a_rule_broken_is_refused_one_by_one(acme: Workspace, germans: Selection) -> None:
    Profile.objects.filter(distinct_id="ann").update(email="ann@example.com", phone="+49301234567")
    Profile.objects.filter(distinct_id="bob").update(email="bob@example.com")
    for definition in PropertyDefinition.objects.filter(key__in=("email", "phone", "distinct_id")):
        edit_property(definition, actor=None, starred=definition.key != "distinct_id")
    germans.refresh_from_db()
    job = start(germans, "clear", 3, path="email")
    assert (job.updated, job.refused) == (1, 1)
    assert "At least one of" in job.refusals.get().reasons[0]


def test_a_property_archived_between_queueing_and_running_ends_it_with_a_word(
    germans: Selection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "AT_ONCE", 2)
    job = start(germans, "set", 3, path="city", value="Bonn")
    archive_property(PropertyDefinition.objects.get(key="city"), actor=None)
    done = run_job(job.pk)
    assert (done.state, done.problem) == (JobState.FAILED, "City is archived: it takes no changes.")
    assert set(values("city").values()) == {""}


def test_a_definition_tightened_between_queueing_and_running_ends_it_with_a_word(
    germans: Selection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "AT_ONCE", 2)
    job = start(germans, "set", 3, path="city", value="Bonn")
    edit_property(PropertyDefinition.objects.get(key="city"), actor=None, max_length=3)
    done = run_job(job.pk)
    assert done.state == JobState.FAILED
    assert "Bonn" in done.problem


@pytest.mark.parametrize("verb", ["delete", "disable"])
def test_a_filter_with_a_problem_is_refused(
    acme: Workspace, editor: Operator, people: dict[str, Profile], verb: str
) -> None:
    broken = select(acme, operator=editor, query="contry=DE", is_everything=True)
    with pytest.raises(Refused, match="There is no filter “contry”"):
        start(broken, verb, None)
    assert not Job.objects.exists()
    assert Profile.objects.count() == 4


@pytest.mark.parametrize("tags", ["New York, NY; vip\nbeta", ["New York, NY", "vip", "VIP", "beta"]])
def test_tags_are_a_list_or_text_and_keep_their_commas(
    acme: Workspace, editor: Operator, people: dict[str, Profile], tags: str | list[str]
) -> None:
    ann = select(acme, operator=editor, query="", ids=[people["ann"].pk])
    start(ann, "tag", 1, tags=tags)
    assert values("tags")["ann"] == ["New York, NY", "vip", "beta"]
    start(ann, "untag", 1, tags="new york, ny;beta")
    assert values("tags")["ann"] == ["vip"]


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
def test_tags_that_are_none_are_refused(germans: Selection, tags: str | list[str], reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        start(germans, "tag", 3, tags=tags)
    assert not Job.objects.exists()
