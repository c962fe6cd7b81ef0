"""Walking over the profiles of a selection: frozen once, then batch by batch, each member in its turn."""

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import reduce
from operator import or_
from threading import Event
from typing import Any, Final

import orjson
from django.core.exceptions import EmptyResultSet
from django.db import connection, connections, transaction
from django.db.models import F, JSONField, Q, QuerySet, TextField
from django.db.models.functions import Cast

from profiles.errors import Refused
from profiles.models import Job, JobKind, Profile, PropertyKind, Selection, SelectionMember
from profiles.models.profile import ProfileQuerySet
from profiles.operations.selections import (
    SelectionChanged,
    filter_of,
    fitting,
    freeze,
)
from profiles.queries.columns import JsonValue
from profiles.schema import Field

from .running import Refusal, Run

BATCH: Final = 5_000
# From so many on two writers share them.
_MANY: Final = 50_000
_WRITERS: Final = 2

# Found by the primary key, one by one, and locked in the order of their ids, as `write_profiles` and
# `erase_profiles` do. The filter judges them as they are once they are locked, under the name of their table:
# together with the id, PostgreSQL would rather read the whole workspace for each of them by another index
# where it takes the workspace for small, as it does until it has analysed those who were just imported.
_LOCK: Final = """
    SELECT found.* FROM (SELECT unnest(%s::uuid[]) AS id ORDER BY id) AS wanted
    CROSS JOIN LATERAL (
        WITH profiles_profile AS MATERIALIZED (
            SELECT * FROM profiles_profile WHERE id = wanted.id FOR {lock}
        )
        {found}
    ) AS found
"""


@dataclass(frozen=True, slots=True)
class Person:
    """A selected profile, locked; `id` as text, and `value` that of the property that was asked for."""

    id: str
    environment: str
    distinct_id: str
    value: Any = None


@dataclass(frozen=True, slots=True)
class Done:
    """What became of the people of a batch: numbers by the names of COUNTERS, and the refused."""

    counts: Mapping[str, int]
    refusals: Sequence[Refusal] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """Every so many-th batch: what one writer does."""

    number: int
    count: int

    @property
    def name(self) -> str:
        """The place in the cursor where it goes on; another number of writers means other parts."""
        return f"after_{self.number}_of_{self.count}"


Deed = Callable[[Selection, list[str]], Done]
"""Of ids as text: thousands of UUID objects are felt."""


def walk(run: Run, deed: Deed) -> None:
    """Do `deed` to the ids of each batch, in a transaction of its own with the counters and the cursor.

    It is resumed behind the last batch that was committed. The members are those of the beginning: whoever
    comes to match later is left alone. Many are shared out among writers, so that one computes while the
    database works for the other.
    """
    selection = _selection(run.job)
    writers = run.job.cursor["writers"] if "writers" in run.job.cursor else _freeze(run, selection)
    if writers == 1:
        _walk_part(run, selection, deed, Part(0, 1), Event())
    else:
        _walk_side_by_side(run, selection, deed, writers)


def _walk_side_by_side(run: Run, selection: Selection, deed: Deed, writers: int) -> None:
    """Each part in a thread with a connection of its own. What stops one stops all behind their batches."""
    stopped = Event()

    def walk_part(number: int) -> None:
        try:
            _walk_part(run, selection, deed, Part(number, writers), stopped)
        except BaseException:
            stopped.set()
            raise
        finally:
            connections.close_all()

    with ThreadPoolExecutor(writers) as executor:
        parts = [executor.submit(walk_part, number) for number in range(writers)]
    for part in parts:
        part.result()


def _walk_part(run: Run, selection: Selection, deed: Deed, part: Part, stopped: Event) -> None:
    size = run.job.parameters.get("batch", BATCH)
    after = run.job.cursor.get(part.name, part.number * size)
    while not stopped.is_set() and (ids := _next(selection, after, most=size)):
        run.check()
        after += size * part.count
        with transaction.atomic():
            done = deed(selection, ids)
            run.record(done.counts, cursor={part.name: after}, refusals=done.refusals)


def had_their_turn(job: Job) -> QuerySet[SelectionMember]:
    """The members of the job's selection whose batches it has done."""
    size, count = job.parameters.get("batch", BATCH), job.cursor.get("writers", 1)
    members = SelectionMember.objects.filter(selection=job.selection).alias(
        part=(F("place") - 1) / size % count
    )
    parts = [Part(number, count) for number in range(count)]
    return members.filter(
        reduce(or_, (Q(part=part.number, place__lte=job.cursor.get(part.name, 0)) for part in parts))
    )


def locked(selection: Selection, ids: Sequence[str], *, property: Field | None = None) -> list[Person]:
    """Those of the ids whom the selection still means, locked against writers until the batch commits."""
    people, names = fitting(selection), ["key", "environment", "distinct_id"]
    if property:
        people, names = people.annotate(value_now=_value_of(property)), [*names, "value_now"]
    rows = _locked(people, names, ids, lock="NO KEY UPDATE")
    is_json = property is not None and not property.is_column
    return [_person(row, is_json=is_json) for row in rows]


def locked_for_good(selection: Selection, ids: Sequence[str]) -> list[str]:
    """The ids of those whom the selection still means, locked for deletion."""
    return [key for (key,) in _locked(fitting(selection), ["key"], ids, lock="UPDATE")]


def astray(selection: Selection, ids: Sequence[str], found: Collection[str]) -> list[Refusal]:
    """Why the others of the ids are left alone."""
    if len(found) == len(ids):
        return []
    missing = set(ids).difference(found)
    left = Profile.objects.filter(workspace=selection.workspace, pk__in=missing)
    names = {str(key): distinct_id for key, distinct_id in left.values_list("pk", "distinct_id")}
    return [_refusal(key, names.get(key)) for key in sorted(missing)]


def _selection(job: Job) -> Selection:
    if job.selection is None:
        raise Refused("The selection of this job is gone, so nobody knows whom it meant.")
    if problems := filter_of(job.selection).problems:
        raise Refused(f"The filter does not hold any more: {' '.join(problems)}")
    return job.selection


@transaction.atomic
def _freeze(run: Run, selection: Selection) -> int:
    """Once, as the cursor says that it was done: it keeps the number of writers, which is returned.

    Another number than agreed is judged here. Fewer are no harm. More, which match only by now, were not
    agreed to: an erasure, which nothing undoes, does not begin.
    """
    is_erasure = run.job.kind == JobKind.ERASE
    found = freeze(selection)
    agreed = run.job.parameters.get("agreed")
    if agreed is not None and (
        (run.job.parameters.get("exactly") and found != agreed) or (is_erasure and found > agreed)
    ):
        raise SelectionChanged(agreed, found)
    run.set_total(found)
    run.report(agreed=agreed, found=found)
    writers = run.job.parameters.get("writers", _WRITERS if found >= _MANY else 1)
    run.record({}, cursor={"writers": writers})
    return int(writers)


def _next(selection: Selection, after: int, *, most: int) -> list[str]:
    """Whose turn it is. The index member_in_turn finds them: by its order, lest another is read whole."""
    turns = SelectionMember.objects.filter(selection=selection, place__gt=after, place__lte=after + most)
    return list(turns.order_by("place").values_list(as_text("profile_id"), flat=True))


def _locked(
    people: ProfileQuerySet, names: Sequence[str], ids: Sequence[str], *, lock: str
) -> list[tuple[Any, ...]]:
    try:
        keyed = people.order_by().annotate(key=as_text("id"))
        found, values = keyed.values(*names).query.sql_with_params()
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_LOCK.format(found=found, lock=lock), [f"{{{','.join(ids)}}}", *values])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def as_text(column: str) -> Cast:
    return Cast(column, TextField())


def _value_of(property: Field) -> Any:
    if property.is_column:
        return F(property.key)
    source = "channels" if property.kind == PropertyKind.CHANNEL else "custom"
    return JsonValue(source, property.key, JSONField())


def _person(row: Sequence[Any], *, is_json: bool) -> Person:
    value = row[3] if len(row) > 3 else None
    return Person(row[0], row[1], row[2], orjson.loads(value) if is_json and value is not None else value)


def _refusal(key: str, distinct_id: str | None) -> Refusal:
    if distinct_id is None:
        return Refusal(["It was deleted meanwhile."], row={"profile": key})
    return Refusal(["It does not match the selection any more."], subject=distinct_id, row={"profile": key})
