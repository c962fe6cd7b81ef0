"""From ticked rows to an export: the count first, then the format and the columns."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from profiles.models import Job, JobState, Member, Operator, Profile, Selection, Workspace
from profiles.operations import exports
from profiles.operations.properties import archive_property, create_property
from profiles.operations.selections import select
from tests.conftest import Make
from tests.patience import wear_out_patience

pytestmark = pytest.mark.django_db(transaction=True)

GIVEN = {"format": "csv", "columns": "shown", "is_guarded": "on"}


@pytest.fixture(autouse=True)
def files(tmp_path: Path, settings: Any) -> Path:
    settings.FILES_DIR = str(tmp_path)
    return tmp_path / "export"


@pytest.fixture
def germans(acme: Workspace, editor: Operator, make_profile: Make) -> Selection:
    for name in ("ann", "bob", "eve"):
        make_profile(name, country="FR" if name == "eve" else "DE", first_name=name.title())
    return select(acme, operator=editor, query="country=DE", is_everything=True)


def url_of(selection: Selection | str, workspace: str = "acme") -> str:
    return f"/w/{workspace}/exports/new/?selection={getattr(selection, 'pk', selection)}"


def lines_of_the_file() -> list[str]:
    job = Job.objects.get()
    assert job.state == JobState.DONE
    assert job.file
    return job.file.path.read_text().splitlines()


def test_the_listing_leads_here(editor_client: Client, germans: Selection) -> None:
    listing = editor_client.get("/w/acme/profiles/").content.decode()
    assert 'name="verb" value="export"' in listing
    answer = editor_client.post(
        "/w/acme/profiles/select/", {"verb": "export", "all": "1", "filter": "country=DE"}
    )
    selection = Selection.objects.exclude(pk=germans.pk).get()
    assert answer["Location"] == url_of(selection)
    assert selection.is_everything


def test_it_states_the_count_and_whom_before_anything_else(editor_client: Client, germans: Selection) -> None:
    page = editor_client.get(url_of(germans)).content.decode()
    assert "Export 2 profiles" in page
    assert "Filter: Country: Germany" in page
    assert "<html" in page
    fragment = editor_client.get(url_of(germans), headers={"HX-Request": "true"}).content.decode()
    assert fragment.lstrip().startswith('<form id="confirm"')


def test_as_the_listing_shows_has_the_name_that_is_shown(editor_client: Client, germans: Selection) -> None:
    Member.objects.update(preferences={"columns": ["distinct_id", "name", "country"]})
    answer = editor_client.post(url_of(germans), GIVEN)
    assert answer["Location"] == f"/w/acme/jobs/{Job.objects.get().pk}/"
    assert lines_of_the_file() == [
        "distinct_id,environment,display_name,country",
        "bob,live,Bob,DE",
        "ann,live,Ann,DE",
    ]


def test_chosen_columns_and_all(editor_client: Client, germans: Selection) -> None:
    editor_client.post(url_of(germans), GIVEN | {"columns": "chosen", "paths": ["country", "first_name"]})
    assert lines_of_the_file()[0].count(",") == 3
    Job.objects.all().delete()
    editor_client.post(url_of(germans), GIVEN | {"columns": "all"})
    heading = lines_of_the_file()[0]
    assert "channel.sms" in heading
    assert "last_seen_at" in heading


def test_formats_and_switches_arrive(editor_client: Client, germans: Selection) -> None:
    editor_client.post(url_of(germans), {"format": "jsonl", "columns": "all", "is_compressed": "on"})
    job = Job.objects.get()
    assert (job.parameters["format"], job.parameters["guarded"], job.parameters["compressed"]) == (
        "jsonl",
        False,
        True,
    )
    assert job.file
    assert job.file.path.read_bytes().startswith(b"\x1f\x8b")


def test_a_dialog_is_sent_on_to_the_job(editor_client: Client, germans: Selection) -> None:
    answer = editor_client.post(url_of(germans), GIVEN, headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == f"/w/acme/jobs/{Job.objects.get().pk}/"


def test_many_are_queued(editor_client: Client, germans: Selection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "AT_ONCE", 1)
    editor_client.post(url_of(germans), GIVEN)
    assert Job.objects.get().state == JobState.QUEUED


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"columns": "chosen"}, "Tick at least one column."),
        ({"columns": "chosen", "paths": "custom.nothing"}, "custom.nothing does not exist any more"),
        ({"columns": "many"}, "many is not one of the available choices"),
        ({"format": "pdf"}, "pdf is not one of the available choices"),
    ],
)
def test_what_is_wrong_is_said_on_the_page(
    editor_client: Client, germans: Selection, given: dict[str, str], sentence: str
) -> None:
    answer = editor_client.post(url_of(germans), GIVEN | given)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Job.objects.exists()


def test_a_workbook_that_cannot_hold_them_is_refused_here(
    editor_client: Client, germans: Selection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("profiles.exports.export.MOST_ROWS", 1)
    answer = editor_client.post(url_of(germans), GIVEN | {"format": "xlsx"})
    assert answer.status_code == 422
    assert "choose CSV, JSON lines or Parquet" in answer.content.decode()


def test_an_estimate_refuses_no_workbook(
    editor_client: Client, germans: Selection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where counting takes too long, the job finds out how many there are."""
    wear_out_patience(monkeypatch)
    monkeypatch.setattr("profiles.exports.export.MOST_ROWS", 2)
    assert "10,000" in editor_client.get(url_of(germans)).text
    answer = editor_client.post(url_of(germans), GIVEN | {"format": "xlsx"})
    assert answer["Location"] == f"/w/acme/jobs/{Job.objects.get().pk}/"


def test_a_filter_that_is_broken_by_now_says_so(
    editor_client: Client, editor: Operator, germans: Selection
) -> None:
    plan = create_property(germans.workspace, actor=None, key="plan", label="Plan", type="text")
    query = "r1f=custom.plan&r1o=is_not&r1v=pro"
    selection = select(germans.workspace, operator=editor, query=query, is_everything=True)
    assert "Export 3 profiles" in editor_client.get(url_of(selection)).content.decode()
    archive_property(plan, actor=None)
    answer = editor_client.post(url_of(selection), GIVEN)
    assert answer.status_code == 422
    assert "custom.plan" in answer.content.decode()


def test_when_everybody_is_gone_there_is_nothing_to_press(editor_client: Client, germans: Selection) -> None:
    Profile.objects.all().delete()
    page = editor_client.get(url_of(germans)).content.decode()
    assert "None of the profiles you chose is there any more" in page
    assert 'type="submit" class="btn btn-primary"' not in page


@pytest.mark.parametrize("given", ["", "nonsense"])
def test_without_a_selection_it_leads_to_the_listing(
    editor_client: Client, acme: Workspace, given: str
) -> None:
    answer = editor_client.get(url_of(given), follow=True)
    assert answer.redirect_chain == [("/w/acme/profiles/", 302)]
    assert "Tick the profiles to export" in answer.content.decode()


def test_a_viewer_may_not(viewer_client: Client, germans: Selection) -> None:
    assert viewer_client.get(url_of(germans)).status_code == 403
    assert viewer_client.post(url_of(germans), GIVEN).status_code == 403
    assert 'value="export"' not in viewer_client.get("/w/acme/profiles/").content.decode()


def test_a_colleagues_and_another_workspaces_selection_are_not_found(
    admin_client: Client, outsider_client: Client, germans: Selection
) -> None:
    assert admin_client.get(url_of(germans)).status_code == 404
    assert outsider_client.get(url_of(germans)).status_code == 404
    assert outsider_client.get(url_of(germans, "globex")).status_code == 404
    assert outsider_client.post(url_of(germans, "globex"), GIVEN).status_code == 404
