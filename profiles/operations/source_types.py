"""The (source, type) pairs of a workspace: how many there may be."""

from typing import Final

from profiles.errors import Refused
from profiles.models import SourceType, Workspace

MOST_SOURCES: Final = 50
MOST_TYPES: Final = 2_500


def register_source_type(workspace: Workspace, source: str, type: str) -> None:
    """Remember the pair, in the caller's transaction. Raises Refused where that would be one too many."""
    known = workspace.source_types.all()
    if known.filter(source=source, type=type).exists():
        return
    Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
    sources = set(known.values_list("source", flat=True).distinct())
    if source not in sources and len(sources) >= MOST_SOURCES:
        raise Refused(f"A workspace has at most {MOST_SOURCES} profile sources.")
    if known.count() >= MOST_TYPES:
        raise Refused(f"A workspace has at most {MOST_TYPES:,} profile types.")
    SourceType.objects.get_or_create(workspace=workspace, source=source, type=type)
