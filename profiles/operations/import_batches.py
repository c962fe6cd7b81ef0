"""The batches of an import: cut from a file, shared out among writers, put together again."""

import gc
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Final

from profiles.imports import Damaged, RawRow

from .rows import Outcome, OutcomeStatus, ProfileRow

# Characters in one batch: huge rows make for short batches, so that memory stays bounded.
_MOST_CHARACTERS: Final = 2_000_000

Refusal = tuple[RawRow, list[str]]
Part = list[tuple[RawRow, ProfileRow]]


@dataclass(slots=True)
class ImportBatch:
    """Rows on their way: a part for each writer, and those that did not get that far."""

    line: int
    position: int
    parts: list[Part]
    refused: list[Refusal] = field(default_factory=list)
    futures: list[Future[list[Outcome]]] = field(default_factory=list)

    def add(self, row: RawRow, profile: ProfileRow) -> None:
        key = hash((profile.environment, profile.distinct_id)) if profile.distinct_id else row.line
        self.parts[key % len(self.parts)].append((row, profile))

    def start(
        self,
        executors: Sequence[ThreadPoolExecutor],
        write: Callable[[Sequence[ProfileRow]], list[Outcome]],
    ) -> None:
        for executor, part in zip(executors, self.parts, strict=True):
            self.futures.append(executor.submit(write, [profile for _, profile in part]))

    def wait(self) -> None:
        wait(self.futures)

    def results(self) -> tuple[Counter[OutcomeStatus], list[Refusal], BaseException | None]:
        counts: Counter[OutcomeStatus] = Counter()
        failure = None
        for part, future in zip(self.parts, self.futures, strict=False):
            if failed := future.exception():
                failure = failed
                continue
            for (row, _), outcome in zip(part, future.result(), strict=True):
                counts[outcome.status] += 1
                if outcome.reasons:
                    self.refused.append((row, outcome.reasons))
        counts["refused"] = len(self.refused)
        return counts, sorted(self.refused, key=lambda refusal: refusal[0].line), failure


@contextmanager
def collecting_seldom() -> Iterator[None]:
    """Batches are many objects without a cycle; looking for cycles among them took a quarter of the time."""
    before = gc.get_threshold()
    gc.set_threshold(100_000, 5, 5)
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextmanager
def executors_of(count: int, *, at_end: Callable[[], None]) -> Iterator[list[ThreadPoolExecutor]]:
    """One thread each, so that what is given to one is done in order, with its own connection."""
    with ExitStack() as stack:
        executors = [stack.enter_context(ThreadPoolExecutor(1)) for _ in range(count)]
        try:
            yield executors
        finally:
            for executor in executors:
                executor.submit(at_end)


def batches(rows: Iterator[RawRow], most: int) -> Iterator[list[RawRow]]:
    """Lists of at most `most` rows. What was read before an error comes before it is raised."""
    batch: list[RawRow] = []
    size = 0
    try:
        for row in rows:
            batch.append(row)
            size += row.size
            if len(batch) >= most or size >= _MOST_CHARACTERS:
                yield batch
                batch, size = [], 0
    except Damaged:
        if batch:
            yield batch
        raise
    if batch:
        yield batch


def first(rows: Iterator[RawRow], most: int) -> tuple[list[RawRow], Damaged | None]:
    found: list[RawRow] = []
    size = 0
    try:
        for row in rows:
            found.append(row)
            size += row.size
            if len(found) >= most or size >= _MOST_CHARACTERS:
                break
    except Damaged as damage:
        return found, damage
    return found, None


def raising(damage: Damaged | None) -> Iterator[RawRow]:
    if damage:
        raise damage
    yield from ()
