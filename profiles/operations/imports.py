"""Importing a file: batches of rows are validated while others are written, each batch in one transaction."""

from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain
from typing import Final
from uuid import UUID

from django.db import DatabaseError, connection, connections

from profiles.errors import Refused
from profiles.imports import (
    RawRow,
    Table,
    Unreadable,
    check_columns,
    custom_among,
    definitions_of,
    unknown_value,
)
from profiles.models import (
    AuditEntry,
    Door,
    Environment,
    Operator,
    PropertyDefinition,
    UnknownKeys,
    Workspace,
)
from profiles.schema import Schema, Validated, schema_of

from .import_batches import ImportBatch, Refusal, batches, collecting_seldom, executors_of, first, raising
from .plan import Plan
from .properties import refuse_problems, register_properties
from .rows import Mode, Outcome, OutcomeStatus, ProfileRow
from .write import write_profiles

BATCH: Final = 4_000
WRITERS: Final = 2
SAMPLE: Final = 1_000
# Batches that may wait for the writers while the next is read.
_AHEAD: Final = 2
# SQLSTATE classes and codes that are the fault of a value: data exception, constraint, index row too large.
_FAULTS_OF_A_VALUE: Final = ("22", "23", "54000")

_NO_ID: Final = UUID(int=0)


@dataclass(slots=True)
class Progress:
    """What is stored (or, in a dry run, decided) for good.

    `line` is where the last row counted starts, `position` how much of the source was read by then.
    """

    counts: Counter[OutcomeStatus] = field(default_factory=Counter)
    line: int = 0
    position: int = 0

    @property
    def total(self) -> int:
        return self.counts.total()


@dataclass(slots=True)
class Import:
    """One import of a table into a workspace.

    `refused` is told of the rows of a batch that were not taken, in the order of the file; `counted` is
    called after each batch. `writers` connections write at a time: all rows of one profile go to the same
    one, so that their order is kept. An interrupted import may be run again.
    """

    workspace: Workspace
    table: Table
    mode: Mode = "upsert"
    environment: str = Environment.LIVE
    actor: Operator | None = None
    is_dry_run: bool = False
    batch: int = BATCH
    writers: int = WRITERS
    refused: Callable[[list[Refusal]], None] = lambda rows: None
    counted: Callable[[Progress], None] = lambda progress: None
    progress: Progress = field(default_factory=Progress)
    new_properties: list[PropertyDefinition] = field(default_factory=list)
    _plan: Plan | None = field(init=False)
    _schema: Schema = field(init=False)
    _rows: Iterator[RawRow] = field(init=False)

    def prepare(self) -> None:
        """Look at the first rows: find out about the columns, and register new ones.

        Raises Refused where the columns do not fit, and for more writers than there are connections; then
        nothing was written.
        """
        _refuse_too_many(self.writers)
        self._plan = Plan() if self.is_dry_run else None
        self._schema = schema_of(self.workspace)
        rows = iter(self.table)
        sample, damage = first(rows, SAMPLE)
        paths = list(dict.fromkeys(chain(self.table.paths, *(row.values for row in sample))))
        self._define(check_columns(paths, self._schema), sample)
        self._rows = chain(sample, raising(damage), rows)

    def run(self) -> None:
        """Import all rows. What the writers were given is finished and counted before this returns or raises.

        Raises Damaged where the file breaks off, KeyboardInterrupt, and DatabaseError.
        """
        try:
            self._run()
        finally:
            self._note()

    def _run(self) -> None:
        pending: deque[ImportBatch] = deque()
        with collecting_seldom(), executors_of(self.writers, at_end=self._leave) as executors:
            try:
                for rows in batches(self._rows, self.batch):
                    pending.append(self._validated(rows))
                    pending[-1].start(executors, self._write)
                    if len(pending) > _AHEAD:
                        self._settle(pending)
                while pending:
                    self._settle(pending)
            except BaseException:
                while pending:
                    with suppress(Exception):  # The first one is raised below.
                        self._settle(pending)
                raise

    def _settle(self, pending: deque["ImportBatch"]) -> None:
        """Wait for the oldest batch, then count and report it."""
        pending[0].wait()
        batch = pending.popleft()
        counts, refused, failure = batch.results()
        self.progress.counts.update(counts)
        self.progress.line, self.progress.position = batch.line, batch.position
        self.refused(refused)
        self.counted(self.progress)
        if failure:
            raise failure

    def _define(self, paths: list[str], rows: list[RawRow]) -> None:
        """Make custom properties of `paths`, if the workspace allows that."""
        if not paths:
            return
        if self.workspace.unknown_keys == UnknownKeys.REFUSE:
            raise Unreadable(
                f"The workspace has no property {', '.join(paths)}, and takes none that it does not know. "
                "Create them on its Properties page, or leave the columns out."
            )
        new = definitions_of(paths, rows, self.workspace)
        if self.is_dry_run:
            for definition in new:
                refuse_problems(definition)
            known = self.workspace.property_definitions.in_order()
            self._schema = Schema([*known, *self.new_properties, *new])
        else:
            register_properties(self.workspace, new, actor=self.actor)
            # Another import may have registered them at the same time.
            self.workspace.refresh_from_db(fields=["schema_version"])
            self._schema = schema_of(self.workspace)
        self.new_properties += new

    def _validated(self, rows: list[RawRow]) -> "ImportBatch":
        batch = ImportBatch(rows[-1].line, self.table.source.position(), [[] for _ in range(self.writers)])
        good = [row for row in rows if not row.problem]
        batch.refused = [(row, [row.problem]) for row in rows if row.problem]
        for row, validated in zip(good, self._validate(good), strict=True):
            reasons = [error.message for error in validated.errors]
            reasons += [unknown_value(path, self._schema) for path in validated.unknown]
            if self.mode == "update" and not validated.values.get("distinct_id"):
                reasons.append("A row without a distinct ID cannot update a profile.")
            if reasons:
                batch.refused.append((row, reasons))
            else:
                batch.add(row, self._profile_row(validated))
        return batch

    def _validate(self, rows: list[RawRow]) -> list[Validated]:
        found = self._schema.validate_many([row.values for row in rows])
        new = custom_among({path for validated in found for path in validated.unknown})
        if not new:
            return found
        try:
            self._define(sorted(new), rows)
        except Refused:
            return found
        return self._schema.validate_many([row.values for row in rows])

    def _profile_row(self, validated: Validated) -> ProfileRow:
        values = validated.values
        return ProfileRow(values.pop("distinct_id", ""), values.pop("environment", self.environment), values)

    def _write(self, rows: Sequence[ProfileRow]) -> list[Outcome]:
        """Write rows; where the database takes offence at a value, all rows but that one."""
        write = self._plan.write if self._plan else write_profiles
        try:
            return write(self.workspace, rows, mode=self.mode, source=Door.IMPORT, actor=self.actor)
        except DatabaseError as error:
            if not _is_fault_of_a_value(error):
                raise
            if len(rows) == 1:
                reason = f"The database refuses the row: {str(error).splitlines()[0]}."
                return [Outcome("refused", _NO_ID, rows[0].distinct_id, [reason])]
        half = len(rows) // 2
        return self._write(rows[:half]) + self._write(rows[half:])

    def _note(self) -> None:
        """Into the audit: what was imported, also when it did not come to the end."""
        if self.is_dry_run or not self.progress.total:
            return
        AuditEntry.objects.create(
            workspace=self.workspace,
            operator=self.actor,
            actor=self.actor.get_username() if self.actor else "",
            verb="import",
            subject=self.table.source.name[-1200:],
            details={"mode": self.mode, **self.progress.counts},
        )

    def _leave(self) -> None:
        """What each writer does in the end."""
        if self._plan:
            self._plan.forget()
        connections.close_all()


def _refuse_too_many(writers: int) -> None:
    """Each holds a connection to the end, and so does whoever reads the file: waiting for one is in vain."""
    allowed = connection.settings_dict["OPTIONS"]["pool"]["max_size"]
    if writers + 1 > allowed:
        raise Refused(
            f"--writers {writers} takes {writers + 1} database connections, one of them to look things up, "
            f"but DATABASE_POOL_SIZE allows {allowed}."
        )


def _is_fault_of_a_value(error: DatabaseError) -> bool:
    return str(getattr(error.__cause__, "sqlstate", None)).startswith(_FAULTS_OF_A_VALUE)
