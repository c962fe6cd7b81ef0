"""What is known of properties' values: how many profiles have one, how many would break a rule."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import F, Q
from django.db.models.expressions import Combinable

from profiles.models import Profile, PropertyDefinition, PropertyKind, Workspace
from profiles.schema import Schema

from .columns import JsonValue
from .counts import CAP, capped_count, total_above_cap
from .patience import TookTooLong, patience

SAMPLE: Final = 10_000
PATIENCE: Final = 3.0
"""Seconds after which values are no longer looked at one by one."""

_BATCH: Final = 5_000
# A profile's id is a hash, so the first ids of the primary key are a fair sample of the table. Where all
# profiles of a workspace are counted, the index profile_newest finds them.
_ROWS: Final = {
    "all": "workspace_id = %(workspace)s",
    "sample": "workspace_id = %(workspace)s AND id < %(bound)s::uuid",
}
_USAGE: Final = """
    WITH seen AS MATERIALIZED (SELECT channels, custom, {columns} FROM profiles_profile WHERE {rows})
    SELECT '', count(*) FROM seen
    UNION ALL SELECT 'channel.' || key, count(*) FROM seen, jsonb_object_keys(channels) AS key GROUP BY key
    UNION ALL SELECT 'custom.' || key, count(*) FROM seen, jsonb_object_keys(custom) AS key GROUP BY key
    {count_columns}
"""


@dataclass(frozen=True, slots=True)
class Usage:
    """How many of `total` profiles have a value, by path. A path that is absent: none, as far as was looked.

    Where `is_about`, the figures are estimated from a sample.
    """

    total: int
    counts: dict[str, int] = field(default_factory=dict)
    is_about: bool = False

    def of(self, path: str) -> int:
        return self.total if path == "distinct_id" else self.counts.get(path, 0)


def usage_of(workspace: Workspace) -> Usage:
    """Exact in a workspace of up to 10,000 profiles; above, from a sample, at a cost that does not grow."""
    profiles = Profile.objects.filter(workspace=workspace)
    total = capped_count(profiles)
    if total <= CAP:
        return Usage(total, _counts(workspace, "all", ""))
    total = total_above_cap(profiles).number
    found = _counts(workspace, "sample", _sample_bound())
    seen = found.pop("", 0) or 1
    return Usage(total, {path: round(total * count / seen) for path, count in found.items()}, is_about=True)


def _sample_bound() -> str:
    """The id below which about SAMPLE profiles of the table lie."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = 'profiles_profile'::regclass")
        (rows,) = cursor.fetchone()
    return f"{(2**128 - 1) * SAMPLE // max(int(rows), SAMPLE):032x}"


def _counts(workspace: Workspace, rows: str, bound: str) -> dict[str, int]:
    """Profiles with a value, by path; under the empty path, all that were looked at."""
    columns = _default_columns()
    counted = (f"UNION ALL SELECT '{name}', count(NULLIF({name}::text, '')) FROM seen" for name in columns)
    statement = _USAGE.format(columns=", ".join(columns), rows=_ROWS[rows], count_columns=" ".join(counted))
    with connection.cursor() as cursor:
        cursor.execute(statement, {"workspace": workspace.pk, "bound": bound})
        return dict(cursor.fetchall())


def _default_columns() -> list[str]:
    """The columns that default properties may have: every optional one but JSON and lists."""
    return [
        column.name
        for column in Profile._meta.concrete_fields
        if column.blank and not column.generated and column.get_internal_type() in ("CharField", "DateField")
    ]


def has_values(definition: PropertyDefinition) -> bool:
    """Whether any profile has a value of the property."""
    return next(_values(definition), None) is not None


@dataclass(frozen=True, slots=True)
class Unfit:
    """How many stored values would break a definition's rules; `is_at_least` where not all were looked at."""

    count: int
    looked_at: int
    is_at_least: bool

    def __str__(self) -> str:
        return f"at least {self.count:,}" if self.is_at_least else f"{self.count:,}"


def unfit_values(definition: PropertyDefinition) -> Unfit:
    """Count the stored values that `definition`, with rules that are not saved yet, would refuse.

    They go through the validator itself, so that a rule means here what it means everywhere.
    """
    schema, deadline = Schema([definition]), time.monotonic() + PATIENCE
    unfit = looked_at = 0
    with transaction.atomic():
        values = _values(definition)
        while batch := list(islice(values, _BATCH)):
            rows = [{definition.path: value} for value in batch]
            unfit += schema.count_unfit(rows)
            looked_at += len(batch)
            if time.monotonic() > deadline:
                return Unfit(unfit, looked_at, is_at_least=next(values, None) is not None)
    return Unfit(unfit, looked_at, is_at_least=False)


def count_lacking(definition: PropertyDefinition) -> int | None:
    """How many profiles have no value: CAP + 1 means more; None where counting them takes too long."""
    stored = Profile.objects.filter(workspace_id=definition.workspace_id).alias(stored=_stored(definition))
    try:
        with patience(PATIENCE):
            return capped_count(stored.exclude(_has_value(definition)))
    except TookTooLong:
        return None


def _values(definition: PropertyDefinition) -> Iterator[Any]:
    """The stored values, streamed; inside a transaction, so that the server keeps the cursor."""
    stored = Profile.objects.filter(workspace_id=definition.workspace_id).order_by()
    found = stored.annotate(stored=_stored(definition)).filter(_has_value(definition))
    return found.values_list("stored", flat=True).iterator(chunk_size=_BATCH)


def _has_value(definition: PropertyDefinition) -> Q:
    is_text = definition.kind == PropertyKind.DEFAULT and definition.key != "birthday"
    return ~Q(stored="") if is_text else Q(stored__isnull=False)


def _stored(definition: PropertyDefinition) -> Combinable:
    if definition.kind == PropertyKind.DEFAULT:
        return F(definition.key)
    return JsonValue("channels" if definition.kind == PropertyKind.CHANNEL else "custom", definition.key)
