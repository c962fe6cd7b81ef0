"""However often an import is killed, and wherever: in the end all is as if nothing had happened.

These kills are exceptions, at every place where the import may be; test_killed_workers.py kills processes.
"""

import random
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from profiles.models import Job, JobState, Profile, ProfileChange, Tag, Workspace
from profiles.operations.jobs import cancel_job, pause_job, resume_job, run_job
from profiles.operations.jobs.running import Run
from tests.conftest import make_workspace
from tests.operations.imports.conftest import MakeJob, csv_of, results

pytestmark = pytest.mark.django_db(transaction=True)

HEADER = "distinct_id,country,custom.n,tags"
POLICIES = {"bad": "value", "batch": 10, "writers": 2}
Story = dict[str, Any]


class Killed(BaseException):
    """Nobody catches it, as nobody catches a kill."""


def lines(seed: int, many: int = 120) -> list[str]:
    """Few people, again and again; some rows without an ID, some refused, some with values left out."""
    choose = random.Random(seed)
    return [
        ",".join(
            (
                choose.choice(["", *(f"user-{n}" for n in range(15))]),
                choose.choice(["", "DE", "FR", "nowhere"]),
                choose.choice(["", "1", "2"]),
                choose.choice(["", "vip", "VIP;beta", "Beta", "x" * 65]),
            )
        )
        + choose.choice(["", "", "", ",one too many"])
        for _ in range(many)
    ]


def story(workspace: Workspace, job: Job) -> Story:
    """All that an import leaves behind, but for times and the IDs that it made up."""
    people = Profile.objects.filter(workspace=workspace)
    named = people.filter(distinct_id__startswith="user-")
    changes = ProfileChange.objects.filter(profile__workspace=workspace).order_by("id")
    history: dict[str, list[Any]] = {}
    for name, *change in changes.values_list("profile__distinct_id", "deed", "old", "new"):
        history.setdefault(name, []).append(change)
    return {
        "people": {each.distinct_id: (each.country, each.custom, each.tags) for each in named},
        "history": {name: each for name, each in history.items() if name.startswith("user-")},
        "others": sorted(
            (each.country, str(each.custom), each.tags) for each in people.exclude(pk__in=named)
        ),
        "tags": sorted(Tag.objects.filter(workspace=workspace).values_list("name", flat=True)),
        "results": results(job),
        "total": job.total,
        "report": {
            name: job.report[name] for name in ("errors", "dropped", "changes", "nameless", "repeated")
        },
    }


@pytest.fixture
def undisturbed(make_job: MakeJob) -> Callable[..., Story]:
    """What becomes of a text that is imported in one go."""
    numbers = count()

    def run(text: str, **options: Any) -> Story:
        workspace = make_workspace(f"calm-{next(numbers)}")
        job = run_job(make_job(text, workspace=workspace, **options).pk)
        return story(workspace, job)

    return run


@pytest.fixture
def kill(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, set[int]], None]:
    """Kill in the calls of these numbers: `check` between batches, `record` before a commit, or behind it."""

    def arm(place: str, numbers: set[int]) -> None:
        calls = count()
        name = "note" if place == "behind" else place
        method = getattr(Run, name)

        def dies(run: Run, *arguments: Any, **options: Any) -> None:
            if next(calls) in numbers:
                raise Killed
            method(run, *arguments, **options)

        monkeypatch.setattr(Run, name, dies)

    return arm


def run_until_it_ends(job: Job) -> Job:
    """PostgreSQL may need a moment to see that the connection of the one before is gone."""
    deadline = time.monotonic() + 60
    while not job.has_ended and time.monotonic() < deadline:
        with suppress(Killed):
            job = run_job(job.pk)
    return job


@pytest.mark.parametrize("place", ["check", "record", "behind"])
@pytest.mark.parametrize("is_preview", [False, True])
def test_killed_anywhere_it_ends_as_undisturbed(
    make_job: MakeJob,
    undisturbed: Callable[..., Story],
    kill: Callable[[str, set[int]], None],
    acme: Workspace,
    place: str,
    is_preview: bool,
) -> None:
    text = csv_of(HEADER, lines(seed=3))
    expected = undisturbed(text, is_preview=is_preview, **POLICIES)
    kill(place, set(range(2, 200, 3)))
    job = run_until_it_ends(make_job(text, is_preview=is_preview, **POLICIES))
    assert job.run > 3
    assert story(acme, job) == expected
    assert job.total == 120 == job.done


def test_a_cancelled_import_keeps_what_was_done_and_says_so(
    make_job: MakeJob, acme: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = make_job(csv_of("distinct_id", [f"user-{n}" for n in range(100)]), batch=10)
    monkeypatch.setattr(Run, "check", _after(4, Run.check, lambda: cancel_job(job)))
    ended = run_job(job.pk)
    assert ended.state == JobState.CANCELLED
    assert 0 < ended.created == Profile.objects.count() < 100


def test_a_paused_import_goes_on_where_it_was(
    make_job: MakeJob, acme: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = make_job(csv_of("distinct_id", [f"user-{n}" for n in range(100)]), batch=10)
    monkeypatch.setattr(Run, "check", _after(4, Run.check, lambda: pause_job(job)))
    paused = run_job(job.pk)
    assert (paused.state, paused.created) == (JobState.PAUSED, Profile.objects.count())
    monkeypatch.undo()
    resume_job(job)
    ended = run_job(job.pk)
    assert (ended.state, ended.created, ended.unchanged) == (JobState.DONE, 100, 0)


def test_a_preview_whose_memory_is_lost_starts_over(
    make_job: MakeJob,
    undisturbed: Callable[..., Story],
    acme: Workspace,
    kill: Callable[[str, set[int]], None],
) -> None:
    """After a crash of PostgreSQL its tables are empty."""
    text = csv_of(HEADER, lines(seed=4))
    expected = undisturbed(text, is_preview=True, **POLICIES)
    kill("check", {6})
    job = make_job(text, is_preview=True, **POLICIES)
    with pytest.raises(Killed):
        run_job(job.pk)
    assert Job.objects.get(pk=job.pk).done > 0
    with connection.cursor() as cursor:
        for name in ("people", "names"):
            cursor.execute(f"TRUNCATE profiles_preview_{job.pk}_{name}")
    assert story(acme, run_until_it_ends(job)) == expected


def test_a_rule_that_is_tightened_in_between_counts_no_row_twice(
    make_job: MakeJob, acme: Workspace, kill: Callable[[str, set[int]], None]
) -> None:
    """Rows that were taken before would be refused now, by the writer that has them already."""
    rows = [f"user-{n % 40},{n}" for n in range(200)]
    acme.property_definitions.create(kind="custom", key="n", label="N", type="integer")
    acme.schema_has_changed()
    kill("record", {7})
    job = make_job(csv_of("distinct_id,custom.n", rows), batch=10, writers=3)
    with pytest.raises(Killed):
        run_job(job.pk)
    done = Job.objects.get(pk=job.pk)
    acme.property_definitions.filter(key="n").update(maximum=0)
    acme.schema_has_changed()
    ended = run_until_it_ends(job)
    assert ended.state == JobState.PARTIAL
    assert ended.total == 200 == ended.done
    assert (ended.created, ended.updated) == (done.created, done.updated)
    assert ended.refusals.values("line").distinct().count() == ended.refused == 200 - done.done


def _after(calls: int, check: Callable[[Run], None], deed: Callable[[], None]) -> Callable[[Run], None]:
    numbers = count()

    def checked(run: Run) -> None:
        if next(numbers) == calls:
            deed()
            run._looked -= 10
        check(run)

    return checked


@pytest.mark.parametrize("seed", [1, 2])
@settings(max_examples=4, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(batch=st.integers(1, 60), writers=st.integers(1, 4))
def test_order_holds_whatever_the_batches_and_the_writers(
    make_job: MakeJob, undisturbed: Callable[..., Story], seed: int, batch: int, writers: int
) -> None:
    text = csv_of(HEADER, lines(seed, many=60))
    expected = undisturbed(text, bad="value", batch=1_000, writers=1)
    assert undisturbed(text, bad="value", batch=batch, writers=writers) == expected
