import pytest

from profiles.errors import Refused
from profiles.models import AuditEntry, Member, Operator, Role, Workspace
from profiles.operations.operators import create_operator, give_role

PASSWORD = "correct horse battery"


def test_an_operator_can_sign_in_and_nothing_more(db: None) -> None:
    operator = create_operator("gil", password=PASSWORD)
    assert operator.check_password(PASSWORD)
    assert not operator.is_superuser
    assert not operator.is_staff
    assert not operator.memberships.exists()


def test_creating_one_is_in_the_audit_without_the_password(admin: Operator) -> None:
    create_operator("gil", password=PASSWORD, actor=admin)
    entry = AuditEntry.objects.get(verb="create_operator")
    assert (entry.subject, entry.actor, entry.details) == ("gil", "admin", {})


@pytest.mark.parametrize(
    ("username", "password"),
    [("viewer", PASSWORD), ("", PASSWORD), ("two words", PASSWORD), ("gil", "1234"), ("gil", "")],
)
def test_a_taken_or_unfit_name_and_a_weak_password_are_refused(
    viewer: Operator, username: str, password: str
) -> None:
    with pytest.raises(Refused):
        create_operator(username, password=password)
    assert Operator.objects.count() == 1


def test_a_role_lets_an_operator_in(globex: Workspace, viewer: Operator) -> None:
    give_role(viewer, globex, Role.EDITOR)
    assert Member.objects.get(operator=viewer, workspace=globex).role == Role.EDITOR


def test_another_role_replaces_the_first_and_keeps_the_preferences(acme: Workspace, viewer: Operator) -> None:
    viewer.memberships.update(preferences={"page_size": 100})
    member = give_role(viewer, acme, Role.ADMIN)
    assert (member.role, member.preferences) == (Role.ADMIN, {"page_size": 100})
    entry = AuditEntry.objects.get(workspace=acme, verb="give_role")
    assert entry.details == {"role": "admin", "before": "viewer"}


def test_the_same_role_twice_changes_nothing(acme: Workspace, viewer: Operator) -> None:
    give_role(viewer, acme, Role.VIEWER)
    assert not AuditEntry.objects.exists()
