"""What a job left in the history of profiles, and who came after it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import orjson
from django.db import connection
from django.db.models import Count, Max, Min

from profiles.models import Job, ProfileChange

NEWEST: Final = 2**63 - 1
# The index change_by_job gives the first change of the job, change_of_profile those of each profile since.
# A row per profile and path; the path '' stands for the profile as a whole. `tail` is the last change of
# somebody else between the job's own: what lies before it is theirs.
_TRACES: Final = """
    WITH touched AS (
        SELECT change.*, path, change.old -> path AS before, change.new -> path AS after
        FROM unnest(%(profiles)s::uuid[]) AS wanted(profile)
        CROSS JOIN LATERAL (
            SELECT profile_id, id, at, door, actor, job_id, old, new,
                job_id IS NOT DISTINCT FROM %(job)s AS is_own,
                coalesce(job_id = ANY(%(undos)s::bigint[]), false) AS is_undo,
                deed = 'created' AND job_id IS NOT DISTINCT FROM %(job)s AS is_birth
            FROM profiles_profilechange
            WHERE profile_id = wanted.profile
                AND id >= (SELECT min(id) FROM profiles_profilechange WHERE job_id = %(job)s)
        ) AS change
        CROSS JOIN LATERAL (
            SELECT '' UNION ALL SELECT jsonb_object_keys(change.old || change.new) WHERE NOT is_birth
        ) AS touched(path)
    ), marked AS (
        SELECT *, max(id) FILTER (WHERE is_own) OVER (PARTITION BY profile_id, path) AS last FROM touched
    ), cut AS (
        SELECT *, coalesce(
            max(id) FILTER (WHERE NOT is_own AND id < last) OVER (PARTITION BY profile_id, path), 0
        ) AS tail
        FROM marked WHERE last IS NOT NULL
    )
    SELECT profile_id, path, last, bool_or(is_birth), bool_or(is_undo),
        (array_agg(before ORDER BY id) FILTER (WHERE is_own AND id > tail))[1],
        (array_agg(after ORDER BY id DESC) FILTER (WHERE is_own))[1],
        jsonb_agg(after ORDER BY id) FILTER (WHERE is_own AND path = 'identifiers' AND after IS NOT NULL),
        (array_agg(jsonb_build_array(id, at, door, actor, job_id) ORDER BY id DESC)
            FILTER (WHERE NOT is_own AND NOT is_undo))[1]
    FROM cut GROUP BY profile_id, path, last
"""


@dataclass(frozen=True, slots=True)
class Other:
    """A change of somebody else: a person, an application or another job."""

    change: int
    at: datetime
    door: str
    actor: str
    job: int | None


@dataclass(frozen=True, slots=True)
class Trace:
    """What the job made of one property: the value before it and the one it left, None for unset.

    `since` is the newest change of somebody else behind the job's last. Where an undo of the job has been
    already, `is_settled`. `names` are the identifiers it gave, as the history writes them.
    """

    before: Any
    after: Any
    since: Other | None = None
    is_settled: bool = False
    names: tuple[str, ...] = ()


@dataclass(slots=True)
class Traces:
    """What the job did to one profile, by path; `last` is the newest of its changes.

    Of a profile that it created (`is_created`) there are no paths: all of it is the job's. `other` is the
    newest change of somebody else since the job's first.
    """

    last: int = 0
    is_created: bool = False
    other: Other | None = None
    paths: dict[str, Trace] = field(default_factory=dict)


def changed_by(job: Job, *, before: int, size: int) -> list[tuple[int, UUID]]:
    """The job's changes before the one with this id, newest first: (id of the change, id of the profile)."""
    changes = ProfileChange.objects.filter(job=job, id__lt=before).order_by("-id")
    return list(changes.values_list("id", "profile_id")[:size])


def count_changed(job: Job) -> int:
    """How many profiles there are that the job changed; those erased since have no history."""
    found = ProfileChange.objects.filter(job=job).order_by().aggregate(n=Count("profile_id", distinct=True))
    return int(found["n"])


def span_of(job: Job) -> tuple[int, int] | None:
    """The ids of the job's first and last change; None where nothing is left of them."""
    found = ProfileChange.objects.filter(job=job).aggregate(first=Min("id"), last=Max("id"))
    return (found["first"], found["last"]) if found["first"] else None


def traces_of(job: Job, profiles: Iterable[UUID], *, undos: Sequence[int]) -> dict[UUID, Traces]:
    """By profile. `undos` are the ids of the jobs that undo this one. One statement, whatever the number."""
    found: dict[UUID, Traces] = {}
    keys = "{" + ",".join([key.hex for key in profiles]) + "}"
    with connection.cursor() as cursor:
        cursor.execute(_TRACES, {"job": job.pk, "profiles": keys, "undos": list(undos)})
        for key, path, *facts in cursor:
            _add(found.setdefault(key, Traces()), path, *facts)
    return found


def _add(
    traces: Traces,
    path: str,
    last: int,
    is_created: bool,
    is_settled: bool,
    before: str | None,
    after: str | None,
    names: str | None,
    other: str | None,
) -> None:
    who = _other(other)
    if not path:
        traces.last, traces.is_created, traces.other = last, is_created, who
        return
    traces.paths[path] = Trace(
        before=_value(before),
        after=_value(after),
        since=who if who and who.change > last else None,
        is_settled=is_settled,
        names=tuple(name for given in _value(names) or () for name in given),
    )


def _value(text: str | None) -> Any:
    return None if text is None else orjson.loads(text)


def _other(text: str | None) -> Other | None:
    if text is None:
        return None
    change, at, door, actor, job = orjson.loads(text)
    return Other(change, datetime.fromisoformat(at), door, actor, job)
