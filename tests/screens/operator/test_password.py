import pytest
from django.test import Client

from profiles.models import AuditEntry, Operator

URL = "/operator/password/"
OLD, NEW = "correct horse battery", "staple gun and 7 nails"


def change(old: str = OLD, new: str = NEW, again: str = NEW) -> dict[str, str]:
    return {"old_password": old, "new_password1": new, "new_password2": again}


@pytest.fixture
def with_password(editor: Operator) -> Operator:
    editor.set_password(OLD)
    editor.save()
    return editor


@pytest.fixture
def here(with_password: Operator) -> Client:
    client = Client()
    client.force_login(with_password)
    return client


def test_it_changes_the_password_and_ends_the_other_sessions(here: Client, with_password: Operator) -> None:
    elsewhere = Client()
    elsewhere.force_login(with_password)
    answer = here.post(URL, change(), follow=True)
    assert "Your password is changed." in answer.content.decode()
    with_password.refresh_from_db()
    assert with_password.check_password(NEW)
    assert AuditEntry.objects.get(verb="change_password").operator == with_password
    assert elsewhere.get(URL).status_code == 302


@pytest.mark.parametrize(
    "wrong", [change(old="a guess"), change(again="another"), change(new="editor", again="editor"), {}]
)
def test_it_refuses_and_says_why(here: Client, with_password: Operator, wrong: dict[str, str]) -> None:
    answer = here.post(URL, wrong or {"old_password": ""})
    assert answer.status_code == 422
    assert "needs correcting" in answer.content.decode() or "need correcting" in answer.content.decode()
    with_password.refresh_from_db()
    assert with_password.check_password(OLD)


def test_it_is_shown_to_who_is_signed_in_only(here: Client, client: Client) -> None:
    assert here.get(URL).status_code == 200
    assert client.get(URL)["Location"].startswith("/sign-in/")
    assert here.delete(URL).status_code == 405
