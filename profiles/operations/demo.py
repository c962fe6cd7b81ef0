"""The demo workspace."""

from collections.abc import Sequence
from datetime import date
from itertools import islice
from typing import Any

from django.db import transaction

from profiles.demo import DEFINITIONS, people, upgrade
from profiles.models import Door, Workspace
from profiles.schema import schema_of

from .properties import create_property
from .workspaces import create_workspace
from .write import ProfileRow, write_profiles

BATCH = 5_000


@transaction.atomic
def make_demo(slug: str, name: str, *, count: int, seed: int, until: date) -> Workspace:
    """A new workspace with `count` made-up profiles. Refused when it exists. All or nothing."""
    workspace = create_workspace(slug, name)
    for definition in DEFINITIONS:
        create_property(workspace, actor=None, **definition)
    rows = people(count, seed=seed, until=until)
    while batch := list(islice(rows, BATCH)):
        _write(workspace, batch)
    return workspace


def _write(workspace: Workspace, batch: Sequence[dict[str, Any]]) -> None:
    validated = schema_of(workspace).validate_many([person["values"] for person in batch])
    rows = [
        ProfileRow(**(person | {"values": row.values})) for person, row in zip(batch, validated, strict=True)
    ]
    write_profiles(workspace, rows, mode="create", source=Door.DEMO, actor=None)
    upgrades = [
        ProfileRow(person["distinct_id"], person["environment"], changes)
        for person in batch
        if (changes := upgrade(person))
    ]
    write_profiles(workspace, upgrades, mode="update", source=Door.DEMO, actor=None)
