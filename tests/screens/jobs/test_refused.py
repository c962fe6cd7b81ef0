"""The refused rows of a job, as a table and as a file."""

import csv
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from profiles.models import Job, JobRefusal, Operator


@pytest.fixture
def job(editor: Operator, make_job: Any) -> Job:
    made: Job = make_job(editor, state="partial", total=120, refused=120)
    JobRefusal.objects.bulk_create(
        JobRefusal(job=made, subject=f"p{number:03}", reasons=[f"“<{number}>” is odd.", "So it is."])
        for number in range(120)
    )
    return made


def test_it_shows_all_of_them_page_by_page(viewer_client: Client, job: Job) -> None:
    url = f"/w/acme/jobs/{job.pk}/refused/"
    page = viewer_client.get(url).content.decode()
    assert "p000" in page
    assert "“&lt;49&gt;” is odd." in page
    assert "p050" not in page
    assert "50 of 120" in page
    last = JobRefusal.objects.get(subject="p049")
    assert f"?beyond=-{last.pk}" in page
    page = viewer_client.get(f"{url}?beyond=-{last.pk}").content.decode()
    assert "p050" in page
    assert "p099" in page
    assert "p100" not in page


def test_rows_of_a_file_come_in_its_order(viewer_client: Client, job: Job) -> None:
    Job.objects.update(kind="import")
    for number, refusal in enumerate(JobRefusal.objects.order_by("-pk")):
        JobRefusal.objects.filter(pk=refusal.pk).update(line=1_000 + number)
    url = f"/w/acme/jobs/{job.pk}/refused/"
    page = viewer_client.get(url).content.decode()
    assert page.index("p119") < page.index("p118")
    assert "1,000" in page
    last = JobRefusal.objects.get(line=1_049)
    assert f"?beyond=1049-{last.pk}" in page
    page = viewer_client.get(f"{url}?beyond=1049-{last.pk}").content.decode()
    assert "p069" in page
    assert "p070" not in page


@pytest.mark.parametrize("beyond", ["x", "1", "-", "9" * 40, "1-2-3", "۱-۲"])
def test_a_place_that_is_none_is_the_beginning(viewer_client: Client, job: Job, beyond: str) -> None:
    answer = viewer_client.get(f"/w/acme/jobs/{job.pk}/refused/", {"beyond": beyond})
    assert "p000" in answer.content.decode()


def test_the_file_has_all_of_them_and_no_formula(editor_client: Client, job: Job) -> None:
    JobRefusal.objects.filter(subject="p000").update(subject="=1+1")
    answer = editor_client.get(f"/w/acme/jobs/{job.pk}/refused/file/")
    lines = list(csv.reader(answer.getvalue().decode().splitlines()))
    assert lines[0] == ["distinct_id", "reasons"]
    assert lines[1] == ["'=1+1", "“<0>” is odd. So it is."]
    assert len(lines) == 121
    assert "attachment" in answer["Content-Disposition"]


def test_viewers_look_but_take_nothing_along(viewer_client: Client, job: Job) -> None:
    assert "/refused/file/" not in viewer_client.get(f"/w/acme/jobs/{job.pk}/refused/").content.decode()
    assert viewer_client.get(f"/w/acme/jobs/{job.pk}/refused/file/").status_code == 403


def test_a_job_that_refused_nothing_says_so(viewer_client: Client, editor: Operator, make_job: Any) -> None:
    job = make_job(editor, state="done", total=0)
    assert "Nothing is here" in viewer_client.get(f"/w/acme/jobs/{job.pk}/refused/").content.decode()


def test_jobs_of_others_are_not_found(outsider_client: Client, job: Job) -> None:
    for end in ("refused/", "refused/file/"):
        assert outsider_client.get(f"/w/globex/jobs/{job.pk}/{end}").status_code == 404


@pytest.fixture
def imported(editor: Operator, make_job: Any, settings: Any, tmp_path: Path) -> Job:
    """An import that refused a row of its file."""
    settings.FILES_DIR = str(tmp_path)
    table = {"format": "csv", "delimiter": ";", "header": ["distinct_id", "email"]}
    made: Job = make_job(
        editor,
        kind="import",
        subject="people.csv",
        state="partial",
        total=1,
        refused=1,
        report={"table": table},
    )
    JobRefusal.objects.create(job=made, line=7, subject="bob", reasons=["No e-mail."], row=["bob", "x;y"])
    return made


def test_those_of_a_file_come_back_with_its_columns(editor_client: Client, imported: Job) -> None:
    answer = editor_client.get(f"/w/acme/jobs/{imported.pk}/refused/file/")
    assert answer.getvalue().decode() == 'line;error;distinct_id;email\n7;No e-mail.;bob;"x;y"\n'
    assert answer["Content-Disposition"] == 'attachment; filename="people.rejected.csv"'


def test_a_file_that_was_never_read_has_none_to_give_back(editor_client: Client, imported: Job) -> None:
    Job.objects.update(report={})
    answer = editor_client.get(f"/w/acme/jobs/{imported.pk}/refused/file/", follow=True)
    assert "This job has not read any row of a file." in answer.content.decode()


def test_they_can_be_tried_again_as_a_job_of_its_own(editor_client: Client, imported: Job) -> None:
    assert (
        f"/w/acme/jobs/{imported.pk}/retry/"
        in editor_client.get(f"/w/acme/jobs/{imported.pk}/").content.decode()
    )
    answer = editor_client.post(f"/w/acme/jobs/{imported.pk}/retry/")
    again = Job.objects.exclude(pk=imported.pk).get()
    assert answer["Location"] == f"/w/acme/jobs/{again.pk}/"
    assert (again.kind, again.state, again.total) == ("import", "queued", 1)
    assert again.file
    assert "x;y" in again.file.path.read_text()


def test_a_job_and_what_tried_it_again_lead_to_each_other(editor_client: Client, imported: Job) -> None:
    url = f"/w/acme/jobs/{imported.pk}/"
    assert "Tried again" not in editor_client.get(url).content.decode()
    tries = [editor_client.post(f"{url}retry/")["Location"] for _ in range(2)]
    page = editor_client.get(url).content.decode()
    assert page.count("Tried again") == 3  # The list says it, too.
    for again in tries:
        assert f'href="{again}"' in page
        assert f'href="{url}" id="job-retries"' in editor_client.get(again).content.decode()


def test_only_who_may_act_on_the_job_tries_again(
    viewer_client: Client, editor_client: Client, admin_client: Client, admin: Operator, imported: Job
) -> None:
    Job.objects.update(operator=admin)
    for client in (viewer_client, editor_client):
        assert client.post(f"/w/acme/jobs/{imported.pk}/retry/").status_code == 403
    assert admin_client.get(f"/w/acme/jobs/{imported.pk}/retry/").status_code == 405
    assert Job.objects.count() == 1


def test_what_refused_nothing_cannot_be_tried_again(
    editor_client: Client, editor: Operator, make_job: Any
) -> None:
    job = make_job(editor, kind="import", state="done", total=0)
    answer = editor_client.post(f"/w/acme/jobs/{job.pk}/retry/", follow=True)
    assert "Rows can be tried again once" in answer.content.decode()
