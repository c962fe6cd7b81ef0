"""What the rows of a file mean in a workspace: which properties there are, which values may be written."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, Final
from zlib import crc32
from zoneinfo import ZoneInfo

from django.db import transaction

from profiles.errors import Refused
from profiles.imports import (
    ExportTable,
    Mapping,
    RawIdentifier,
    RawRow,
    Table,
    Unreadable,
    check_columns,
    custom_among,
    definitions_of,
    unknown_value,
)
from profiles.models import Operator, PropertyDefinition, PropertyKind, UnknownKeys, Workspace, label_of_key
from profiles.schema import Schema, Validated, schema_of

from ..jobs.running import Run
from ..properties import refuse_problems, register_properties
from ..rows import NewIdentifier, ProfileRow
from .matching import COLUMNS
from .settings import DISTINCT_ID

_CUSTOM: Final = "custom."
_LENGTHS: Final = {"value": 1024, "kind": 60, "source": 60, "type": 40}


@dataclass(slots=True)
class MeantRow:
    """A row of the file with what is to be written of it; without a `profile`, the `reasons` why not.

    Rows of one profile have the same `key`, whatever the rules for their values are by now. `dropped` says
    why values were left out.
    """

    raw: RawRow
    key: int
    profile: ProfileRow | None = None
    reasons: Sequence[str] = ()
    dropped: Sequence[str] = ()

    @property
    def subject(self) -> str:
        return self.profile.distinct_id if self.profile else str(self.raw.values.get(DISTINCT_ID) or "")


@dataclass(slots=True)
class Meaning:
    """Reads rows by the workspace's definitions as they are now; new ones it registers, or only plans."""

    run: Run
    workspace: Workspace
    mapping: Mapping
    actor: Operator | None
    only_plans: bool
    planned: list[PropertyDefinition] = field(default_factory=list)
    schema: Schema = field(init=False)
    _needed: frozenset[str] = field(init=False)
    _needs_id: bool = field(init=False)
    _keeps: bool = field(init=False)
    _blank: dict[str, None] = field(default_factory=dict)
    _has_blanks: bool = True
    _zone: ZoneInfo = field(init=False)

    def __post_init__(self) -> None:
        self._zone = ZoneInfo(self.mapping.zone)
        is_by_id = self.mapping.match == DISTINCT_ID
        self._needed = frozenset((DISTINCT_ID, "environment", self.mapping.match))
        self._needs_id = is_by_id and self.mapping.mode == "update"
        self._keeps = self.mapping.existing == "keep"
        self.planned += [self._definition(**new) for new in self._reported()] if self.only_plans else []
        self.schema = self._current()

    def learn(self, table: Table, sample: Sequence[RawRow]) -> None:
        """Find out about the columns, and define new ones. Raises Refused where they do not fit."""
        self._has_blanks = table.has_blanks
        if self.mapping.columns:
            header = table.header or [each.column for each in self.mapping.columns]
            if problems := self.mapping.problems(header, self.schema):
                raise Refused(" ".join(problem.sentence for problem in problems))
            new = [each for each in self.mapping.new_properties if not self.schema.field(each[0])]
            self._define([self._definition(path, type, label) for path, type, label in new])
        else:
            self._refuse_unmatched(table)
            self._blank = dict.fromkeys(table.paths) if self.mapping.blank == "clear" else {}
            paths = list(dict.fromkeys(chain(table.paths, *(row.values for row in sample))))
            self._define_unknown(check_columns(paths, self.schema), sample)

    def renew(self) -> None:
        """Definitions may be changed while the file is read."""
        found = Workspace.objects.values_list("schema_version", flat=True).get(pk=self.workspace.pk)
        if found != self.workspace.schema_version:
            self.workspace.schema_version = found
            self.schema = self._current()

    def of(self, rows: Sequence[RawRow]) -> list[MeantRow]:
        found = iter(self._validated([row for row in rows if not row.problem]))
        return [
            MeantRow(row, row.line, reasons=[row.problem]) if row.problem else self._meant(row, next(found))
            for row in rows
        ]

    def _current(self) -> Schema:
        if not self.planned:
            return schema_of(self.workspace)
        return Schema([*self.workspace.property_definitions.in_order(), *self.planned])

    def _refuse_unmatched(self, table: Table) -> None:
        """Raise Refused where no column can tell whom the rows are about."""
        match = self.mapping.match
        if match not in (DISTINCT_ID, *COLUMNS) and not isinstance(table, ExportTable):
            raise Refused(f"To find people by {match}, a mapping has to say which column it is in.")
        if match in COLUMNS and table.paths and match not in table.paths:
            raise Refused(f"People are to be found by {match}, but the file has no such column.")

    def _validated(self, rows: list[RawRow]) -> list[Validated]:
        if self._blank:
            for row in rows:
                row.values = {**self._blank, **row.values}
        found = self._validated_by_schema(rows)
        new = custom_among({path for validated in found for path in validated.unknown})
        if not new:
            return found
        try:
            self._define_unknown(sorted(new), rows)
        except Refused:
            return found
        return self._validated_by_schema(rows)

    def _validated_by_schema(self, rows: list[RawRow]) -> list[Validated]:
        values = [row.values for row in rows]
        return self.schema.validate_many(values, zone=self._zone, has_blanks=self._has_blanks)

    def _meant(self, row: RawRow, validated: Validated) -> MeantRow:
        values = validated.values
        distinct_id = values.pop(DISTINCT_ID, "")
        meant = MeantRow(row, crc32(distinct_id.encode()) if distinct_id else row.line)
        profile = ProfileRow(distinct_id, values.pop("environment", self.mapping.environment), values)
        if row.identifiers:
            profile.identifiers = [NewIdentifier(*each) for each in row.identifiers if not _problem(each)]
        if self._keeps:
            profile.only_unset = True
        if validated.errors or validated.unknown or row.unread or row.identifiers:
            self._judge(meant, self._wrong(row, validated))
        if self._needs_id and not distinct_id:
            meant.reasons = [*meant.reasons, "A row without a distinct ID cannot update a profile."]
        if not meant.reasons:
            meant.profile = profile
        return meant

    def _judge(self, meant: MeantRow, wrong: dict[str, str]) -> None:
        """Whether what is `wrong` with the values refuses the row, or only them."""
        if self.mapping.bad == "row" or not self._needed.isdisjoint(wrong):
            meant.reasons = list(wrong.values())
        else:
            meant.dropped = list(wrong.values())

    def _wrong(self, row: RawRow, validated: Validated) -> dict[str, str]:
        """Why values cannot be written, by path, or by the kind of identifier."""
        return {
            **{error.path: error.message for error in validated.errors},
            **{path: unknown_value(path, self.schema) for path in validated.unknown},
            **row.unread,
            **{each.kind: problem for each in row.identifiers if (problem := _problem(each))},
        }

    def _define_unknown(self, paths: Collection[str], rows: Iterable[RawRow]) -> None:
        """Make custom properties of paths that nobody has defined, if the workspace allows that."""
        if paths and self.workspace.unknown_keys == UnknownKeys.REFUSE:
            raise Unreadable(
                f"The workspace has no property {', '.join(paths)}, and takes none that it does not know. "
                "Create them on its Properties page, or leave the columns out."
            )
        self._define(definitions_of(list(paths), rows, self.workspace))

    @transaction.atomic
    def _define(self, new: list[PropertyDefinition]) -> None:
        if not new:
            return
        if self.only_plans:
            for definition in new:
                refuse_problems(definition)
            self.planned += new
        else:
            register_properties(self.workspace, new, actor=self.actor)
            # Another import may have registered them at the same time.
            self.workspace.refresh_from_db(fields=["schema_version"])
        self.schema = self._current()
        told = [{"path": each.path, "type": each.type, "label": each.label} for each in new]
        self.run.report(new_properties=[*self._reported(), *told])

    def _reported(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.run.job.report.get("new_properties", [])
        return found

    def _definition(self, path: str, type: str, label: str = "") -> PropertyDefinition:
        key = path.removeprefix(_CUSTOM)
        return PropertyDefinition(
            workspace=self.workspace,
            kind=PropertyKind.CUSTOM,
            key=key,
            label=label or label_of_key(key),
            type=type,
        )


def _problem(name: RawIdentifier) -> str:
    """Why this cannot be a name of anybody, or nothing."""
    for part, most in _LENGTHS.items():
        text = getattr(name, part)
        if len(text) > most or not (text.isprintable()):
            return f"The identifier {name.kind[:60]} takes a {part} of at most {most:,} printable characters."
    return "" if name.value and name.kind else "An identifier needs a kind and a value."
