"""Who may enter the admin."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from profiles.models import Operator

PAGES = ("", "profiles/profile/", "profiles/tag/", "profiles/operator/add/", "autocomplete/", "jsi18n/")


@pytest.mark.parametrize("path", PAGES)
def test_staff_with_every_permission_are_refused(path: str, editor: Operator, editor_client: Client) -> None:
    Operator.objects.filter(pk=editor.pk).update(is_staff=True)
    editor.user_permissions.set(Permission.objects.all())
    answer = editor_client.get(f"/admin/{path}")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/admin/login/")
    told = editor_client.get(f"/admin/{path}", follow=True).content.decode()
    assert "not authorized" in told


def test_operators_and_strangers_are_refused(admin_client: Client, client: Client) -> None:
    for each in (admin_client, client):
        answer = each.get("/admin/profiles/profile/")
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith(("/admin/login/", "/sign-in/"))


def test_a_superuser_who_is_not_active_is_refused(root: Client, superuser: Operator) -> None:
    assert root.get("/admin/").status_code == 200
    Operator.objects.filter(pk=superuser.pk).update(is_active=False)
    assert root.get("/admin/").status_code == 302


def test_a_superuser_needs_nothing_else_to_sign_in(superuser: Operator, client: Client) -> None:
    superuser.set_password("correct horse battery")
    superuser.is_staff = False
    superuser.save()
    given = {"username": "root", "password": "correct horse battery", "next": "/admin/"}
    assert client.post("/admin/login/", given).headers["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200
