"""What a workspace's property definitions mean: the fields, and one validator for every door."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, tzinfo
from functools import cached_property
from typing import Any

from django.db import transaction
from pydantic_core import SchemaValidator, ValidationError

from profiles.models import PropertyDefinition, Workspace

from .compiled import batch_validator, validator_of
from .facts import facts
from .fields import FACT, Field, FieldError, Validated, field_of
from .refusals import field_error, shown

_KEPT = 128
_NEVER_BLANK = ("status", "environment", "distinct_id", "last_seen_at")
_compiled: dict[tuple[int, int], "Schema"] = {}


def schema_of(workspace: Workspace) -> "Schema":
    """The compiled schema of the workspace, kept per version.

    A schema read inside a transaction is only kept once that commits: if it rolls back, another change
    may come to bear the same version.
    """
    version = (workspace.pk, workspace.schema_version)
    found = _compiled.get(version)
    if found is None:
        found = Schema(workspace.property_definitions.in_order())
        transaction.on_commit(lambda: _keep(version, found))
    return found


def _keep(version: tuple[int, int], schema: "Schema") -> None:
    while len(_compiled) >= _KEPT:
        _compiled.pop(next(iter(_compiled)), None)
    _compiled[version] = schema


class Schema:
    """`fields` are the active properties in the order of screens; `required` and `starred` are paths.

    A blank text and None clear a value, but for status, environment, distinct ID and last seen, which
    count as not given, and tags, which become an empty list.
    """

    fields: dict[str, Field]
    facts: dict[str, Field]
    archived: dict[str, str]
    required: frozenset[str]
    starred: frozenset[str]

    def __init__(self, definitions: Iterable[PropertyDefinition]) -> None:
        """`definitions` of one workspace, archived ones too, in order."""
        definitions = list(definitions)
        active = [field_of(definition) for definition in definitions if not definition.is_archived]
        by_path = {field.path: field for field in active}
        self.facts = facts() | _named_fact(by_path.pop("distinct_id", None))
        self.fields = by_path
        self.archived = {each.path: each.label for each in definitions if each.is_archived}
        self.required = frozenset(field.path for field in active if field.required)
        self.starred = frozenset(field.path for field in active if field.starred)
        self._all: Mapping[str, Field] = self.fields | self.facts
        self._known = frozenset(self._all)
        self._lists = tuple(path for path, field in self._all.items() if field.is_list)

    def field(self, path: str) -> Field | None:
        """The active property or the fact at `path`."""
        return self._all.get(path)

    def validate(self, values: Mapping[str, Any], *, zone: tzinfo = UTC) -> Validated:
        """One row of raw values by path, with all its errors. `zone` is that of times without an offset."""
        row = Validated()
        for path, raw in values.items():
            if (field := self._all.get(path)) is not None:
                self._validate_one(field, raw, zone, row)
        self._settle(row.values)
        self._note_unknown(row, values)
        return row

    def validate_many(
        self, rows: Sequence[Mapping[str, Any]], *, zone: tzinfo = UTC, has_blanks: bool = True
    ) -> list[Validated]:
        """The same for a batch, in one call of pydantic; only rows with errors are looked at one by one.

        `has_blanks` is false where no text can be blank, so that none is looked for.
        """
        cleared = [_cleared(row) for row in rows] if has_blanks else rows
        found = self._batch.validate_python(cleared, context=zone)
        return [
            self.validate(row, zone=zone) if values is None else self._valid(values, row)
            for values, row in zip(found, rows, strict=True)
        ]

    def count_unfit(self, rows: Sequence[Mapping[str, Any]]) -> int:
        """How many of the rows have an error; far faster than asking which."""
        return sum(values is None for values in self._batch.validate_python(rows))

    def _valid(self, values: dict[str, Any], raw: Mapping[str, Any]) -> Validated:
        self._settle(values)
        row = Validated(values)
        if not self._known.issuperset(raw):
            self._note_unknown(row, raw)
        return row

    def _validate_one(self, field: Field, raw: Any, zone: tzinfo, row: Validated) -> None:
        if raw is None or (isinstance(raw, str) and not raw.strip()):
            row.values[field.path] = None
            return
        try:
            row.values[field.path] = validator_of(field).validate_python(raw, context=zone)
        except ValidationError as error:
            row.errors.append(field_error(field, raw, error.errors(include_url=False)[-1]))

    def _settle(self, values: dict[str, Any]) -> None:
        """Say what a blank means for facts, which cannot be unset, and that an empty list is none."""
        for path in _NEVER_BLANK:
            if path in values and values[path] is None:
                del values[path]
        for path in self._lists:
            if path in values and not values[path]:
                values[path] = [] if path == "tags" else None

    def _note_unknown(self, row: Validated, raw: Mapping[str, Any]) -> None:
        for path in raw.keys() - self._known:
            if path in self.archived:
                label = self.archived[path]
                message = f"{label} is archived and takes no values; {shown(raw[path])} was given."
                row.errors.append(FieldError(path, label, "archived", message))
            else:
                row.unknown[path] = raw[path]

    @cached_property
    def _batch(self) -> SchemaValidator:
        return batch_validator(tuple(self._all.values()))


def _cleared(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row with None for blank texts."""
    return {path: None if isinstance(raw, str) and not raw.strip() else raw for path, raw in row.items()}


def _named_fact(field: Field | None) -> dict[str, Field]:
    """The distinct ID, which a workspace may name and star like a property, but whose rules are fixed."""
    if field is None:
        return {}
    return {field.path: replace(field, kind=FACT, min_length=None, max_length=1024, pattern="")}
