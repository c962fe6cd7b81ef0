"""Rows for a distinct ID that was absorbed go to the profile that has it now."""

from pathlib import Path

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from profiles.filters.profiles import ProfileFilter
from profiles.imports import Mapping
from profiles.models import Profile, Workspace
from profiles.operations.imports import ImportSettings, make_import
from profiles.operations.jobs import run_job
from profiles.operations.rows import Mode, NewIdentifier, Outcome, ProfileRow
from profiles.operations.selection_lists import select_list
from profiles.operations.write import write_profiles
from tests.conftest import Make

pytestmark = pytest.mark.django_db(transaction=True)


def write(workspace: Workspace, *rows: ProfileRow, mode: Mode = "upsert") -> list[Outcome]:
    return write_profiles(workspace, rows, mode=mode, source="api", actor=None)


@pytest.fixture
def alicia(alice: Profile) -> Profile:
    """Alice, who was called "alicia" before."""
    write(alice.workspace, ProfileRow("alice", identifiers=[NewIdentifier("alicia")]))
    return alice


@pytest.mark.parametrize("mode", ["upsert", "update", "replace"])
def test_the_heir_is_written(acme: Workspace, alicia: Profile, mode: Mode) -> None:
    (outcome,) = write(acme, ProfileRow("alicia", values={"city": "Oxford"}), mode=mode)
    assert (outcome.status, outcome.id, outcome.distinct_id) == ("updated", alicia.pk, "alice")
    alicia.refresh_from_db()
    assert alicia.city == "Oxford"
    assert Profile.objects.count() == 1


def test_it_cannot_be_created_again(acme: Workspace, alicia: Profile) -> None:
    (outcome,) = write(acme, ProfileRow("alicia"), mode="create")
    assert outcome.reasons == [
        "A live profile with the distinct ID “alicia” exists already: it is “alice” now."
    ]


def test_rows_for_both_names_are_about_one_profile_in_their_order(acme: Workspace, alicia: Profile) -> None:
    rows = [ProfileRow(name, values={"city": name}) for name in ("alicia", "alice", "alicia", "bob")]
    outcomes = write(acme, *rows)
    assert [each.distinct_id for each in outcomes] == ["alice", "alice", "alice", "bob"]
    alicia.refresh_from_db()
    assert alicia.city == "alicia"
    assert Profile.objects.count() == 2


def test_a_profile_of_its_own_comes_first(acme: Workspace, alicia: Profile, make_profile: Make) -> None:
    bob = make_profile("bob")
    write(acme, ProfileRow("alice", identifiers=[NewIdentifier("bob")]))
    (outcome,) = write(acme, ProfileRow("bob", values={"city": "Rome"}))
    assert outcome.id == bob.pk


def test_other_kinds_of_names_lead_nowhere(acme: Workspace, alicia: Profile) -> None:
    mail = NewIdentifier("a@example.com", kind="email")
    write(acme, ProfileRow("alice", identifiers=[mail, NewIdentifier("old", source="crm")]))
    created = write(acme, ProfileRow("a@example.com"), ProfileRow("old"))
    assert [each.status for each in created] == ["created", "created"]


def test_where_nothing_was_absorbed_nothing_is_looked_for(acme: Workspace) -> None:
    with CaptureQueriesContext(connection) as told:
        write(acme, ProfileRow("bob"))
    assert not any("profiles_identifier" in query["sql"] for query in told.captured_queries)


def test_the_flag_of_a_stale_workspace_does_no_harm(acme: Workspace, alice: Profile) -> None:
    stale = Workspace.objects.get(pk=acme.pk)
    write(acme, ProfileRow("alice", identifiers=[NewIdentifier("alicia")]))
    (outcome,) = write(stale, ProfileRow("alicia", values={"city": "Rome"}))
    assert outcome.id == alice.pk


@pytest.mark.parametrize("is_preview", [True, False])
@pytest.mark.parametrize("match", ["distinct_id", "email"])
def test_an_import_writes_the_heir_however_its_rows_are_matched(
    acme: Workspace, alicia: Profile, tmp_path: Path, match: str, is_preview: bool
) -> None:
    path = tmp_path / "people.csv"
    path.write_text(
        "distinct_id,email,city\nalicia,alice@example.com,Oxford\nalice,alice@example.com,Oxford\n"
    )
    acme.refresh_from_db()
    how = ImportSettings(Mapping(match=match), path=str(path))
    job = make_import(acme, how, subject="people", actor=None, is_preview=is_preview)
    job = run_job(job.pk)
    assert [refusal.reasons for refusal in job.refusals.all()] == []
    assert (job.state, job.created, job.updated, job.unchanged) == ("done", 0, 1, 1)
    assert Profile.objects.count() == 1


def test_a_filter_finds_the_heir(acme: Workspace, alicia: Profile, make_profile: Make) -> None:
    make_profile("bob")
    acme.refresh_from_db()
    for operator, names in (("is", ["alice"]), ("is_not", ["bob"])):
        query = QueryDict(f"r1f=distinct_id&r1o={operator}&r1v=alicia")
        found = ProfileFilter(query, workspace=acme).matching()
        assert [each.distinct_id for each in found] == names


def test_a_list_of_ids_finds_the_heir(acme: Workspace, alicia: Profile) -> None:
    selection = select_list(acme, ["alicia", "alice", "nobody"], operator=None, environment="live")
    assert (selection.listed["found"], selection.listed["first_unknown"]) == (1, ["nobody"])
