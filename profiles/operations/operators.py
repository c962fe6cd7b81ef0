"""Create an operator; give an operator a role in a workspace."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from profiles.errors import Refused
from profiles.models import AuditEntry, Member, Operator, Role, Workspace


@transaction.atomic
def create_operator(
    username: str, *, password: str, is_superuser: bool = False, actor: Operator | None = None
) -> Operator:
    """Somebody who may sign in. Refused when the name is taken or unfit, or the password weak."""
    operator = Operator(username=username, is_superuser=is_superuser, is_staff=is_superuser)
    operator.set_password(password)
    try:
        validate_password(password, operator)
        operator.full_clean()
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    operator.save(force_insert=True)
    AuditEntry.objects.create(
        operator=actor, actor=str(actor or ""), verb="create_operator", subject=operator.username
    )
    return operator


@transaction.atomic
def give_role(
    operator: Operator, workspace: Workspace, role: Role, *, actor: Operator | None = None
) -> Member:
    """Let the operator into the workspace, or change the role there. The same role twice changes nothing."""
    member, is_new = Member.objects.select_for_update().get_or_create(
        workspace=workspace, operator=operator, defaults={"role": role}
    )
    if not is_new and member.role == role:
        return member
    details = {"role": str(role)} if is_new else {"role": str(role), "before": member.role}
    member.role = role
    member.save(update_fields=["role"])
    AuditEntry.objects.create(
        workspace=workspace,
        operator=actor,
        actor=str(actor or ""),
        verb="give_role",
        subject=operator.username,
        details=details,
    )
    return member
