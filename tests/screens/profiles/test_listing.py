"""The listing's page."""

from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from profiles.models import Member, Profile, Workspace
from tests.conftest import Make

URL = "/w/acme/profiles/"


def test_it_lists_the_workspaces_profiles(viewer_client: Client, alice: Profile) -> None:
    answer = viewer_client.get(URL)
    assert answer.status_code == 200
    for text in (
        f"{URL}{alice.pk}/",
        "Alice Liddell",
        "alice@example.com",
        "United Kingdom",
        "vip",
        "1 profile",
    ):
        assert text in answer.text


def test_it_sends_who_is_not_signed_in_to_the_sign_in(client: Client, acme: Workspace) -> None:
    answer = client.get(URL)
    assert answer.status_code == 302
    assert "/sign-in/" in answer["Location"]


def test_it_hides_the_workspace_from_an_outsider(outsider_client: Client, alice: Profile) -> None:
    assert outsider_client.get(URL).status_code == 404


def test_it_does_not_show_profiles_of_another_workspace(
    viewer_client: Client, globex: Workspace, make_profile: Make
) -> None:
    make_profile("stranger", workspace=globex)
    assert "stranger" not in viewer_client.get(URL).text


def test_it_refuses_a_post(editor_client: Client, acme: Workspace) -> None:
    assert editor_client.post(URL).status_code == 405


def test_it_answers_htmx_with_the_results_only(viewer_client: Client, alice: Profile) -> None:
    answer = viewer_client.get(URL, headers={"HX-Request": "true"})
    assert answer.text.strip().startswith('<div id="results"')
    assert 'id="tools"' in answer.text
    assert "<html" not in answer.text


def test_a_viewer_sees_no_boxes_and_no_buttons(viewer_client: Client, alice: Profile) -> None:
    text = viewer_client.get(URL).text
    for part in ("data-select-row", "data-select-bar", "Create profile", "Delete"):
        assert part not in text


def test_an_editor_sees_boxes_and_buttons(editor_client: Client, alice: Profile) -> None:
    text = editor_client.get(URL).text
    for part in ("data-select-row", "data-select-bar", "Create profile", f"{URL}{alice.pk}/delete/"):
        assert part in text


@pytest.mark.parametrize("query", ["", "?q=alice", "?r1f=custom.plan&r1o=is&r1v=pro", "?tags=vip&sort=name"])
def test_it_stays_within_its_number_of_queries(
    editor_client: Client, alice: Profile, make_profile: Make, query: str
) -> None:
    for number in range(30):
        make_profile(f"alice-{number}", tags=["vip", "new"])
    editor_client.get(URL)
    with CaptureQueriesContext(connection) as queries:
        assert editor_client.get(URL + query).status_code == 200
    assert len(queries) <= 13


def test_pages_keep_filter_and_order(editor_client: Client, make_profile: Make) -> None:
    for number in range(30):
        make_profile(f"person-{number:02}", country="DE")
    first = editor_client.get(URL, {"country": "DE", "sort": "distinct_id", "size": "25"})
    assert "person-24" in first.text
    assert "person-25" not in first.text
    following = first.context["pages"]["next_url"]
    assert "country=DE" in following
    assert "sort=distinct_id" in following
    second = editor_client.get(URL + following)
    assert "person-25" in second.text
    assert "person-24" not in second.text
    assert second.context["pages"]["next_url"] == ""
    assert "person-24" in editor_client.get(URL + second.context["pages"]["previous_url"]).text
    assert "person-29" in editor_client.get(URL + first.context["pages"]["last_url"]).text


def test_a_chip_takes_away_its_filter_only(viewer_client: Client, alice: Profile) -> None:
    answer = viewer_client.get(URL, {"country": "GB", "status": "active", "size": "25", "page": "nonsense"})
    urls = [chip.remove_url for chip in answer.context["chips"]]
    assert urls == [f"{URL}?country=GB&size=25", f"{URL}?status=active&size=25"]
    assert answer.context["clear_url"] == f"{URL}?size=25"


def test_chips_of_which_one_is_enough_have_an_or_between_them(viewer_client: Client, alice: Profile) -> None:
    rules = "r1f=city&r1o=is&r1v=London&r2f=country&r2o=is&r2v=GB&r2g=2&match=any"
    answer = viewer_client.get(f"{URL}?status=active&{rules}")
    assert [(chip.label, chip.joint) for chip in answer.context["chips"]] == [
        ("Status: Active", ""),
        ("City is London", ""),
        ("Country is United Kingdom", "or"),
    ]
    assert '<li class="text-secondary">or</li>' in answer.text


def test_a_search_is_no_filter_of_the_panel(viewer_client: Client, alice: Profile) -> None:
    assert viewer_client.get(URL, {"q": "alice"}).context["active_filters"] == 0
    assert viewer_client.get(URL, {"q": "alice", "country": "GB"}).context["active_filters"] == 1


def test_a_filter_that_is_not_understood_finds_nobody_and_says_why(
    editor_client: Client, alice: Profile
) -> None:
    answer = editor_client.get(URL, {"contry": "GB"})
    assert "There is no filter “contry”." in answer.text
    assert "Alice" not in answer.text


def test_what_is_not_a_filter_is_noted_and_passed_over(editor_client: Client, alice: Profile) -> None:
    answer = editor_client.get(URL, {"sort": "shoe", "page": "x", "size": "7"})
    assert len(answer.context["state"].notes) == 3
    assert "Alice" in answer.text


def test_nothing_found_says_which_filter_to_loosen(editor_client: Client, alice: Profile) -> None:
    answer = editor_client.get(URL, {"q": "alice", "country": "FR"})
    assert "No profile matches" in answer.text
    assert [(each.label, each.found) for each in answer.context["loosened"]] == [
        ("Country: France", "1 profile")
    ]


def test_deleting_a_row_comes_back_to_the_filter(editor_client: Client, alice: Profile) -> None:
    text = editor_client.get(URL, {"q": "ali", "size": "25"}).text
    erase = f"{URL}{alice.pk}/delete/?back=q%3Dali%26size%3D25"
    assert text.count(erase) == 2
    assert 'name="back" value="q=ali&amp;size=25"' in editor_client.get(erase).text
    answer = editor_client.post(erase, {"back": "q=ali&size=25"})
    assert answer["Location"] == f"{URL}?q=ali&size=25"


def test_an_empty_workspace_says_what_to_do_first(
    editor_client: Client, viewer_client: Client, acme: Workspace
) -> None:
    assert "Create the first one" in editor_client.get(URL).text
    assert "Create profile" not in viewer_client.get(URL).text


def test_hostile_texts_are_shown_as_texts(editor_client: Client, make_profile: Make) -> None:
    hostile = '<script>alert("x")</script>'
    make_profile(hostile, name=hostile, tags=[hostile], custom__plan=hostile)
    make_profile("עברית 👩‍👩‍👧‍👦 " + "x" * 1000, name="\u202eright to left")
    text = editor_client.get(URL).text
    assert hostile not in text
    assert "&lt;script&gt;" in text
    assert hostile not in editor_client.get(f"{URL}?q={quote(hostile)}").text


def test_it_shows_the_columns_that_the_operator_keeps(
    viewer_client: Client, alice: Profile, acme: Workspace
) -> None:
    member = Member.objects.get(operator__username="viewer")
    member.preferences = {"columns": ["city", "custom.gone", "channel.sms"], "page_size": 25}
    member.save()
    answer = viewer_client.get(URL)
    assert [column.path for column in answer.context["state"].columns] == [
        "distinct_id",
        "city",
        "channel.sms",
    ]
    assert answer.context["state"].size == 25
    assert "alice@example.com" not in answer.text


def test_a_filter_too_long_for_an_address_finds_nothing_and_says_why(
    editor_client: Client, alice: Profile
) -> None:
    rules = "&".join(f"r{n}f=name&r{n}o=is_not&r{n}v={'x' * 800}" for n in range(1, 12))
    text = editor_client.get(f"/w/acme/profiles/?{rules}").content.decode()
    assert "longer than an address may be (8,000 characters)" in text
    assert "Liddell" not in text
