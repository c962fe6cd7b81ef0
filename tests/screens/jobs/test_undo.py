"""The page that asks before a job is undone."""

from collections.abc import Callable

import pytest
from django.test import Client

from profiles.models import Door, Job, JobKind, JobState, Operator, Profile, Workspace
from profiles.operations.jobs import queueing, run_job
from profiles.operations.profiles import update_profile
from profiles.operations.write import ProfileRow, write_profiles

Did = Callable[..., Job]


@pytest.fixture
def did(acme: Workspace, editor: Operator) -> Did:
    """An import of the editor's that has written these rows, and ended."""

    def did(*rows: ProfileRow, kind: JobKind = JobKind.IMPORT) -> Job:
        job = queueing.make_job(acme, kind=kind, actor=editor, subject="people.csv")
        outcomes = write_profiles(acme, rows, mode="upsert", source=Door.IMPORT, actor=editor, job=job)
        created = sum(outcome.status == "created" for outcome in outcomes)
        facts = {"created": created, "updated": len(rows) - created, "total": len(rows)}
        Job.objects.filter(pk=job.pk).update(state=JobState.DONE, **facts)
        return Job.objects.get(pk=job.pk)

    return did


def url_of(job: Job) -> str:
    return f"/w/acme/jobs/{job.pk}/undo/"


def test_it_says_what_would_come_back_go_and_stay(
    editor_client: Client, editor: Operator, alice: Profile, did: Did
) -> None:
    values = {"country": "DE", "city": "<Rome>"}
    job = did(ProfileRow("alice", values=values), ProfileRow("bob"), ProfileRow("carol"))
    update_profile(Profile.objects.get(distinct_id="carol"), values={"city": "Paris"}, actor=editor)
    page = editor_client.get(url_of(job)).content.decode()
    assert "<strong>1</strong> <span>put back</span>" in page
    assert "<strong>1</strong> <span>removed</span>" in page
    assert "<strong>1</strong> <span>left alone, at least in part</span>" in page
    assert "The job created the profile, and somebody changed it since" in page
    assert "&lt;Rome&gt;" in page
    assert "<Rome>" not in page
    assert "cannot be recovered" in page


def test_posting_starts_the_undo_and_shows_its_page(editor_client: Client, alice: Profile, did: Did) -> None:
    job = did(ProfileRow("alice", values={"country": "DE"}))
    answer = editor_client.post(url_of(job))
    undo = job.undone_by.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/w/acme/jobs/{undo.pk}/")
    run_job(undo.pk)
    assert Profile.objects.get().country == "GB"


def test_the_second_click_is_told_of_the_first(editor_client: Client, alice: Profile, did: Did) -> None:
    job = did(ProfileRow("alice", values={"country": "DE"}))
    editor_client.post(url_of(job))
    answer = editor_client.post(url_of(job), follow=True)
    assert "This job is being undone already" in answer.content.decode()
    assert job.undone_by.count() == 1
    page = editor_client.get(url_of(job)).content.decode()
    assert "This job is being undone already" in page
    assert "Undo the job" not in page


def test_what_cannot_be_undone_says_why(editor_client: Client, did: Did) -> None:
    page = editor_client.get(url_of(did(ProfileRow("bob"), kind=JobKind.ERASE))).content.decode()
    assert "A deletion cannot be undone" in page
    assert "Undo the job" not in page


def test_the_page_of_a_job_leads_to_its_undo_and_back(
    editor_client: Client, alice: Profile, did: Did
) -> None:
    job = did(ProfileRow("alice", values={"country": "DE"}))
    assert url_of(job) in editor_client.get(f"/w/acme/jobs/{job.pk}/").content.decode()
    undo = run_job(int(editor_client.post(url_of(job))["Location"].split("/")[-2]))
    page = editor_client.get(f"/w/acme/jobs/{job.pk}/").content.decode()
    assert url_of(job) not in page
    assert f"/w/acme/jobs/{undo.pk}/" in page
    page = editor_client.get(f"/w/acme/jobs/{undo.pk}/").content.decode()
    assert url_of(undo) in page
    assert f"/w/acme/jobs/{job.pk}/" in page


def test_large_jobs_are_estimated_from_a_sample_and_from_what_they_counted(
    editor_client: Client, did: Did
) -> None:
    did(*(ProfileRow(f"p{n}") for n in range(0, 1_200, 7)))
    job = did(*(ProfileRow(f"p{n}", values={"city": "Rome"}) for n in range(1_200)))
    page = editor_client.get(url_of(job)).content.decode()
    assert "<strong>about 172</strong> <span>put back</span>" in page
    assert "<strong>about 1,028</strong> <span>removed</span>" in page
    assert "estimated from 1,000 profiles" in page


def test_it_takes_few_statements_whatever_the_size(
    editor_client: Client, did: Did, django_assert_max_num_queries: Callable[..., object]
) -> None:
    job = did(*(ProfileRow(f"p{n}") for n in range(200)))
    with django_assert_max_num_queries(16):
        editor_client.get(url_of(job))


def test_a_viewer_and_another_editor_may_not(
    viewer_client: Client, admin_client: Client, alice: Profile, acme: Workspace, did: Did
) -> None:
    job = did(ProfileRow("alice", values={"country": "DE"}))
    assert viewer_client.post(url_of(job)).status_code == 403
    assert admin_client.get(url_of(job)).status_code == 200
    Job.objects.filter(pk=job.pk).update(operator=None)
    assert not job.undone_by.exists()


def test_an_editor_may_not_undo_what_somebody_else_did(
    editor_client: Client, admin: Operator, alice: Profile, did: Did
) -> None:
    job = did(ProfileRow("alice", values={"country": "DE"}))
    Job.objects.filter(pk=job.pk).update(operator=admin)
    assert editor_client.post(url_of(job)).status_code == 403


def test_a_job_of_another_workspace_is_not_found(
    outsider_client: Client, editor_client: Client, alice: Profile, did: Did
) -> None:
    job = did(ProfileRow("alice", values={"country": "DE"}))
    assert outsider_client.post(url_of(job)).status_code == 404
    assert editor_client.post("/w/acme/jobs/999999/undo/").status_code == 404
