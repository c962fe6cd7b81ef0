"""The page of a job."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from profiles.models import Job, JobRefusal, Operator, Selection, Workspace


def url(job: Job) -> str:
    return f"/w/acme/jobs/{job.pk}/"


def text_of(client: Client, job: Job, **headers: str) -> str:
    answer = client.get(url(job), headers=headers)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_one_at_work_shows_how_far_it_is_and_looks_again(
    viewer_client: Client, editor: Operator, make_job: Any
) -> None:
    now = timezone.now()
    started = now - timedelta(seconds=10)
    job = make_job(
        editor,
        total=1_000,
        updated=400,
        unchanged=100,
        run=1,
        started_at=started,
        resumed_at=started,
        beat_at=now,
    )
    page = text_of(viewer_client, job)
    for words in (
        "500 of 1,000 profiles",
        "50 %",
        "50 a second · 10 s left",
        'value="500" max="1000"',
        "Running",
    ):
        assert words in page
    assert 'hx-trigger="every 2s"' in page


def test_by_bytes_where_nobody_knows_how_many_rows_there_are(
    viewer_client: Client, editor: Operator, make_job: Any
) -> None:
    now = timezone.now()
    started = now - timedelta(seconds=10)
    job = make_job(
        editor,
        kind="import",
        created=1_000,
        report={"size": 4_000, "position": 1_000},
        run=1,
        started_at=started,
        resumed_at=started,
        beat_at=now,
    )
    page = text_of(viewer_client, job)
    for words in ("1,000 rows so far", "25 % of the file", "100 a second · 30 s left"):
        assert words in page


def test_a_worker_that_is_silent_is_given_no_rate(
    viewer_client: Client, editor: Operator, make_job: Any
) -> None:
    now = timezone.now()
    then = now - timedelta(seconds=60)
    job = make_job(
        editor, total=9, updated=4, started_at=then, resumed_at=then, beat_at=then + timedelta(seconds=20)
    )
    page = text_of(viewer_client, job)
    assert "nothing new for 4" in page
    assert "a second" not in page


def test_without_any_total_the_bar_only_moves(viewer_client: Client, editor: Operator, make_job: Any) -> None:
    page = text_of(viewer_client, make_job(editor))
    assert "<progress" in page
    assert "max=" not in page.split("<progress")[1].split(">")[0]


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"state": "queued"}, "Waiting"),
        ({"state": "running", "wish": "pause"}, "Pausing…"),
        ({"state": "running", "wish": "cancel"}, "Cancelling…"),
        ({"state": "queued", "wish": "cancel"}, "Cancelling…"),
        ({"state": "paused"}, "it waits for “Resume”"),
        ({"state": "interrupted", "problem": "No disk."}, "No disk."),
        ({"state": "failed", "problem": "The property is gone."}, "It cannot go on."),
        ({"state": "cancelled"}, "Cancelled"),
        ({"state": "partial", "total": 1, "refused": 1}, "Done, some refused"),
        ({"state": "done", "total": 1, "updated": 1}, "<strong>1 profile</strong>"),
    ],
)
def test_every_state_says_what_it_is(
    viewer_client: Client, editor: Operator, make_job: Any, facts: dict[str, Any], words: str
) -> None:
    assert words in text_of(viewer_client, make_job(editor, **facts))


def test_a_turn_in_which_it_only_heard_that_it_is_to_pause_is_none(
    viewer_client: Client, editor: Operator, make_job: Any
) -> None:
    facts = {"state": "paused", "run": 2, "updated": 8, "started_at": timezone.now()}
    assert "Taken up again" in text_of(viewer_client, make_job(editor, **facts, done_before=5))
    assert "Taken up again" not in text_of(viewer_client, make_job(editor, **facts, done_before=8))


@pytest.mark.parametrize(
    ("facts", "shown"),
    [
        ({"state": "queued"}, {"pause", "cancel"}),
        ({"state": "running"}, {"pause", "cancel"}),
        ({"state": "running", "wish": "pause"}, {"resume", "cancel"}),
        ({"state": "running", "wish": "cancel"}, set()),
        ({"state": "queued", "wish": "pause"}, {"resume", "cancel"}),
        ({"state": "queued", "wish": "cancel"}, set()),
        ({"state": "paused"}, {"resume", "cancel"}),
        ({"state": "interrupted"}, {"resume", "cancel"}),
        ({"state": "interrupted", "wish": "cancel"}, {"resume", "cancel"}),
        ({"state": "failed"}, set()),
    ],
)
def test_it_offers_what_its_state_allows(
    editor_client: Client, editor: Operator, make_job: Any, facts: dict[str, Any], shown: set[str]
) -> None:
    job = make_job(editor, **facts)
    page = text_of(editor_client, job)
    assert {deed for deed in ("pause", "resume", "cancel") if f'"{url(job)}{deed}/"' in page} == shown


def test_who_may_act_on_it_sees_the_buttons(
    viewer_client: Client, editor_client: Client, admin_client: Client, admin: Operator, make_job: Any
) -> None:
    job = make_job(admin)
    assert "/cancel/" in text_of(admin_client, job)
    assert "/cancel/" not in text_of(editor_client, job)
    assert "/cancel/" not in text_of(viewer_client, job)


def test_outcomes_lead_to_those_whom_they_count(
    viewer_client: Client, editor: Operator, make_job: Any
) -> None:
    job = make_job(editor, kind="import", created=3, updated=2, unchanged=1, refused=4)
    page = text_of(viewer_client, job)
    assert f'href="/w/acme/profiles/?job={job.pk}&amp;outcome=created"' in page
    assert f'href="/w/acme/profiles/?job={job.pk}&amp;outcome=updated"' in page
    assert f'href="{url(job)}refused/"' in page
    preview = make_job(editor, kind="preview", created=3)
    assert "outcome=created" not in text_of(viewer_client, preview)
    assert "to create" in text_of(viewer_client, preview)


def test_reasons_are_counted_by_kind_with_the_first_of_each(
    viewer_client: Client, editor: Operator, make_job: Any
) -> None:
    job = make_job(editor, kind="import", state="partial", total=5, created=1, refused=4)
    for line in (7, 5, 9):  # Several writers share an import.
        reason = f"E-mail must be an e-mail address; “<{line}>” is not."
        JobRefusal.objects.create(job=job, line=line, subject=f"p{line}", reasons=[reason, "No name."])
    JobRefusal.objects.create(job=job, line=11, subject="p11", reasons=["“a” and “b” are one."])
    JobRefusal.objects.create(job=job, line=12, subject="p12", reasons=["Column “land”: “x” is no country."])
    page = text_of(viewer_client, job)
    assert "<strong>3</strong> <span><bdi>E-mail must be an e-mail address</bdi>" in page
    assert "for example in line 5: <bdi>“&lt;5&gt;” is not.</bdi>" in page
    assert "<strong>3</strong> <span><bdi>No name.</bdi><small>for example in line 5</small>" in page
    assert "<bdi>“…” and “…” are one.</bdi>" in page
    assert "<bdi>Column “land”: “…” is no country.</bdi>" in page


def test_refused_rows_that_are_kept_no_longer_are_said_to_be_gone(
    viewer_client: Client, editor: Operator, make_job: Any
) -> None:
    job = make_job(editor, kind="import", state="partial", total=4, refused=4)
    assert "These have been deleted." in text_of(viewer_client, job)


def test_whom_it_is_about_is_said_by_the_chips_of_the_filter(
    viewer_client: Client, acme: Workspace, editor: Operator, make_job: Any
) -> None:
    now = timezone.now()
    selection = Selection.objects.create(
        workspace=acme, operator=editor, query="country=DE&status=active", is_everything=True, mark=now
    )
    page = text_of(viewer_client, make_job(editor, selection=selection, parameters={"words": "Set <Plan>"}))
    assert '<bdi title="Country: Germany">' in page
    assert '<bdi title="Status: Active">' in page
    assert "Set &lt;Plan&gt;" in page


@pytest.mark.usefixtures("no_worker")
def test_it_says_when_no_worker_is_there(viewer_client: Client, editor: Operator, make_job: Any) -> None:
    now = timezone.now()
    job = make_job(editor, state="queued", queued_at=now - timedelta(minutes=1))
    assert "The worker is not running" in text_of(viewer_client, job)
    silent = make_job(editor, beat_at=now - timedelta(minutes=1))
    assert "Waiting for a worker" in text_of(viewer_client, silent)
    assert "Cancelling…" in text_of(viewer_client, make_job(editor, wish="cancel"))
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
    assert "The worker is not running" not in text_of(viewer_client, job)


def test_one_that_ended_on_the_way_says_what_it_did_and_not_so_far(
    viewer_client: Client, editor: Operator, make_job: Any
) -> None:
    ended = {"state": "failed", "run": 5, "started_at": timezone.now(), "finished_at": timezone.now()}
    page = text_of(viewer_client, make_job(editor, kind="import", created=1, refused=1, **ended))
    assert "2 rows" in page
    assert "so far" not in page
    assert "Taken up again (4 times)" in page
    assert "These have been deleted" in page
    assert "Look at" not in page


def test_one_that_was_queued_just_now_or_rests_needs_no_worker(
    viewer_client: Client, editor: Operator, make_job: Any
) -> None:
    now = timezone.now()
    long_ago = now - timedelta(hours=1)
    for facts in ({"state": "queued"}, {"state": "paused", "queued_at": long_ago}, {"beat_at": now}):
        assert "The worker is not running" not in text_of(viewer_client, make_job(editor, **facts))


def test_the_end_is_seen_by_who_started_it(
    viewer_client: Client, editor_client: Client, editor: Operator, make_job: Any
) -> None:
    now = timezone.now()
    job = make_job(editor)
    text_of(editor_client, job)
    assert Job.objects.get().seen_at is None
    Job.objects.update(state="failed", finished_at=now)
    text_of(viewer_client, job)
    assert Job.objects.get().seen_at is None
    text_of(editor_client, job)
    assert Job.objects.get().seen_at


def test_the_fragment_stops_looking_at_the_end_and_says_so_once(
    editor_client: Client, editor: Operator, make_job: Any
) -> None:
    job = make_job(editor, state="done", total=2, updated=2)
    part = text_of(editor_client, job, **{"HX-Request": "true"})
    assert "<html" not in part
    assert "every 2s" not in part
    assert "Add tags: done. 2 updated." in part
    assert "Add tags: done." not in text_of(editor_client, job, **{"HX-Request": "true"})


def test_jobs_of_others_are_not_found(
    outsider_client: Client,
    client: Client,
    globex: Workspace,
    outsider: Operator,
    make_job: Any,
    editor: Operator,
) -> None:
    job = make_job(editor)
    assert outsider_client.get(url(job)).status_code == 404
    assert outsider_client.get(f"/w/globex/jobs/{job.pk}/").status_code == 404
    assert client.get(url(job)).status_code == 302


def test_it_is_only_read(admin_client: Client, editor: Operator, make_job: Any) -> None:
    assert admin_client.post(url(make_job(editor))).status_code == 405


def test_it_stays_within_its_queries(
    viewer_client: Client, editor: Operator, make_job: Any, django_assert_max_num_queries: Any
) -> None:
    job = make_job(editor, refused=3)
    with django_assert_max_num_queries(9):
        viewer_client.get(url(job))


def test_the_time_of_one_that_was_interrupted_is_said_to_hold_its_waits(
    viewer_client: Client, editor: Operator, make_job: Any
) -> None:
    end = timezone.now()
    facts = {"state": "done", "total": 0, "started_at": end - timedelta(minutes=13), "finished_at": end}
    assert "took 13 min<" in text_of(viewer_client, make_job(editor, run=1, **facts)).replace(" <", "<")
    assert "took 13 min, waiting included" in text_of(viewer_client, make_job(editor, run=3, **facts))
