"""The list of jobs."""

from typing import Any

from django.test import Client

from profiles.models import Job, Operator, Workspace

URL = "/w/acme/jobs/"


def test_it_lists_mine_newest_first_and_everybodys_on_request(
    viewer_client: Client, viewer: Operator, editor: Operator, make_job: Any
) -> None:
    make_job(viewer, subject="<first>")
    make_job(viewer, subject="second")
    make_job(editor, subject="the editor's")
    page = viewer_client.get(URL).content.decode()
    assert page.index("second") < page.index("&lt;first&gt;")
    assert "the editor" not in page
    page = viewer_client.get(URL + "?whose=all").content.decode()
    assert "the editor" in page
    assert "second" in page


def test_it_filters_by_state_and_kind(viewer_client: Client, viewer: Operator, make_job: Any) -> None:
    make_job(viewer, subject="at work")
    make_job(viewer, subject="ended", state="failed", kind="import")
    for query, shown, hidden in [
        ("state=active", "at work", "ended"),
        ("state=failed", "ended", "at work"),
        ("kind=import", "ended", "at work"),
    ]:
        page = viewer_client.get(f"{URL}?{query}").content.decode()
        assert f">{shown}<" in page
        assert f">{hidden}<" not in page


def test_a_filter_that_is_not_understood_finds_nothing_and_says_why(
    viewer_client: Client, viewer: Operator, make_job: Any
) -> None:
    make_job(viewer, subject="at work")
    page = viewer_client.get(URL + "?state=sleeping").content.decode()
    assert "at work" not in page
    assert "State: Select a valid choice" in page


def test_it_pages_by_id_and_keeps_the_filter(viewer_client: Client, viewer: Operator, make_job: Any) -> None:
    for number in range(60):
        make_job(viewer, subject=f"number {number:02}")
    oldest = Job.objects.order_by("pk").first()
    assert oldest
    for _ in range(60):
        make_job(viewer, kind="preview")
    page = viewer_client.get(URL).content.decode()
    assert "number 35" in page
    assert "number 34" not in page
    page = viewer_client.get(URL + "?kind=change").content.decode()
    assert "number 59" in page
    assert "number 35" in page
    assert "number 34" not in page
    assert f"?kind=change&amp;before={oldest.pk + 35}" in page
    page = viewer_client.get(f"{URL}?before={oldest.pk + 10}").content.decode()
    assert "number 09" in page
    assert "number 10" not in page
    page = viewer_client.get(f"{URL}?after={oldest.pk + 9}").content.decode()
    assert "number 10" in page
    assert "number 34" in page
    assert "number 35" not in page
    assert "number 59" in viewer_client.get(f"{URL}?after={oldest.pk + 50}&before=x").content.decode()


def test_without_jobs_it_says_what_will_be_there(viewer_client: Client) -> None:
    page = viewer_client.get(URL).content.decode()
    assert "You have started no jobs yet" in page
    assert "No jobs yet" in viewer_client.get(URL + "?whose=all").content.decode()


def test_previews_are_listed_by_themselves(viewer_client: Client, viewer: Operator, make_job: Any) -> None:
    make_job(viewer, subject="tagged")
    for state in ("running", "failed"):
        make_job(viewer, kind="preview", subject=f"{state}.csv", state=state)
    page = viewer_client.get(f"{URL}?state=").content.decode()
    assert "tagged" in page
    assert ".csv" not in page
    assert "2 previews of imports are not listed, 1 going on, 1 ended since you last looked." in page
    assert f'href="{URL}?state=&amp;kind=preview"' in page
    page = viewer_client.get(f"{URL}?kind=preview").content.decode()
    assert "running.csv" in page
    assert "tagged" not in page
    assert "not listed" not in page


def test_what_is_said_of_previews_goes_by_the_filter(
    viewer_client: Client, viewer: Operator, editor: Operator, make_job: Any
) -> None:
    make_job(viewer, kind="preview", state="done", total=0, seen_at="2026-01-01T00:00Z")
    make_job(editor, kind="preview", state="done", total=0)
    assert "1 preview of imports is not listed." in viewer_client.get(URL).content.decode()
    page = viewer_client.get(f"{URL}?whose=all").content.decode()
    assert "No jobs yet" in page
    assert "2 previews of imports are not listed." in page
    assert f'href="{URL}?whose=all&amp;kind=preview"' in page
    for query in ("state=failed", "state=sleeping", "kind=import"):
        assert "not listed" not in viewer_client.get(f"{URL}?{query}").content.decode()


def test_to_look_at_the_list_is_to_know_of_its_previews(
    viewer_client: Client, viewer: Operator, make_job: Any
) -> None:
    job = make_job(viewer, kind="preview", state="failed")
    assert "1 ended since you last looked" in viewer_client.get(URL).content.decode()
    job.refresh_from_db()
    assert job.seen_at
    assert "since you last looked" not in viewer_client.get(URL).content.decode()


def test_it_looks_again_while_a_preview_goes_on(
    viewer_client: Client, viewer: Operator, make_job: Any
) -> None:
    make_job(viewer, kind="preview")
    assert 'hx-trigger="every 2s"' in viewer_client.get(URL).content.decode()


def test_it_looks_again_only_while_something_goes_on(
    viewer_client: Client, viewer: Operator, make_job: Any
) -> None:
    job = make_job(viewer)
    part = viewer_client.get(URL, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert 'hx-trigger="every 2s"' in part
    Job.objects.filter(pk=job.pk).update(state="failed")
    part = viewer_client.get(URL, headers={"HX-Request": "true"}).content.decode()
    assert "every 2s" not in part


def test_others_see_nothing(outsider_client: Client, client: Client, acme: Workspace) -> None:
    assert outsider_client.get(URL).status_code == 404
    assert client.get(URL).status_code == 302


def test_it_is_only_read(admin_client: Client) -> None:
    assert admin_client.post(URL).status_code == 405


def test_its_queries_do_not_grow_with_the_jobs(
    viewer_client: Client, viewer: Operator, make_job: Any, django_assert_max_num_queries: Any
) -> None:
    for _ in range(25):
        make_job(viewer)
    with django_assert_max_num_queries(8):
        viewer_client.get(URL)
