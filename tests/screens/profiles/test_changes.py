"""Disable, activate, tags: small posts of a profile's head."""

import pytest
from django.test import Client

from profiles.models import Operator, Profile, Tag, Workspace

pytestmark = pytest.mark.django_db


def post(client: Client, profile: Profile, verb: str, **data: object) -> int:
    answer = client.post(f"/w/acme/profiles/{profile.pk}/{verb}/", data)
    profile.refresh_from_db()
    return answer.status_code


def test_disable_and_activate(editor_client: Client, alice: Profile) -> None:
    assert post(editor_client, alice, "disable") == 302
    assert alice.is_disabled
    assert post(editor_client, alice, "disable") == 302
    assert alice.changes.count() == 2
    assert post(editor_client, alice, "activate") == 302
    assert not alice.is_disabled


def test_tags_are_added_and_removed(editor_client: Client, alice: Profile) -> None:
    assert post(editor_client, alice, "tags", add="beta; new york, ny; VIP") == 302
    assert alice.tags == ["vip", "beta", "new york, ny"]
    assert post(editor_client, alice, "tags", remove="BETA") == 302
    assert alice.tags == ["vip", "new york, ny"]


def test_the_answer_to_htmx_has_the_tags_and_a_notice(editor_client: Client, alice: Profile) -> None:
    answer = editor_client.post(
        f"/w/acme/profiles/{alice.pk}/tags/", {"add": "beta"}, headers={"HX-Request": "true"}, follow=True
    )
    page = answer.content.decode()
    assert 'id="profile-tags"' in page
    assert "Tagged beta." in page


@pytest.mark.parametrize("tags", ["x" * 65, ";".join(map(str, range(101))), "nul\0", "bell\x07"])
def test_impossible_tags_are_refused_in_words(editor_client: Client, alice: Profile, tags: str) -> None:
    answer = editor_client.post(f"/w/acme/profiles/{alice.pk}/tags/", {"add": tags}, follow=True)
    assert "Tags" in answer.content.decode()
    alice.refresh_from_db()
    assert alice.tags == ["vip"]


def test_removing_nonsense_changes_nothing(editor_client: Client, alice: Profile) -> None:
    assert post(editor_client, alice, "tags", remove=["nul\0", "x" * 10_000, ""]) == 302
    assert post(editor_client, alice, "tags") == 302
    assert alice.changes.count() == 1


def test_a_hundred_tags_are_enough(editor_client: Client, alice: Profile) -> None:
    post(editor_client, alice, "tags", add=";".join(f"tag {number}" for number in range(99)))
    answer = editor_client.post(f"/w/acme/profiles/{alice.pk}/tags/", {"add": "one more"}, follow=True)
    assert "at most 100 tags" in answer.content.decode()


def test_suggestions_are_the_workspaces_tags(
    editor_client: Client, alice: Profile, globex: Workspace
) -> None:
    Tag.objects.create(workspace=alice.workspace, name="suggested")
    Tag.objects.create(workspace=globex, name="foreign")
    page = editor_client.get(f"/w/acme/profiles/{alice.pk}/").content.decode()
    assert '<option value="suggested">' in page
    assert "foreign" not in page


@pytest.mark.parametrize("verb", ["disable", "activate", "tags"])
class TestWhoMay:
    def test_it_refuses_a_viewer(self, viewer_client: Client, alice: Profile, verb: str) -> None:
        assert post(viewer_client, alice, verb, add="beta") == 403
        assert (alice.tags, alice.status) == (["vip"], "active")

    def test_another_workspace(
        self, outsider_client: Client, alice: Profile, globex: Workspace, verb: str
    ) -> None:
        assert post(outsider_client, alice, verb, add="beta") == 404
        answer = outsider_client.post(f"/w/globex/profiles/{alice.pk}/{verb}/", {"add": "beta"})
        assert answer.status_code == 404

    def test_no_login(self, client: Client, alice: Profile, verb: str) -> None:
        assert client.post(f"/w/acme/profiles/{alice.pk}/{verb}/")["Location"].startswith("/sign-in/")

    def test_the_wrong_method(self, editor_client: Client, alice: Profile, verb: str) -> None:
        assert editor_client.get(f"/w/acme/profiles/{alice.pk}/{verb}/").status_code == 405

    def test_a_foreign_page(self, editor: Operator, alice: Profile, verb: str) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(editor)
        assert post(client, alice, verb, add="beta") == 403

    def test_a_profile_that_is_gone(self, editor_client: Client, acme: Workspace, verb: str) -> None:
        gone = f"/w/acme/profiles/00000000-0000-8000-8000-000000000000/{verb}/"
        assert editor_client.post(gone, {"add": "beta"}).status_code == 404
