"""The badge in the navigation, and the notice when a job ends."""

from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from profiles.models import Job, Operator, Workspace

URL = "/w/acme/jobs/news/"
PAGE = "/w/acme/properties/"


def badge_in(page: str) -> str:
    found = page.split('<span id="jobs-news"', 1)[1]
    return " ".join(found.split("</li>", 1)[0].split("</a>", 1)[0].split())


def end(job: Job, *, seconds_ago: int = 0, **facts: object) -> None:
    finished = timezone.now() - timedelta(seconds=seconds_ago)
    values: dict[str, Any] = {"state": "done", "updated": 3, "total": 3, "finished_at": finished} | facts
    Job.objects.filter(pk=job.pk).update(**values)


def test_nothing_is_asked_again_without_a_job_of_mine_at_work(
    viewer_client: Client, viewer: Operator, editor: Operator, make_job: Any
) -> None:
    make_job(editor)
    end(make_job(viewer), seconds_ago=60)
    badge = badge_in(viewer_client.get(PAGE).content.decode())
    assert "hx-get" not in badge
    assert "1<span" in badge


def test_every_page_of_the_workspace_watches_my_jobs(
    viewer_client: Client, viewer: Operator, globex: Workspace, make_job: Any
) -> None:
    job = make_job(viewer)
    make_job(viewer, workspace=globex)
    badge = badge_in(viewer_client.get(PAGE).content.decode())
    assert f'hx-get="{URL}?watched={job.pk}"' in badge
    assert "1<span" in badge


def test_when_one_ends_there_is_a_notice_with_a_link_once(
    viewer_client: Client, viewer: Operator, make_job: Any
) -> None:
    job, other = make_job(viewer), make_job(viewer)
    end(job)
    part = viewer_client.get(f"{URL}?watched={job.pk},{other.pk}").content.decode()
    assert "Add tags: done. 3 updated." in part
    assert f'href="/w/acme/jobs/{job.pk}/"' in part
    assert f"?watched={other.pk}" in part
    part = viewer_client.get(f"{URL}?watched={other.pk}").content.decode()
    assert "Add tags" not in part


def test_the_page_of_the_job_tells_by_itself(viewer_client: Client, viewer: Operator, make_job: Any) -> None:
    job = make_job(viewer)
    end(job)
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver/w/acme/jobs/{job.pk}/"}
    part = viewer_client.get(f"{URL}?watched={job.pk}", headers=headers).content.decode()
    assert "Add tags" not in part


def test_one_that_ended_between_two_pages_is_told_by_the_second(
    viewer_client: Client, viewer: Operator, make_job: Any
) -> None:
    job = make_job(viewer)
    end(job)
    badge = badge_in(viewer_client.get(PAGE).content.decode())
    assert f"?watched={job.pk}" in badge
    part = viewer_client.get(f"{URL}?watched={job.pk}").content.decode()
    assert "Add tags: done." in part
    assert "hx-get" not in badge_in(part)


def test_the_notice_says_why_it_failed(viewer_client: Client, viewer: Operator, make_job: Any) -> None:
    job = make_job(viewer)
    end(job, state="failed", problem="The <property> is gone.")
    part = viewer_client.get(f"{URL}?watched={job.pk}").content.decode()
    assert "Add tags: failed. The &lt;property&gt; is gone." in part
    assert "notice-error" in part


def test_one_that_waits_for_a_click_is_told_and_counted_but_not_watched(
    viewer_client: Client, viewer: Operator, make_job: Any
) -> None:
    job = make_job(viewer, state="interrupted", failures=5, problem="The disk is full.")
    make_job(viewer, state="paused")
    part = viewer_client.get(f"{URL}?watched={job.pk}").content.decode()
    assert "Add tags: interrupted. The disk is full." in part
    badge = badge_in(viewer_client.get(PAGE).content.decode())
    assert "hx-get" not in badge
    assert "1<span" in badge
    Job.objects.filter(pk=job.pk).update(failures=4)
    assert "hx-get" in badge_in(viewer_client.get(PAGE).content.decode())


def test_what_is_seen_is_news_no_more(viewer_client: Client, viewer: Operator, make_job: Any) -> None:
    job = make_job(viewer)
    end(job)
    viewer_client.get(f"/w/acme/jobs/{job.pk}/")
    assert "jobs-news-some" not in viewer_client.get(PAGE).content.decode()


def test_the_list_of_mine_shows_what_ended_so_it_is_seen_there(
    viewer_client: Client, viewer: Operator, editor: Operator, make_job: Any
) -> None:
    job, others = make_job(viewer), make_job(editor)
    end(job)
    end(others)
    viewer_client.get("/w/acme/jobs/?whose=all")
    assert Job.objects.get(pk=job.pk).seen_at
    assert not Job.objects.get(pk=others.pk).seen_at


def test_a_strange_list_of_jobs_to_watch_is_no_error(viewer_client: Client) -> None:
    assert viewer_client.get(f"{URL}?watched=x,,-1").status_code == 200


def test_it_costs_one_query_besides_the_session_and_the_member(
    viewer_client: Client, viewer: Operator, make_job: Any, django_assert_max_num_queries: Any
) -> None:
    make_job(viewer)
    with django_assert_max_num_queries(5):
        viewer_client.get(URL)
