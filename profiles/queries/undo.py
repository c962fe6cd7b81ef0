"""What a job left in the history of profiles, and who came after it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, Final
from uuid import UUID

import orjson
from django.db import connection
from django.db.models import Count, Max, Min

from profiles.models import Job, ProfileChange

NEWEST: Final = 2**63 - 1
MOST_CHANGES: Final = 200
"""As many changes of a profile since the job began are looked at; more are not told apart."""

# The index change_by_job gives the first change of the job, change_of_profile those of each profile since.
# Values are needed of the job's own changes only, and none of a profile that it created.
_CHANGES: Final = """
    SELECT change.*, job.undoes_id
    FROM unnest(%(profiles)s::uuid[]) AS wanted(profile)
    CROSS JOIN LATERAL (
        SELECT profile_id, id, at, door, actor, job_id, deed = 'created' AS is_birth,
            CASE WHEN job_id = %(job)s AND deed <> 'created' THEN old END AS old,
            CASE WHEN job_id = %(job)s AND deed <> 'created' THEN new END AS new,
            CASE WHEN job_id IS DISTINCT FROM %(job)s THEN to_jsonb(ARRAY(
                SELECT jsonb_object_keys(old || new)
            )) END AS paths
        FROM profiles_profilechange
        WHERE profile_id = wanted.profile AND absorbed IS NULL
            AND id >= (SELECT min(id) FROM profiles_profilechange WHERE job_id = %(job)s)
        ORDER BY id DESC LIMIT %(most)s
    ) AS change
    LEFT JOIN profiles_job job ON job.id = change.job_id
    ORDER BY change.profile_id, change.id DESC
"""


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a profile: by whom and, of the job's own, the values; of others, what they changed.

    `undoes` is the job that it took back, if it was an undo.
    """

    id: int
    at: datetime
    door: str
    actor: str
    job: int | None
    is_birth: bool
    old: Mapping[str, Any]
    new: Mapping[str, Any]
    paths: Sequence[str]
    undoes: int | None


@dataclass(slots=True)
class Trace:
    """What the job made of one property: the value before it and the one it left, None for unset.

    `since` is the newest change of somebody else behind the job's last, `other` that behind its first. What
    was undone counts as if it had never been, also where that is the job itself: then nothing is its own.
    From a change of somebody else between two of the job's on, back in time, it is theirs. `names` are the
    identifiers that the job gave, as the history writes them.
    """

    before: Any = None
    after: Any = None
    is_own: bool = False
    other: Change | None = None
    since: Change | None = None
    names: list[str] = field(default_factory=list)
    _undone: set[int] = field(default_factory=set)
    _is_cut: bool = False

    def go_back(self, path: str, change: Change, *, is_own: bool) -> None:
        """Take in the change before those that are known."""
        if self._is_cut or change.job in self._undone:
            return
        if is_own:
            self._note(path, change)
        elif change.undoes:
            self._undone.add(change.undoes)
        elif self.is_own:
            self._is_cut, self.other = True, self.other or change
        else:
            self.since = self.other = self.other or change

    def _note(self, path: str, change: Change) -> None:
        if not self.is_own:
            self.is_own, self.after = True, change.new.get(path)
        self.before = change.old.get(path)
        if path == "identifiers":
            self.names += change.new.get(path, ())


@dataclass(slots=True)
class Traces:
    """What the job did to one profile, by path; `last` is the newest of its changes.

    Of a profile that it created (`is_created`) all is the job's. `is_long` says that there were more changes
    than are looked at. `other` is the newest change of somebody else.
    """

    last: int = 0
    is_created: bool = False
    is_long: bool = False
    other: Change | None = None
    paths: dict[str, Trace] = field(default_factory=dict)


def changed_by(job: Job, *, before: int, size: int) -> list[tuple[int, UUID]]:
    """The job's changes before the one with this id, newest first: (id of the change, id of the profile)."""
    changes = ProfileChange.objects.own().filter(job=job, id__lt=before).order_by("-id")
    return list(changes.values_list("id", "profile_id")[:size])


def count_changed(job: Job) -> int:
    """How many profiles there are that the job changed; those erased or absorbed since do not count."""
    changes = ProfileChange.objects.own().filter(job=job).order_by()
    found = changes.aggregate(n=Count("profile_id", distinct=True))
    return int(found["n"])


def span_of(job: Job) -> tuple[int, int] | None:
    """The ids of the job's first and last change; None where nothing is left of them."""
    found = ProfileChange.objects.own().filter(job=job).aggregate(first=Min("id"), last=Max("id"))
    return (found["first"], found["last"]) if found["first"] else None


def traces_of(job: Job, profiles: Iterable[UUID]) -> dict[UUID, Traces]:
    """What the job left, by profile. Two statements at the most, whatever their number."""
    keys = "{" + ",".join([key.hex for key in profiles]) + "}"
    found: dict[UUID, Traces] = {}
    with connection.cursor() as cursor:
        cursor.execute(_CHANGES, {"job": job.pk, "profiles": keys, "most": MOST_CHANGES + 1})
        for key, rows in groupby(cursor, key=itemgetter(0)):
            found[key] = _traces(job.pk, [_change(*row[1:]) for row in rows])
    for key, last in _last_changes(job, [key for key, traces in found.items() if not traces.last]):
        found[key].last = last
    return found


def _last_changes(job: Job, profiles: Sequence[UUID]) -> Iterable[tuple[UUID, int]]:
    """Of profiles that others changed so often since that none of the job's changes was looked at."""
    if not profiles:
        return ()
    changes = ProfileChange.objects.own().filter(job=job, profile__in=profiles).order_by()
    return changes.values_list("profile_id").annotate(last=Max("id"))


def _traces(job: int, changes: Sequence[Change]) -> Traces:
    """From the profile's changes, newest first."""
    traces = Traces(is_long=len(changes) > MOST_CHANGES)
    for change in changes:
        is_own = change.job == job
        if is_own:
            traces.last = traces.last or change.id
            traces.is_created |= change.is_birth
        for path in {**change.old, **change.new} if is_own else change.paths:
            traces.paths.setdefault(path, Trace()).go_back(path, change, is_own=is_own)
    others = [trace.other for trace in traces.paths.values() if trace.other]
    traces.other = max(others, key=lambda change: change.id, default=None)
    traces.paths = {path: trace for path, trace in traces.paths.items() if trace.is_own}
    return traces


def _change(
    id: int,
    at: datetime,
    door: str,
    actor: str,
    job: int | None,
    is_birth: bool,
    old: str | None,
    new: str | None,
    paths: str | None,
    undoes: int | None,
) -> Change:
    return Change(
        id, at, door, actor, job, is_birth, _read(old, {}), _read(new, {}), _read(paths, ()), undoes
    )


def _read(text: str | None, otherwise: Any) -> Any:
    return otherwise if text is None else orjson.loads(text)
