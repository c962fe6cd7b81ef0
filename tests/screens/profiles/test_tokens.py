"""Push tokens are edited row by row: added, removed, switched on and off, bound to an integration."""

from typing import Any

import pytest
from django.test import Client

from profiles.models import Profile
from profiles.operations.erase import erase_profiles
from tests.browser_forms import PostedForm, form_of
from tests.conftest import Make

pytestmark = pytest.mark.django_db

P1: dict[str, Any] = {"token": "p1", "status": 1}
P2: dict[str, Any] = {"token": "p2", "status": 0, "integration_id": "IN1"}
PUSH = "channel.push"


@pytest.fixture
def asha(make_profile: Make) -> Profile:
    return make_profile("asha", channel__push=[P1, P2])


def opened(client: Client, profile: Profile) -> PostedForm:
    return form_of(client.get(f"/w/acme/profiles/{profile.pk}/").content.decode(), "/update/")


def posted(client: Client, form: PostedForm, *without: str, **typed: str) -> Any:
    """Post with fields of the rows of Push changed (`row_part="..."`) or left out, as an unticked box is."""
    changed = {f"{PUSH}:{key.replace('_', ':')}": text for key, text in typed.items()}
    fields = form.fields | changed
    for key in without:
        del fields[f"{PUSH}:{key}"]
    return client.post(form.action, fields)


def push_of(profile: Profile) -> Any:
    return Profile.objects.get(pk=profile.pk).channels.get("push")


def test_each_token_has_a_row(editor_client: Client, asha: Profile) -> None:
    fields = opened(editor_client, asha).fields
    assert {key.removeprefix(f"{PUSH}:"): text for key, text in fields.items() if key.startswith(PUSH)} == {
        "0:token": "p1",
        "0:integration": "",
        "0:on": "1",
        "1:token": "p2",
        "1:integration": "IN1",
        "new:token": "",
        "new:integration": "",
        "new:on": "1",
    }


def test_untouched_rows_write_nothing(editor_client: Client, asha: Profile) -> None:
    assert posted(editor_client, opened(editor_client, asha)).status_code == 302
    assert asha.changes.count() == 1


@pytest.mark.parametrize(
    ("without", "typed", "left"),
    [
        ((), {"0_remove": "1"}, [P2]),
        ((), {"0_remove": "1", "1_remove": "1"}, None),
        ((), {"1_token": " "}, [P1]),
        (("0:on",), {"1_on": "1"}, [P1 | {"status": 0}, P2 | {"status": 1}]),
        ((), {"0_integration": "IN2", "1_integration": ""},
         [P1 | {"integration_id": "IN2"}, {"token": "p2", "status": 0}]),
        ((), {"0_token": "p9"}, [{"token": "p9", "status": 1}, P2]),
        ((), {"new_token": "p3"}, [P1, P2, {"token": "p3", "status": 1}]),
        (("new:on",), {"new_token": "p3\r\n\r\n p4 ", "new_integration": "IN3"},
         [P1, P2, *({"token": token, "status": 0, "integration_id": "IN3"} for token in ("p3", "p4"))]),
        ((), {"new_token": "p1"}, [P1, P2]),
    ],
)  # fmt: skip
def test_a_row_is_changed(
    editor_client: Client, asha: Profile, without: tuple[str, ...], typed: dict[str, str], left: object
) -> None:
    answer = posted(editor_client, opened(editor_client, asha), *without, **typed)
    assert answer.status_code == 302
    assert push_of(asha) == left


def test_the_first_token_of_a_profile(editor_client: Client, alice: Profile) -> None:
    posted(editor_client, opened(editor_client, alice), new_token="p1")
    assert push_of(alice) == [P1]


def test_a_token_that_cannot_be_is_said_and_stays_to_be_corrected(
    editor_client: Client, asha: Profile
) -> None:
    answer = posted(
        editor_client, opened(editor_client, asha), new_token="p" * 4_097, **{"0_integration": "IN9"}
    )
    assert answer.status_code == 422
    again = form_of(answer.content.decode(), "/update/")
    assert again.fields[f"{PUSH}:2:token"] == "p" * 4_097
    assert again.fields[f"{PUSH}:0:integration"] == "IN9"
    assert push_of(asha) == [P1, P2]
    posted(editor_client, again, **{"2_token": "p3"})
    assert push_of(asha) == [P1 | {"integration_id": "IN9"}, P2, {"token": "p3", "status": 1}]


def test_an_integration_without_a_token_is_nothing(editor_client: Client, asha: Profile) -> None:
    assert posted(editor_client, opened(editor_client, asha), new_integration="IN3").status_code == 302
    assert push_of(asha) == [P1, P2]


def test_two_operators_at_the_same_tokens(editor_client: Client, admin_client: Client, asha: Profile) -> None:
    mine, theirs = opened(editor_client, asha), opened(admin_client, asha)
    posted(admin_client, theirs, **{"0_remove": "1"})
    answer = posted(editor_client, mine, new_token="p3")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "(off, integration IN1) p2" in page
    again = form_of(page, "/update/")
    editor_client.post(again.action, again.fields | {f"choice.{PUSH}": "mine"})
    assert push_of(asha) == [P1, P2, {"token": "p3", "status": 1}]


@pytest.mark.parametrize(
    "stored",
    [
        ["p1", "p2"],
        [{"token": "p1"}],
        [{"token": "a\nb", "status": 1}],
        [P1, {"token": " ", "status": 1}],
        "p1",
        [5],
    ],
)
def test_what_fits_no_row_is_text_and_stays_untouched(
    editor_client: Client, asha: Profile, stored: object
) -> None:
    """Values that older rules or other doors left."""
    Profile.objects.filter(pk=asha.pk).update(channels={"push": stored})
    form = opened(editor_client, asha)
    assert PUSH in form.fields
    assert editor_client.post(form.action, form.fields).status_code == 302
    assert push_of(asha) == stored


def test_lines_of_text_may_be_tokens_with_their_settings(editor_client: Client, asha: Profile) -> None:
    Profile.objects.filter(pk=asha.pk).update(channels={"push": ["p1"]})
    form = opened(editor_client, asha)
    typed = 'p1\r\n{"token": "p2", "status": 0}\r\n{half'
    editor_client.post(form.action, form.fields | {PUSH: typed})
    assert push_of(asha) == [P1, {"token": "p2", "status": 0}, {"token": "{half", "status": 1}]


def test_a_new_profile_gets_tokens(editor_client: Client) -> None:
    form = form_of(editor_client.get("/w/acme/profiles/new/").content.decode(), "/new/")
    typed = {"distinct_id": "bob", f"{PUSH}:new:token": "p1\nb2", f"{PUSH}:new:integration": "IN1"}
    assert editor_client.post(form.action, form.fields | typed | {"email": "no"}).status_code == 422
    assert editor_client.post(form.action, form.fields | typed).status_code == 302
    bob = Profile.objects.get(distinct_id="bob")
    assert push_of(bob) == [{"token": token, "status": 1, "integration_id": "IN1"} for token in ("p1", "b2")]


def test_typed_tokens_survive_the_deletion_of_their_profile(editor_client: Client, asha: Profile) -> None:
    form = opened(editor_client, asha)
    erase_profiles(asha.workspace, [asha.pk], source="console", actor=None)
    gone = posted(editor_client, form, new_token="p3")
    assert gone.status_code == 410
    back = form_of(gone.content.decode(), "/new/")
    page = editor_client.post(back.action, back.fields | {"prefill": "1"}).content.decode()
    again = form_of(page, "/new/")
    assert [again.fields[f"{PUSH}:{row}:token"] for row in range(3)] == ["p1", "p2", "p3"]


def test_a_viewer_reads_a_line_for_each(viewer_client: Client, asha: Profile) -> None:
    page = viewer_client.get(f"/w/acme/profiles/{asha.pk}/").content.decode()
    assert "<li><bdi>p1</bdi></li><li><bdi>(off, integration IN1) p2</bdi></li>" in page
    assert f"{PUSH}:0:token" not in page


def test_the_history_tells_what_changed_in_a_token(editor_client: Client, asha: Profile) -> None:
    posted(editor_client, opened(editor_client, asha), "0:on")
    page = editor_client.get(f"/w/acme/profiles/{asha.pk}/history/").content.decode()
    assert "(off) p1" in page
