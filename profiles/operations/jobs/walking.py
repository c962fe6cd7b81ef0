"""Walking over the profiles of a selection: frozen once, then batch by batch, each member in its turn."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import reduce
from operator import or_
from threading import Event
from typing import Final

from django.db import connections, transaction
from django.db.models import F, Q, QuerySet

from profiles.errors import Refused
from profiles.models import Job, JobKind, Selection, SelectionMember
from profiles.operations.selections import SelectionChanged, filter_of, freeze

from .locking import as_text
from .running import Refusal, Run

BATCH: Final = 5_000
# From so many on two writers share them.
_MANY: Final = 50_000
_WRITERS: Final = 2


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
    writers = run.job.cursor["writers"] if is_frozen(run.job) else _freeze(run, selection)
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
    size = _size(run.job)
    after = run.job.cursor.get(part.name, part.number * size)
    while not stopped.is_set() and (ids := _next(selection, after, most=size)):
        run.check()
        after += size * part.count
        with transaction.atomic():
            done = deed(selection, ids)
            run.record(done.counts, cursor={part.name: after}, refusals=done.refusals)


def is_frozen(job: Job) -> bool:
    """Whether it is settled who has a turn."""
    return "writers" in job.cursor


def had_their_turn(job: Job) -> QuerySet[SelectionMember]:
    """The members of the job's selection whose batches it has done."""
    size, count = _size(job), job.cursor.get("writers", 1)
    members = SelectionMember.objects.filter(selection=job.selection).alias(
        part=(F("place") - 1) / size % count
    )
    parts = [Part(number, count) for number in range(count)]
    return members.filter(
        reduce(or_, (Q(part=part.number, place__lte=job.cursor.get(part.name, 0)) for part in parts))
    )


def _size(job: Job) -> int:
    """Members of a batch, for as long as the job lasts: its parts are what they were when it began."""
    return int(job.cursor.get("batch") or job.parameters.get("batch", BATCH))


def _selection(job: Job) -> Selection:
    if job.selection is None:
        raise Refused("The selection of this job is gone, so nobody knows whom it meant.")
    if problems := filter_of(job.selection).problems:
        raise Refused(f"The filter does not hold any more: {' '.join(problems)}")
    return job.selection


@transaction.atomic
def _freeze(run: Run, selection: Selection) -> int:
    """Once, as the cursor says that it was done: it keeps how the members are shared; returns how many write.

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
    run.record({}, cursor={"writers": writers, "batch": _size(run.job)})
    return int(writers)


def _next(selection: Selection, after: int, *, most: int) -> list[str]:
    """Whose turn it is. The index member_in_turn finds them: by its order, lest another is read whole."""
    turns = SelectionMember.objects.filter(selection=selection, place__gt=after, place__lte=after + most)
    return list(turns.order_by("place").values_list(as_text("profile_id"), flat=True))
