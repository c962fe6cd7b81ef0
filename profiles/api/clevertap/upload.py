"""POST upload: up to 1,000 records, each taken or skipped by itself (contracts 4b)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import transaction
from django.http import HttpResponse

from profiles.api.common import Call
from profiles.operations.incoming import Understood, understand
from profiles.operations.write import ProfileRow, write_profiles
from profiles.schema import schema_of

from .codes import BAD_OBJECT_ID, NO_IDENTITY, TOKEN_DATA, TOKEN_OBJECT_ID, UNFIT, Skipped
from .people import find_by_kind, find_by_object_ids
from .protocol import records_in, unprocessed, upshot
from .records import KINDS, Record, code_of, read_record

_YES: Final = ("1", "true")


def upload(call: Call) -> HttpResponse:
    """Write what the records say, in their order; with `dryRun=1` do it, answer, and undo it."""
    batch = _Upload(call, records_in(call))
    if call.request.GET.get("dryRun", "").lower() in _YES:
        with transaction.atomic():
            batch.write()
            transaction.set_rollback(True)
    else:
        batch.write()
    failures = [
        unprocessed(batch.given[place], *failure) for place, failure in sorted(batch.failures.items())
    ]
    return upshot(len(batch.given), failures, kept=batch.kept)


@dataclass(slots=True)
class _Upload:
    """Records by their place, from 0. `failures` are code and sentence; `kept`, how many of them are written
    but for a part.
    """

    call: Call
    given: list[Any]
    failures: dict[int, tuple[int, str]] = field(default_factory=dict)
    kept: int = 0

    def write(self) -> None:
        records = self._identified(self._read())
        workspace, key = self.call.workspace, self.call.key
        incoming = [record.incoming() for record in records.values()]
        understood = understand(workspace, incoming, actor=key)
        pairs = zip(records.items(), understood, strict=True)
        rows = {place: row for (place, record), found in pairs if (row := self._row(place, record, found))}
        outcomes = write_profiles(
            workspace, [*rows.values()], mode="upsert", source=self.call.door, actor=key
        )
        for place, outcome in zip(rows, outcomes, strict=True):
            record = records[place]
            if outcome.status == "refused":
                self._skip(place, UNFIT, " ".join(outcome.reasons))
            elif outcome.dropped and record.is_token:
                self._skip(place, TOKEN_DATA)
            elif outcome.dropped or record.problems:
                self._keep(place, [*record.problems.values(), *outcome.dropped])

    def _read(self) -> dict[int, Record]:
        records = {}
        for place, raw in enumerate(self.given):
            try:
                records[place] = read_record(raw)
            except Skipped as skipped:
                self._skip(place, skipped.code, str(skipped))
        return records

    def _identified(self, records: dict[int, Record]) -> dict[int, Record]:
        """Those of whom we know the distinct ID, which is now their name."""
        for key in {record.key for record in records.values()} - {"identity"}:
            found = self._find(key, {record.name for record in records.values() if record.key == key})
            for record in records.values():
                if record.key == key and record.name in found:
                    record.key, record.name = "identity", found[record.name]
        for place in [place for place, record in records.items() if record.key == "objectId"]:
            self._skip(place, TOKEN_OBJECT_ID if records.pop(place).is_token else BAD_OBJECT_ID)
        return records

    def _find(self, key: str, names: Collection[str]) -> dict[str, str]:
        by_id = key == "objectId"
        found = find_by_object_ids(self.call, names) if by_id else find_by_kind(self.call, KINDS[key], names)
        return {name: profile.distinct_id for name, profile in found.items()}

    def _row(self, place: int, record: Record, found: Understood) -> ProfileRow | None:
        """None where the record is skipped."""
        if found.problems and (code := self._judge(record, found)):
            self._skip(place, code)
            return None
        return ProfileRow(
            distinct_id=found.values.pop("distinct_id"),
            environment=self.call.environment,
            values=found.values,
            identifiers=record.identifiers,
            steps=found.steps,
        )

    def _judge(self, record: Record, found: Understood) -> int:
        """The code that skips the record; 0 where only parts are left out, which are its problems then."""
        if "distinct_id" in found.problems:
            return NO_IDENTITY
        if record.is_token:
            return TOKEN_DATA
        for path, sentence in found.problems.items():
            if not record.loses_nothing(path):
                record.problems[path] = sentence
        # Where there is no such property, the value may be a good one: it is left out, as any other.
        schema = schema_of(self.call.workspace)
        return code_of(path for path in found.problems if schema.field(path))

    def _skip(self, place: int, code: int, sentence: str = "") -> None:
        self.failures[place] = code, f"{sentence or Skipped(code)}Skipped record number : {place + 1}"

    def _keep(self, place: int, problems: Iterable[str]) -> None:
        """A value that does not fit takes nothing from the rest of its record (contracts 8.11)."""
        why = " ".join(dict.fromkeys(problems))
        sentence = f"Profile data is incorrect. {why} The rest is stored. Record number : {place + 1}"
        self.failures[place] = UNFIT, sentence
        self.kept += 1
