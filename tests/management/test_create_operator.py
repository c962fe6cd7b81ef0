import io
import re

import pytest
from django.core.management import CommandError, call_command

from profiles.models import Member, Operator, Role, Workspace

Captured = pytest.CaptureFixture[str]


def create_operator(name: str, *options: str) -> None:
    call_command("create_operator", name, "--workspace", "acme", *options)


def test_the_printed_password_signs_in(acme: Workspace, capsys: Captured) -> None:
    create_operator("gil", "--role", "editor")
    printed = re.search(r"^Password: (\S+)$", capsys.readouterr().out, re.MULTILINE)
    assert printed
    assert Operator.objects.get(username="gil").check_password(printed[1])
    assert Member.objects.get(operator__username="gil").role == Role.EDITOR


def test_a_given_password_is_read_and_not_printed(
    acme: Workspace, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("correct horse battery\nmore\n"))
    create_operator("gil", "--role", "viewer", "--password-stdin")
    assert Operator.objects.get(username="gil").check_password("correct horse battery")
    assert "horse" not in capsys.readouterr().out


@pytest.mark.parametrize(("given", "reason"), [("", "no password"), ("1234\n", "too short")])
def test_a_missing_or_weak_password_creates_nobody(
    acme: Workspace, monkeypatch: pytest.MonkeyPatch, given: str, reason: str
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(given))
    with pytest.raises(CommandError, match=reason):
        create_operator("gil", "--role", "viewer", "--password-stdin")
    assert not Operator.objects.exists()


def test_an_operator_of_another_workspace_is_let_in(
    acme: Workspace, outsider: Operator, capsys: Captured
) -> None:
    create_operator("outsider", "--role", "viewer")
    assert set(outsider.memberships.values_list("workspace__slug", "role")) == {
        ("globex", "admin"),
        ("acme", "viewer"),
    }
    assert "Now viewer of acme." in capsys.readouterr().out


def test_an_existing_member_gets_the_new_role_and_keeps_the_password(
    viewer: Operator, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    viewer.set_password("the old one stays")
    viewer.save()
    monkeypatch.setattr("sys.stdin", io.StringIO("correct horse battery\n"))
    create_operator("viewer", "--role", "admin", "--password-stdin")
    viewer.refresh_from_db()
    assert viewer.check_password("the old one stays")
    assert viewer.memberships.get().role == Role.ADMIN
    captured = capsys.readouterr()
    assert "Was viewer of acme, is admin now." in captured.out
    assert "password was not changed" in captured.err


def test_a_second_time_nothing_is_changed(viewer: Operator, capsys: Captured) -> None:
    create_operator("viewer", "--role", "viewer")
    assert "nothing was changed" in capsys.readouterr().out


def test_an_unknown_workspace_is_an_error_in_words(db: None) -> None:
    with pytest.raises(CommandError, match="There is no workspace acme"):
        create_operator("gil", "--role", "viewer")
