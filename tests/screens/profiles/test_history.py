"""The History tab."""

from collections.abc import Callable

import pytest
from django.test import Client

from profiles.models import Door, JobKind, Operator, Profile, Workspace
from profiles.operations.jobs.queueing import make_job
from profiles.operations.profiles import change_tags, update_profile
from profiles.operations.write import ProfileRow, write_profiles

pytestmark = pytest.mark.django_db


def url_of(profile: Profile) -> str:
    return f"/w/acme/profiles/{profile.pk}/history/"


def shown(client: Client, profile: Profile, **query: object) -> str:
    answer = client.get(url_of(profile), query)
    assert answer.status_code == 200
    page = answer.content.decode()
    return page[page.index('id="history-title"') :]


def test_it_tells_who_what_when_and_through_which_door(
    viewer_client: Client, editor: Operator, alice: Profile
) -> None:
    update_profile(alice, values={"country": "DE", "birthday": "1990-05-04"}, actor=editor)
    page = shown(viewer_client, alice)
    assert "<strong>Updated</strong> by <bdi>editor</bdi> (Profiles screen)" in page
    assert "<strong>Created</strong>" in page
    assert "United Kingdom" in page
    assert "Germany" in page
    assert "4 May 1990" in page


def test_tags_are_shown_before_and_after(viewer_client: Client, editor: Operator, alice: Profile) -> None:
    change_tags(alice, add=["beta"], actor=editor)
    assert "beta" in shown(viewer_client, alice)


def test_it_can_be_narrowed_to_one_property(viewer_client: Client, editor: Operator, alice: Profile) -> None:
    update_profile(alice, values={"city": "Oxford", "title": "Dr"}, actor=editor)
    update_profile(alice, values={"title": None}, actor=editor)
    page = shown(viewer_client, alice, property="title")
    assert page.count("history-entry") == 2
    assert "Oxford" not in page


@pytest.mark.parametrize("path", ["birthday", "no.such", "nul\0", "'; --", "x" * 3000])
def test_a_property_without_changes_says_so(viewer_client: Client, alice: Profile, path: str) -> None:
    assert "No change of this property" in shown(viewer_client, alice, property=path)


def test_long_histories_page_back_and_forth(viewer_client: Client, editor: Operator, alice: Profile) -> None:
    for number in range(60):
        update_profile(alice, values={"city": f"City {number}."}, actor=editor)
    newest = viewer_client.get(url_of(alice))
    middle = viewer_client.get(newest.context["older_url"])
    oldest = viewer_client.get(middle.context["older_url"])
    assert "City 59." in newest.content.decode()
    assert not newest.context["newer_url"]
    assert "City 20." in middle.content.decode()
    assert "Created" in oldest.content.decode()
    assert not oldest.context["older_url"]
    back = viewer_client.get(oldest.context["newer_url"])
    assert [entry.at for entry in back.context["entries"]] == [
        entry.at for entry in middle.context["entries"]
    ]


def test_a_change_names_the_job_that_made_it(viewer_client: Client, alice: Profile, editor: Operator) -> None:
    for kind, verb, city in (
        ("import", "import", "Rome"),
        ("undo", "undo", "Paris"),
        ("change", "set", "Oslo"),
    ):
        job = make_job(alice.workspace, kind=JobKind(kind), verb=verb, actor=editor)
        row = ProfileRow("alice", values={"city": city})
        write_profiles(alice.workspace, [row], mode="update", source=Door.IMPORT, actor=editor, job=job)
    page = shown(viewer_client, alice)
    assert f'(Import, <a href="/w/acme/jobs/{job.pk}/">Set a property #{job.pk}</a>)' in page
    assert f">Undo #{job.pk - 1}</a>" in page
    assert f">Import #{job.pk - 2}</a>" in page


@pytest.mark.parametrize(
    "query",
    [{"before": "x"}, {"after": "-1"}, {"before": "9" * 19}, {"before": "9" * 50}, {"after": "9" * 19}],
)
def test_odd_pages_are_answered(viewer_client: Client, alice: Profile, query: dict[str, str]) -> None:
    assert viewer_client.get(url_of(alice), query).status_code == 200


def test_a_page_past_the_end_says_so(viewer_client: Client, alice: Profile) -> None:
    assert "No changes here" in shown(viewer_client, alice, before=1)


def test_htmx_gets_the_fragment_alone(viewer_client: Client, alice: Profile) -> None:
    answer = viewer_client.get(url_of(alice), headers={"HX-Request": "true"})
    assert answer.content.decode().lstrip().startswith('<article id="profile"')


def test_another_workspace_no_login_and_the_wrong_method(
    client: Client, viewer_client: Client, outsider_client: Client, alice: Profile, globex: Workspace
) -> None:
    assert outsider_client.get(url_of(alice)).status_code == 404
    assert outsider_client.get(f"/w/globex/profiles/{alice.pk}/history/").status_code == 404
    assert client.get(url_of(alice))["Location"].startswith("/sign-in/")
    assert viewer_client.post(url_of(alice)).status_code == 405


def test_it_stays_within_its_query_count(
    viewer_client: Client,
    editor: Operator,
    alice: Profile,
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    for number in range(30):
        update_profile(alice, values={"city": f"City {number}"}, actor=editor)
    with django_assert_max_num_queries(9):
        viewer_client.get(url_of(alice))
