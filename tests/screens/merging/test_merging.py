"""Merging on the screen: find the other, compare, merge, take it back."""

import re
from html import unescape

import pytest
from django.test import Client

from profiles.models import Door, Merge, Operator, Profile, ProfileChange, Workspace
from profiles.operations.merging import merge_profiles
from profiles.operations.profiles import change_tags, update_profile
from profiles.operations.renaming import rename_profile
from tests.conftest import Make

pytestmark = pytest.mark.django_db


def find_url(profile: Profile) -> str:
    return f"/w/acme/merging/{profile.pk}/"


def compare_url(survivor: Profile, absorbed: Profile) -> str:
    return f"/w/acme/merging/{survivor.pk}/{absorbed.pk}/"


def undo_url(merge: Merge) -> str:
    return f"/w/acme/merging/undo/{merge.pk}/"


def text_of(client: Client, url: str, **query: str) -> str:
    answer = client.get(url, query)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def filled_in(page: str) -> dict[str, str]:
    """What a browser would post of the page's form, untouched."""
    hidden = re.findall(r'type="hidden" name="(seen[^"]+)" value="([^"]*)"', page)
    chosen = re.findall(r'name="(choice\.[^"]+)" value="([^"]+)" checked', page)
    return dict(hidden + chosen)


@pytest.fixture
def alia(make_profile: Make) -> Profile:
    return make_profile(
        "alia",
        name="Alice Liddell",
        email="Alice@example.com",
        city="Oxford",
        tags=["new"],
        custom__plan="free",
    )


@pytest.fixture
def merged(alice: Profile, alia: Profile, editor: Operator) -> Merge:
    return merge_profiles(
        alice.workspace, absorbed=alia.pk, survivor=alice.pk, door=Door.CONSOLE, actor=editor
    )


def test_the_likely_ones_come_first(editor_client: Client, alice: Profile, alia: Profile) -> None:
    page = text_of(editor_client, find_url(alice))
    assert "Likely the same person" in page
    assert page.count('class="candidate"') == 1
    assert compare_url(alice, alia) in page
    assert ">e-mail<" in page
    assert ">name<" in page
    assert find_url(alice) in text_of(editor_client, f"/w/acme/profiles/{alice.pk}/")


def test_a_search_finds_others_of_the_same_environment(
    editor_client: Client, alice: Profile, make_profile: Make, globex: Workspace
) -> None:
    bob = make_profile("bob-live")
    make_profile("bob-test", environment="test")
    make_profile("bob-globex", workspace=globex)
    page = text_of(editor_client, find_url(alice), q="bob")
    assert page.count('class="candidate"') == 1
    assert compare_url(alice, bob) in page
    assert "Nobody else is found" in text_of(editor_client, find_url(alice), q="alice")
    assert "Nobody else is found" in text_of(editor_client, find_url(alice), q="nul\0")


def test_htmx_gets_the_list_alone(editor_client: Client, alice: Profile) -> None:
    answer = editor_client.get(find_url(alice), {"q": "x"}, headers={"HX-Request": "true"})
    assert answer.content.decode().strip().startswith('<section id="candidates"')


def test_both_are_shown_side_by_side(editor_client: Client, alice: Profile, alia: Profile) -> None:
    page = text_of(editor_client, compare_url(alice, alia))
    assert set(re.findall(r'name="choice\.([^"]+)"', page)) == {"name", "email", "city", "custom.plan"}
    assert filled_in(page).items() >= {("choice.email", "survivor"), ("choice.city", "absorbed")}
    assert compare_url(alia, alice) in page
    assert "Both stay" in page


def test_what_is_ticked_is_what_stays(editor_client: Client, alice: Profile, alia: Profile) -> None:
    posted = filled_in(text_of(editor_client, compare_url(alice, alia)))
    posted |= {"choice.custom.plan": "absorbed", "choice.city": "survivor", "choice.tags": "absorbed"}
    answer = editor_client.post(compare_url(alice, alia), posted, follow=True)
    assert answer.redirect_chain[0][0] == f"/w/acme/profiles/{alice.pk}/"
    assert "It can be taken back" in answer.content.decode()
    alice.refresh_from_db()
    assert (alice.name, alice.city, alice.custom, alice.tags) == (
        "Alice Liddell",
        "",
        {"plan": "free"},
        ["vip", "new"],
    )
    entry = alice.changes.get(deed="merged")
    assert (entry.door, entry.actor) == ("console", "editor")


def test_nobody_merges_what_has_changed_meanwhile(
    editor_client: Client, editor: Operator, alice: Profile, alia: Profile
) -> None:
    posted = filled_in(text_of(editor_client, compare_url(alice, alia))) | {"choice.city": "survivor"}
    update_profile(alia, values={"city": "Rome"}, actor=editor)
    answer = editor_client.post(compare_url(alice, alia), posted)
    assert answer.status_code == 409
    page = unescape(answer.content.decode())
    assert "“alia” was changed meanwhile" in page
    assert "Rome" in page
    again = filled_in(page)
    assert again["choice.city"] == "survivor"
    assert editor_client.post(compare_url(alice, alia), again).status_code == 302


@pytest.mark.parametrize("seen", ["", "yesterday", "2026-01-01T00:00:00"])
def test_a_form_without_times_merges_nothing(
    editor_client: Client, alice: Profile, alia: Profile, seen: str
) -> None:
    posted = {f"seen.{each.pk}": seen for each in (alice, alia)}
    assert editor_client.post(compare_url(alice, alia), posted).status_code == 409
    assert Profile.objects.count() == 2


def test_pairs_that_cannot_be(editor_client: Client, alice: Profile, make_profile: Make) -> None:
    tester = make_profile("tester", environment="test")
    page = text_of(editor_client, compare_url(alice, tester))
    assert "A live profile cannot be merged with a test profile" in page
    assert "choice." not in page


def test_who_merges_twice_comes_to_what_they_are_now(
    editor_client: Client, alice: Profile, alia: Profile
) -> None:
    posted = filled_in(text_of(editor_client, compare_url(alice, alia)))
    for _ in range(2):
        answer = editor_client.post(compare_url(alice, alia), posted, follow=True)
        assert answer.redirect_chain[-1][0] == f"/w/acme/profiles/{alice.pk}/"
    assert "These are one profile" in answer.content.decode()


def test_every_address_of_the_absorbed_leads_to_the_survivor(
    viewer_client: Client, editor_client: Client, alice: Profile, alia: Profile, merged: Merge
) -> None:
    for route in ("", "history/"):
        answer = viewer_client.get(f"/w/acme/profiles/{alia.pk}/{route}?back=q%3Dx")
        assert answer["Location"] == f"/w/acme/profiles/{alice.pk}/{route}?back=q%3Dx"
    assert viewer_client.get("/w/acme/profiles/by-id/alia/")["Location"] == f"/w/acme/profiles/{alice.pk}/"
    assert editor_client.get(find_url(alia))["Location"] == find_url(alice)
    gone = editor_client.post(f"/w/acme/profiles/{alia.pk}/update/", {"city": "Rome"})
    assert gone.status_code == 404
    assert f"/w/acme/profiles/{alice.pk}/" in gone.content.decode()


def test_the_history_says_whose_it_was_and_offers_the_way_back(
    viewer_client: Client, editor_client: Client, alice: Profile, merged: Merge
) -> None:
    url = f"/w/acme/profiles/{alice.pk}/history/"
    page = text_of(editor_client, url)
    assert "<strong>Merged</strong> by <bdi>editor</bdi>" in page
    assert page.count("which was merged into this profile later") == 1
    assert undo_url(merged) in page
    assert undo_url(merged) not in text_of(viewer_client, url)


def test_it_says_what_the_survivor_would_lose(
    editor_client: Client, editor: Operator, alice: Profile, merged: Merge
) -> None:
    change_tags(alice, add=["later"], remove=["vip"], actor=editor)
    page = text_of(editor_client, undo_url(merged))
    assert re.findall(r"<dt><bdi>(.+?)</bdi></dt>", page) == ["Name", "City", "Tags"]
    assert "Oxford" in page
    told = re.sub(r"<[^>]+>|\s+", " ", page)
    assert re.search(r"from\s+new\s+later\s+to\s+later", told)


def test_a_merge_is_taken_back(editor_client: Client, alice: Profile, alia: Profile, merged: Merge) -> None:
    assert "Take this merge back?" in text_of(editor_client, undo_url(merged))
    answer = editor_client.post(undo_url(merged), follow=True)
    assert answer.redirect_chain[0][0] == f"/w/acme/profiles/{alice.pk}/"
    assert f"/w/acme/profiles/{alia.pk}/" in answer.content.decode()
    assert Profile.objects.filter(pk=alia.pk).exists()
    assert editor_client.post(undo_url(merged)).status_code == 404
    assert "<strong>Un-merged</strong>" in text_of(editor_client, f"/w/acme/profiles/{alice.pk}/history/")


def test_what_stands_in_the_way_is_named(
    editor_client: Client, editor: Operator, alice: Profile, merged: Merge
) -> None:
    alice.refresh_from_db()
    update_profile(alice, values={"city": "Rome"}, actor=editor)
    page = text_of(editor_client, undo_url(merged))
    assert "City was changed since" in page
    assert "Yes, un-merge" not in page
    assert editor_client.post(undo_url(merged)).status_code == 409
    assert Merge.objects.exists()


def test_a_renamed_profile_is_found_under_its_old_address(
    viewer_client: Client, acme: Workspace, alice: Profile
) -> None:
    renamed = rename_profile(acme, alice.pk, "alice-2", door=Door.API, actor=None)
    answer = viewer_client.get(f"/w/acme/profiles/{alice.pk}/")
    assert answer["Location"] == f"/w/acme/profiles/{renamed.pk}/"
    assert "<strong>Renamed</strong>" in text_of(viewer_client, f"/w/acme/profiles/{renamed.pk}/history/")


def test_viewers_may_not(viewer_client: Client, alice: Profile, alia: Profile, merged: Merge) -> None:
    for url in (find_url(alice), compare_url(alice, alia), undo_url(merged)):
        assert viewer_client.get(url).status_code == 403
        assert viewer_client.post(url).status_code in (403, 405)
    assert Merge.objects.exists()


def test_members_of_other_workspaces_find_nothing(
    outsider_client: Client, alice: Profile, alia: Profile, merged: Merge
) -> None:
    for url in (undo_url(merged), find_url(alia), compare_url(alice, alia)):
        for workspace in ("acme", "globex"):
            assert outsider_client.get(url.replace("acme", workspace)).status_code == 404
    assert outsider_client.post(undo_url(merged).replace("acme", "globex")).status_code == 404
    assert ProfileChange.objects.filter(deed="unmerged").count() == 0
