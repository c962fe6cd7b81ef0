"""The page of one profile, and its Overview tab."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from profiles.models import Member, Operator, Profile, ProfileChange, PropertyDefinition, Workspace
from profiles.operations.write import NewIdentifier, ProfileRow, write_profiles
from profiles.queries.profile import ORIGIN_DEPTH
from tests.browser_forms import form_of

pytestmark = pytest.mark.django_db


def page_of(profile: Profile) -> str:
    return f"/w/{profile.workspace.slug}/profiles/{profile.pk}/"


def test_it_shows_who_the_person_is(editor_client: Client, alice: Profile) -> None:
    page = editor_client.get(page_of(alice)).content.decode()
    assert "Alice Liddell" in page
    assert 'data-copy="alice"' in page
    assert "vip" in page
    assert form_of(page, "/update/").fields["email"] == "alice@example.com"


def test_the_distinct_id_is_no_field(editor_client: Client, alice: Profile) -> None:
    assert 'name="distinct_id"' not in editor_client.get(page_of(alice)).content.decode()


def test_a_viewer_reads_and_gets_no_buttons(viewer_client: Client, alice: Profile) -> None:
    page = viewer_client.get(page_of(alice)).content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    assert "alice@example.com" in main
    assert "<form" not in main
    assert "<input" not in main
    assert "/delete/" not in main


def test_it_is_not_found_in_another_workspace(
    outsider_client: Client, alice: Profile, globex: Workspace
) -> None:
    assert outsider_client.get(page_of(alice)).status_code == 404
    assert outsider_client.get(f"/w/globex/profiles/{alice.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("text", "zone"),
    [("9999-12-31T23:59:59+00:00", "Asia/Tokyo"), ("0001-01-01T00:00:00+00:00", "America/New_York")],
)
def test_a_moment_at_the_calendars_edge_shows_on_every_page(
    editor_client: Client, editor: Operator, alice: Profile, text: str, zone: str
) -> None:
    Operator.objects.filter(pk=editor.pk).update(timezone=zone)
    Profile.objects.filter(pk=alice.pk).update(last_seen_at=datetime.fromisoformat(text))
    alice.changes.update(new={"last_seen_at": text})
    Member.objects.filter(operator=editor).update(preferences={"columns": ["last_seen_at"]})
    for url in (page_of(alice), f"{page_of(alice)}history/", "/w/acme/profiles/"):
        page = editor_client.get(url)
        assert page.status_code == 200, url
        assert text in page.content.decode(), url


def test_without_a_login_one_is_sent_to_sign_in(client: Client, alice: Profile) -> None:
    answer = client.get(page_of(alice))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/")


def test_it_rejects_the_wrong_method(editor_client: Client, alice: Profile) -> None:
    assert editor_client.post(page_of(alice)).status_code == 405


def test_a_missing_profile_is_not_found(editor_client: Client, acme: Workspace) -> None:
    missing = "/w/acme/profiles/00000000-0000-8000-8000-000000000000/"
    assert editor_client.get(missing).status_code == 404


def test_htmx_gets_the_fragment_alone(editor_client: Client, alice: Profile) -> None:
    answer = editor_client.get(page_of(alice), headers={"HX-Request": "true"})
    assert answer.content.decode().lstrip().startswith('<article id="profile"')
    assert "HX-Request" in answer["Vary"]


def test_it_stays_within_its_query_count(
    editor_client: Client, alice: Profile, django_assert_max_num_queries: Callable[..., object]
) -> None:
    editor_client.get(page_of(alice))
    with django_assert_max_num_queries(9):
        editor_client.get(page_of(alice))


def test_other_names_of_the_person_are_told(viewer_client: Client, alice: Profile) -> None:
    row = ProfileRow(distinct_id="alice", identifiers=[NewIdentifier("alice-before-the-merge")])
    write_profiles(alice.workspace, [row], mode="update", source="console", actor=None)
    assert "alice-before-the-merge" in viewer_client.get(page_of(alice)).content.decode()


def test_of_many_identifiers_some_are_shown_and_the_rest_counted(
    acme: Workspace, viewer_client: Client, alice: Profile
) -> None:
    names = [NewIdentifier(f"C-{number:04}", "crm_id") for number in range(1_021)]
    row = ProfileRow(distinct_id="alice", identifiers=names)
    write_profiles(acme, [row], mode="update", source="api", actor=None)
    page = viewer_client.get(f"/w/acme/profiles/{alice.pk}/").content.decode()
    assert "C-0019" in page
    assert "C-0020" not in page
    assert "<dt>More identifiers</dt><dd>1,001</dd>" in page


def test_each_value_tells_where_it_comes_from(editor_client: Client, alice: Profile) -> None:
    page = editor_client.get(page_of(alice)).content.decode()
    assert "history/?property=email" in page
    assert "history/?property=city" not in page


def test_a_value_older_than_what_is_looked_through_says_so(viewer_client: Client, alice: Profile) -> None:
    ProfileChange.objects.bulk_create(
        ProfileChange(
            profile=alice, at=alice.created_at, deed="updated", door="import", new={"city": "Oxford"}
        )
        for _ in range(ORIGIN_DEPTH)
    )
    assert "Before the last 1,000 changes" in viewer_client.get(page_of(alice)).content.decode()


def test_archived_and_undefined_values_are_shown_to_read(
    editor_client: Client, viewer_client: Client, acme: Workspace, alice: Profile
) -> None:
    PropertyDefinition.objects.filter(workspace=acme, key="country").update(archived_at=alice.created_at)
    acme.schema_has_changed()
    for client in (editor_client, viewer_client):
        page = client.get(page_of(alice)).content.decode()
        assert "Other values" in page
        assert "(archived)" in page
        assert "(not defined)" in page
        assert 'name="country"' not in page


def test_pictures_come_over_https_only(viewer_client: Client, make_profile: Callable[..., Profile]) -> None:
    bob = make_profile("bob", avatar_url="https://cdn.example/bob.png")
    eve = make_profile("eve", avatar_url="http://cdn.example/eve.png")
    assert '<img src="https://cdn.example/bob.png"' in viewer_client.get(page_of(bob)).content.decode()
    assert "<img" not in viewer_client.get(page_of(eve)).content.decode()


def test_what_people_wrote_is_escaped(
    viewer_client: Client, editor_client: Client, make_profile: Callable[..., Profile]
) -> None:
    mallory = make_profile(
        'm"><script>alert(1)</script>', name="<script>x</script>", custom__note="</textarea><script>"
    )
    for client in (viewer_client, editor_client):
        page = client.get(page_of(mallory)).content.decode()
        assert "<script>x" not in page
        assert "<script>alert" not in page
        assert "</textarea><script>" not in page


def test_a_name_that_turns_others_around_is_shown_with_its_code_and_copied_as_it_is(
    editor_client: Client, make_profile: Callable[..., Profile]
) -> None:
    trick = make_profile("user\u202e123", name="Ann\u200b", tags=["a\u202eb"])
    for page in ("", "delete/"):
        shown = editor_client.get(page_of(trick) + page).content.decode()
        assert "user⟨U+202E⟩123" in shown
        assert "Ann⟨U+200B⟩" in shown
        assert "<bdi>user\u202e123" not in shown
    assert 'data-copy="user\u202e123"' in editor_client.get(page_of(trick)).content.decode()
    assert "user⟨U+202E⟩123" in editor_client.get("/w/acme/profiles/").content.decode()


def test_dates_are_in_the_zone_of_the_operator(
    editor: Operator, editor_client: Client, acme: Workspace, make_profile: Callable[..., Profile]
) -> None:
    PropertyDefinition.objects.create(workspace=acme, key="seen", label="Seen", type="datetime")
    acme.schema_has_changed()
    Operator.objects.filter(pk=editor.pk).update(timezone="Asia/Tokyo")
    bob = make_profile("bob", custom__seen="2026-01-31T23:30:00+00:00")
    page = editor_client.get(page_of(bob)).content.decode()
    assert form_of(page, "/update/").fields["custom.seen"] == "2026-02-01T08:30"
