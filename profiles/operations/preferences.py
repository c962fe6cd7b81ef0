"""How an operator likes the console to look."""

from django.db import transaction

from profiles.models import Operator


@transaction.atomic
def prefer(operator: Operator, **chosen: str) -> None:
    """Keep what the operator chose, by field name: timezone, theme, first_name, last_name."""
    for field, value in chosen.items():
        setattr(operator, field, value)
    operator.save(update_fields=list(chosen))
