"""What a write would do, without doing it: the same decisions, on memories instead of rows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import uuid4

import orjson
from django.db import connection, transaction

from profiles.models import Operator, Workspace

from .rows import Mode, Outcome, ProfileRow
from .state import tags_in
from .tags import spelling_of
from .write import LOOK, Batch

# Temporary, so that a file of any size is remembered outside of this process, and nothing real is touched.
# Its primary key finds the rows of RECALL and REMEMBER.
_CREATE = "CREATE TEMPORARY TABLE IF NOT EXISTS {table} (id uuid PRIMARY KEY, state jsonb NOT NULL)"
_RECALL = "SELECT id, state::text FROM {table} WHERE id = ANY(%s::uuid[])"
_REMEMBER = """
    INSERT INTO {table} SELECT id, state FROM json_to_recordset(%s::json) AS r(id uuid, state jsonb)
    ON CONFLICT (id) DO UPDATE SET state = excluded.state
"""


@dataclass(slots=True)
class Plan:
    """`write` answers what `write_profiles` would, also for profiles that earlier rows would have changed.

    Rows of one profile have to come on one connection; each remembers for itself until `forget`. Identifiers
    are not looked at: rows of files have none.
    """

    table: str = field(default_factory=lambda: f"plan_{uuid4().hex}")
    spelling: dict[str, str] = field(default_factory=dict)

    def write(
        self,
        workspace: Workspace,
        rows: Sequence[ProfileRow],
        *,
        mode: Mode,
        source: str,
        actor: Operator | None,
    ) -> list[Outcome]:
        with transaction.atomic():
            batch = Batch(workspace, rows, mode, source, actor)
            named = batch.named()
            batch.spelling = self._spelling(workspace, tags_in(rows))
            batch.read(LOOK)
            self._recall(batch)
            batch.note_denied()
            outcomes = [batch.outcome(row, person) for row, person in named]
            self._remember(batch)
        return outcomes

    def forget(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS {self.table}")

    def _spelling(self, workspace: Workspace, names: set[str]) -> dict[str, str]:
        new = {name.lower(): name for name in sorted(names, reverse=True)}
        if unknown := new.keys() - self.spelling.keys():
            known = spelling_of(workspace, unknown)
            for key in unknown:
                self.spelling.setdefault(key, known.get(key, new[key]))
        return self.spelling

    def _recall(self, batch: Batch) -> None:
        with connection.cursor() as cursor:
            cursor.execute(_CREATE.format(table=self.table))
            cursor.execute(_RECALL.format(table=self.table), [batch.keys()])
            for key, state in cursor:
                person = batch.people[key]
                person.state, person.exists = orjson.loads(state), True

    def _remember(self, batch: Batch) -> None:
        states = [
            {"id": person.id, "state": person.state} for person in batch.people.values() if person.is_dirty
        ]
        if states:
            with connection.cursor() as cursor:
                cursor.execute(_REMEMBER.format(table=self.table), [orjson.dumps(states).decode()])
