"""The registry of tags."""

from collections.abc import Collection

from django.db.models.functions import Lower

from profiles.models import Tag, Workspace, colour_of_name


def register_tags(workspace: Workspace, names: Collection[str]) -> dict[str, str]:
    """Make sure that tags of these names are registered; lower-cased name to registered spelling.

    Names that differ only by case are one tag: the one registered first decides how it is spelled.
    """
    if not names:
        return {}
    wanted = {name.lower(): name for name in sorted(names, reverse=True)}
    known = spelling_of(workspace, wanted)
    if missing := sorted(wanted.keys() - known.keys()):
        new = [Tag(workspace=workspace, name=wanted[key], colour=colour_of_name(key)) for key in missing]
        Tag.objects.bulk_create(new, ignore_conflicts=True, batch_size=len(new))
        known = spelling_of(workspace, wanted)
    return known


def spelling_of(workspace: Workspace, wanted: Collection[str]) -> dict[str, str]:
    """Of these lower-cased names those that are registered, with their spelling."""
    tags = Tag.objects.filter(workspace=workspace).annotate(lower=Lower("name"))
    return dict(tags.filter(lower__in=list(wanted)).values_list("lower", "name"))
