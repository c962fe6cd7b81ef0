"""What operators settle for themselves: how the console looks, and their password."""

from django.db import transaction

from profiles.models import AuditEntry, Operator


@transaction.atomic
def prefer(operator: Operator, **chosen: str) -> None:
    """Keep what the operator chose, by field name: timezone, theme, first_name, last_name."""
    for field, value in chosen.items():
        setattr(operator, field, value)
    operator.save(update_fields=list(chosen))


@transaction.atomic
def change_password(operator: Operator, password: str) -> None:
    """Every other session of the operator ends with the old password."""
    operator.set_password(password)
    operator.save(update_fields=["password"])
    AuditEntry.objects.create(
        operator=operator, actor=operator.username, verb="change_password", subject=operator.username
    )
