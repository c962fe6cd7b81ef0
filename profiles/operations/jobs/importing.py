"""Importing a file, or looking what that would do: read by one thread, written by others, exactly once.

The rows of a profile always go to the same writer, so that their order is kept. Each writer commits its
cursor with its rows: whatever is killed, the file is read on from where the slowest was, and each passes over
what it has already. A row that is refused goes with them, so that it is counted once, too.
"""

import errno
import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, wait
from contextlib import closing, suppress
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Final

from django.db import connection, connections

from profiles.errors import Refused
from profiles.imports import Damaged, RawRow, Source, Table, open_source, table_of, without_added
from profiles.models import Job, JobState

from ..imports.batches import batches, collecting_seldom, executors_of, first, raising
from ..imports.meaning import Meaning, MeantRow
from ..imports.notes import merged
from ..imports.plan import Plan, forget_ended
from ..imports.process import WriterProcess
from ..imports.settings import DISTINCT_ID, ImportSettings, refuse_missing
from ..imports.writers import Writer
from ..imports.writing import plan_of, writing
from ..tags import register_tags
from .running import Asked, Run

SAMPLE: Final = 1_000
STDIN: Final = "-"
# Batches that may wait for the writers while the next is read.
_AHEAD: Final = 2
_SECONDS_BETWEEN_REPORTS: Final = 1.0
# Reads the index change_by_job.
_REPEATED: Final = """
    SELECT count(*) - count(DISTINCT profile_id) FROM profiles_profilechange WHERE job_id = %s
"""

# PostgreSQL chooses an index by how many people it takes a workspace to have, and looks at that by itself
# only once a tenth of the table has changed: to match somebody by e-mail it would read a whole new workspace.
_LOOK_AT_SIZES: Final = "ANALYZE profiles_profile (workspace_id)"
_FEW: Final = 1_000
_GROWN: Final = 4


def work(run: Run) -> None:
    """For jobs of the kinds import and preview. Raises Refused for what cannot be read, or read on."""
    settings = ImportSettings.of(run.job)
    with closing(_opened(run.job, settings)) as source, closing(_Import(run, settings, source)) as task:
        task.work()


@dataclass(slots=True)
class _Batch:
    """Rows on their way: how far the source was read, and what to wait for."""

    place: int
    futures: list[Future[None]]


@dataclass(slots=True)
class _Import:
    run: Run
    settings: ImportSettings
    source: Source
    plan: Plan | None = field(init=False)
    table: Table = field(init=False)
    meaning: Meaning = field(init=False)
    writers: Sequence[Writer | WriterProcess] = field(init=False)
    _tags: set[str] = field(default_factory=set)
    _reported: float = 0.0
    _known: int = _FEW // _GROWN

    def __post_init__(self) -> None:
        job, mapping = self.run.job, self.settings.mapping
        self.plan = self._begun_plan()
        self.meaning = Meaning(self.run, job.workspace, mapping, job.operator, only_plans=bool(self.plan))
        self.writers = self._begun_writers()

    def close(self) -> None:
        for writer in self.writers:
            writer.close()

    def work(self) -> None:
        try:
            self._read()
        except (Refused, Asked) as stop:
            self._tell()
            if self.plan and (not isinstance(stop, Asked) or stop.state == JobState.CANCELLED):
                self.plan.forget()
            raise
        self._tell()
        if self.plan:
            self.plan.forget()

    def _begun_plan(self) -> Plan | None:
        """That of a preview, or a new one where the database has lost it."""
        plan = plan_of(self.run.job, self.settings)
        if not plan:
            return None
        forget_ended()
        if not plan.begin() and self.run.job.cursor:
            self.run.start_over()
        return plan

    def _begun_writers(self) -> Sequence[Writer | WriterProcess]:
        """Processes of their own where there is enough to do for them."""
        numbers = range(self.settings.hands)
        if (self.source.size or 0) >= self.settings.large:
            return [WriterProcess(number, self.run, self.plan) for number in numbers]
        write = writing(self.run.job, self.settings, self.plan)
        is_by_id = self.settings.mapping.match == DISTINCT_ID
        return [Writer(number, self.run, write, counts_nameless=is_by_id) for number in numbers]

    def _read(self) -> None:
        begun = time.monotonic()
        starts = [writer.at for writer in self.writers]
        self.table = table_of(
            self.source,
            delimiter=self.settings.delimiter,
            origin=self.settings.origin,
            mapping=self.settings.columns,
            at=None if None in starts else min(start for start in starts if start),
        )
        self._tell_table()
        rows = iter(self.table)
        sample, damage = first(rows, SAMPLE)
        self.meaning.learn(self.table, [] if any(starts) else sample)
        self.run.setup_seconds = time.monotonic() - begun
        try:
            self._hand_out(chain(sample, raising(damage), rows))
        except Damaged as damaged:
            raise Refused(f"{damaged} {self._left_of_the_file()}") from damaged

    def _left_of_the_file(self) -> str:
        """What to say of what came before the damage. The screen imports only what it previewed."""
        if not self.plan:
            return "What came before is done."
        if not self.run.job.file_id:
            return "What came before can be imported."
        return "Only a file that can be read to its end is imported here."

    def _hand_out(self, rows: Iterator[RawRow]) -> None:
        """Read and validate, while the writers write; what they were given is finished in any case."""
        pending: deque[_Batch] = deque()
        count = len(self.writers)
        with collecting_seldom(), executors_of(count, at_end=connections.close_all) as executors:
            try:
                for batch in batches(rows, self.settings.batch):
                    self.run.check()
                    shares = self._shares(batch)
                    place, end = self.source.position(), batch[-1].position
                    hands = zip(executors, self.writers, shares, strict=True)
                    pending.append(
                        _Batch(place, [hand.submit(writer.take, share, end) for hand, writer, share in hands])
                    )
                    if len(pending) > _AHEAD:
                        self._settle(pending)
                while pending:
                    self._settle(pending)
            except BaseException:
                while pending:
                    with suppress(Exception):  # The first one is raised below.
                        self._settle(pending)
                raise

    def _shares(self, rows: list[RawRow]) -> list[list[MeantRow]]:
        """What the rows mean by now, by writer."""
        self.meaning.renew()
        shares: list[list[MeantRow]] = [[] for _ in self.writers]
        meant = self.meaning.of(rows)
        self._spell(meant)
        for row in meant:
            shares[row.key % len(shares)].append(row)
        return shares

    def _spell(self, rows: Sequence[MeantRow]) -> None:
        """Register tags in the order of the file, so that the first to use one decides how it is spelled."""
        names: dict[str, str] = {}
        for row in rows:
            if row.profile:
                for tag in row.profile.values.get("tags") or ():
                    names.setdefault(tag.lower(), tag)
        new = {key: name for key, name in names.items() if key not in self._tags}
        if self.plan:
            self.plan.spell(self.run.job.workspace, new)
        else:
            register_tags(self.run.job.workspace, new.values())
        self._tags.update(new)

    def _settle(self, pending: deque[_Batch]) -> None:
        """Wait for the oldest batch; raises what its writers raised."""
        wait(pending[0].futures)
        batch = pending.popleft()
        for future in batch.futures:
            future.result()
        self._look_at_sizes()
        if time.monotonic() - self._reported > _SECONDS_BETWEEN_REPORTS:
            self._reported = time.monotonic()
            self.run.report(size=self.source.size, position=batch.place)

    def _look_at_sizes(self) -> None:
        """Where this import has made the workspace several times as large as PostgreSQL takes it for."""
        created = self.run.job.created
        if not self.plan and created >= self._known * _GROWN:
            self._known = created
            with connection.cursor() as cursor:
                cursor.execute(_LOOK_AT_SIZES)

    def _tell_table(self) -> None:
        table = {"format": self.source.format, "delimiter": self.table.delimiter, "header": self.table.header}
        self.run.report(table=table, notes=self.source.notes, size=self.source.size)

    def _tell(self) -> None:
        """Into the report: what was found out."""
        found = merged(writer.notes for writer in self.writers)
        for change in found["changes"]:
            known = self.meaning.schema.field(change["path"])
            change["label"] = known.label if known else change["path"]
        if self.plan:
            found["new_tags"], found["new_tag_count"] = self.plan.new_tags()
        elif self.run.job.updated:
            found["repeated"] = _repeated(self.run.job)
        ignored = sorted(without_added(self.table.ignored)) if hasattr(self, "table") else []
        self.run.report(position=self.source.position(), ignored=ignored, **found)


def _opened(job: Job, settings: ImportSettings) -> Source:
    """Raises Refused, or OSError where another machine may have the file."""
    if settings.path == STDIN and job.run > 1:
        raise Refused("The input of a command can be read only once. What was counted is done.")
    if not settings.path:
        refuse_missing(job.file)
        path = str(job.file.path) if job.file else ""
    elif settings.path == STDIN or Path(settings.path).exists():
        path = settings.path
    else:
        raise FileNotFoundError(errno.ENOENT, f"{settings.path} is not on this machine")
    return open_source(path, format=settings.known_format, encoding=settings.encoding, name=job.subject)


def _repeated(job: Job) -> int:
    """How many of the rows changed somebody whom an earlier row had created or changed."""
    with connection.cursor() as cursor:
        cursor.execute(_REPEATED, [job.pk])
        (count,) = cursor.fetchone()
        return int(count)
