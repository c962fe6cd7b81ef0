"""Create a workspace."""

from django.core.exceptions import ValidationError
from django.db import transaction

from profiles.errors import Refused
from profiles.models import AuditEntry, Operator, Workspace

from .properties import seed_definitions


@transaction.atomic
def create_workspace(slug: str, name: str, *, actor: Operator | None = None) -> Workspace:
    """A new tenant with the default properties. Refused when the slug is taken or unfit."""
    workspace = Workspace(slug=slug, name=name or slug)
    try:
        workspace.full_clean()
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    workspace.save(force_insert=True)
    seed_definitions(workspace)
    AuditEntry.objects.create(
        workspace=workspace, operator=actor, actor=str(actor or ""), verb="create_workspace", subject=slug
    )
    return workspace
