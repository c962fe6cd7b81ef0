"""Tags by any spelling: they are compared without regard to case, and stored as the registry spells them."""

from collections.abc import Iterable

from django.db.models.functions import Lower

from profiles.models import Workspace


def as_registered(workspace: Workspace, names: Iterable[str]) -> list[str]:
    """The names in the registry's spelling; those that it does not know as they are."""
    given = {name.strip().lower(): name.strip() for name in names}
    known = workspace.tag_registry.alias(lower=Lower("name")).filter(lower__in=list(given))
    return list((given | {name.lower(): name for name in known.values_list("name", flat=True)}).values())
