"""The batches of an import: cut from a file, and handed to writers with a thread each."""

import gc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import Final

from profiles.imports import Damaged, RawRow

# Characters in one batch: huge rows make for short batches, so that memory stays bounded.
_MOST_CHARACTERS: Final = 2_000_000


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
