"""Receipts of deletions: listed, shown, downloaded, by those who may delete."""

import json
from uuid import uuid4

import pytest
from django.test import Client

from profiles.models import DeletionReceipt, Door, Job, Operator, Profile, Workspace
from profiles.operations import bulk
from profiles.operations.erase import erase_profiles, hash_of
from profiles.operations.selections import select
from profiles.screens.receipts import views
from tests.conftest import Make

LIST = "/w/acme/receipts/"


@pytest.fixture
def receipt(acme: Workspace, editor: Operator, alice: Profile) -> DeletionReceipt:
    everybody = select(acme, operator=editor, query="country=GB", is_everything=True)
    given = {"reason": "Alice's wish", "deny": True}
    return bulk.start(everybody, "delete", given, actor=editor, agreed=1).receipt


def test_it_says_who_when_why_and_how_many(
    editor_client: Client, receipt: DeletionReceipt, alice: Profile
) -> None:
    text = editor_client.get(f"{LIST}{receipt.pk}/").text
    for said in (
        "1 profile deleted for good",
        "editor",
        "Alice&#x27;s wish",
        "country=GB",
        hash_of([alice.pk]),
    ):
        assert said in text
    assert f'href="/w/acme/jobs/{receipt.job_id}/"' in text
    assert "Refused from then on" in text
    assert "so far" not in text
    assert "</time> UTC</dd>" in text, "It is printed, and read in another time zone."


def test_all_of_a_long_reason_is_said(editor_client: Client, receipt: DeletionReceipt) -> None:
    reason = f"{'why ' * 120}and that is all"
    DeletionReceipt.objects.update(reason=reason)
    assert reason in editor_client.get(f"{LIST}{receipt.pk}/").text


def test_while_the_job_goes_on_it_says_that_there_may_be_more(
    editor_client: Client, receipt: DeletionReceipt
) -> None:
    Job.objects.update(state="paused")
    DeletionReceipt.objects.update(ids_hash="")
    text = editor_client.get(f"{LIST}{receipt.pk}/").text
    for said in ("1 profile deleted for good so far", "has not ended: paused", "Computed when the job ends"):
        assert said in text
    assert "1 so far" in editor_client.get(LIST).text
    assert editor_client.get(f"{LIST}{receipt.pk}.json").json()["ids_hash"] is None


def test_they_are_part_of_the_jobs(editor_client: Client, receipt: DeletionReceipt) -> None:
    for url in (LIST, f"{LIST}{receipt.pk}/"):
        assert 'href="/w/acme/jobs/" aria-current="page"' in editor_client.get(url).text


def test_it_downloads_as_json(editor_client: Client, receipt: DeletionReceipt, alice: Profile) -> None:
    answer = editor_client.get(f"{LIST}{receipt.pk}.json")
    assert answer["Content-Disposition"] == f'attachment; filename="receipt-{receipt.pk}.json"'
    found = json.loads(answer.content)
    assert (found["count"], found["erased_by"], found["reason"]) == (1, "editor", "Alice's wish")
    assert (found["filter"], found["chosen_by"]) == ("country=GB", "Filter: Country: United Kingdom")
    assert found["ids_hash"] == hash_of([alice.pk])
    assert "alice" not in answer.text.replace("Alice's wish", "")


def test_the_job_and_the_list_lead_to_it(editor_client: Client, receipt: DeletionReceipt) -> None:
    link = f'href="{LIST}{receipt.pk}/"'
    assert link in editor_client.get(LIST).text
    assert link in editor_client.get(f"/w/acme/jobs/{receipt.job_id}/").text
    assert f'href="{LIST}"' in editor_client.get("/w/acme/jobs/").text


def test_the_list_goes_on_page_by_page(
    editor_client: Client, acme: Workspace, make_profile: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "ROWS", 2)
    for name in "abc":
        erase_profiles(
            acme, [make_profile(name).pk], source=Door.CONSOLE, actor=None, reason=f"reason {name}"
        )
    first = editor_client.get(LIST)
    assert ("reason c" in first.text, "reason a" in first.text) == (True, False)
    second = editor_client.get(f"{LIST}?before={first.context['older'].pk}")
    assert ("reason a" in second.text, "reason b" in second.text) == (True, False)
    assert editor_client.get(f"{LIST}?before=x").status_code == 200


def test_an_empty_list_says_what_will_be_there(editor_client: Client) -> None:
    assert "Nobody was deleted yet" in editor_client.get(LIST).text


def test_a_viewer_may_not_see_them(viewer_client: Client, receipt: DeletionReceipt) -> None:
    assert LIST not in viewer_client.get("/w/acme/jobs/").text
    for url in (LIST, f"{LIST}{receipt.pk}/", f"{LIST}{receipt.pk}.json"):
        assert viewer_client.get(url).status_code == 403


def test_that_of_another_workspace_is_not_found(
    outsider_client: Client, globex: Workspace, receipt: DeletionReceipt
) -> None:
    for url in (f"/w/globex/receipts/{receipt.pk}/", f"/w/globex/receipts/{receipt.pk}.json"):
        assert outsider_client.get(url).status_code == 404
    assert "Alice" not in outsider_client.get("/w/globex/receipts/").text


def test_one_that_does_not_exist_is_not_found(editor_client: Client) -> None:
    assert editor_client.get(f"{LIST}{uuid4()}/").status_code == 404
    assert editor_client.post(LIST).status_code == 405
