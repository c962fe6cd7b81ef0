"""What a write of profiles would do, without doing it: the same decisions, on memories instead of rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import orjson
from django.db import IntegrityError, connection, transaction

from profiles.models import Identifier, Job, Operator, Workspace

from ..copying import copy_line, copy_rows
from ..deciding import LOOK, Batch
from ..following import Heirs, following
from ..identifiers import name_id
from ..rows import Mode, Outcome, ProfileRow
from ..state import Person, State
from ..tags import spelling_of
from .matching import Find, Found, Key, People

# Tables of the job instead of a migration's: they live as long as a preview, go in one deed, and are not
# logged, since after a crash of the database a preview can start over. In them a file of any size is
# remembered outside of this process. Empty is the `state` of whom rows were about that changed nothing.
_CREATE: Final = """
    CREATE UNLOGGED TABLE IF NOT EXISTS {table}_people
        (id uuid PRIMARY KEY, environment text, distinct_id text, matched text, state text);
    CREATE INDEX IF NOT EXISTS {table}_matched ON {table}_people (matched) WHERE matched <> '';
    CREATE UNLOGGED TABLE IF NOT EXISTS {table}_names (name text PRIMARY KEY, means text);
    INSERT INTO {table}_names VALUES ('begun', '') ON CONFLICT DO NOTHING
"""
_DROP: Final = "DROP TABLE IF EXISTS {table}_people, {table}_names"
_BEGUN: Final = "begun"
_EXISTS: Final = "SELECT to_regclass('{table}_names') IS NOT NULL"
# The primary keys find these, and the index of `matched` the people by the value that rows are matched by.
_RECALL: Final = "SELECT id, state FROM {table}_people WHERE id = ANY(%s::uuid[])"
_REMEMBER: Final = """
    UPDATE {table}_people p SET state = r.state, matched = r.matched
    FROM json_to_recordset(%s::json) AS r(id uuid, state text, matched text) WHERE p.id = r.id
"""
_NAME: Final = "INSERT INTO {table}_names SELECT * FROM unnest(%s::text[], %s::text[]) ON CONFLICT DO NOTHING"
_MEANING: Final = "SELECT name, means FROM {table}_names WHERE name = ANY(%s)"
_BY_ID: Final = "SELECT environment, matched, id, distinct_id FROM {table}_people WHERE id = ANY(%s)"
_MATCHED: Final = (
    f"{_BY_ID} AND state <> ''"
    + """
    UNION SELECT environment, matched, id, distinct_id FROM {table}_people
    WHERE matched = ANY(%s) AND matched <> ''
"""
)
_NEW_TAGS: Final = (
    "SELECT means, count(*) OVER () FROM {table}_names WHERE name LIKE 'tag:%%' ORDER BY 1 LIMIT 100"
)
_LEFT: Final = r"""
    SELECT substring(relname FROM '^profiles_preview_(\d+)_people$') FROM pg_class
    WHERE relname LIKE 'profiles\_preview\_%\_people' AND pg_table_is_visible(oid)
"""
_COLUMNS: Final = ("id", "environment", "distinct_id", "matched", "state")
_TAG: Final = "tag:"


def table_of_plan(job: int) -> str:
    return f"profiles_preview_{job}"


@dataclass(slots=True)
class Plan:
    """`write` answers what `write_profiles` would, also for profiles that earlier rows would have changed.

    The writers of a job share it; rows of one profile have to come from one of them. Where `match` is a
    property, people are remembered by its value, too. Tags are named by `spell` before they are written.
    """

    table: str
    match: str = ""
    spelling: dict[str, str] = field(default_factory=dict)

    def begin(self) -> bool:
        """Whether it goes on with what was remembered before."""
        goes_on = self._rows(_EXISTS)[0][0] and bool(self._meaning([_BEGUN]))
        self._do(_CREATE)
        return goes_on

    def forget(self) -> None:
        self._do(_DROP)

    def write(
        self,
        workspace: Workspace,
        rows: Sequence[ProfileRow],
        *,
        mode: Mode,
        source: str,
        actor: Operator | None,
        job: Job | None = None,
    ) -> list[Outcome]:

        def write(heirs: Heirs) -> list[Outcome]:
            with transaction.atomic():
                return self._write(_PlannedBatch(workspace, rows, mode, source, actor, job, heirs))

        try:
            return following(write)
        except IntegrityError:
            # Another writer has remembered one of the people meanwhile, under a name that was absorbed.
            return following(write)

    def _write(self, batch: "_PlannedBatch") -> list[Outcome]:
        named = batch.named()
        batch.holders = self._holders(batch.workspace, batch.rows)
        batch.spelling = self.spelling
        batch.read(LOOK)
        recalled = self._recall(batch)
        batch.note_missing()
        seen = set(recalled)
        outcomes = []
        for row, person in named:
            outcomes.append(batch.planned(row, person))
            outcomes[-1].is_repeated = person.id in seen
            seen.add(person.id)
        # Not those who get a distinct ID of their own: no later row can be about them.
        about = {person.id for row, person in named if row.distinct_id}
        self._remember(batch, [batch.people[key] for key in about], recalled)
        return outcomes

    def spell(self, workspace: Workspace, names: Mapping[str, str]) -> None:
        """Tags by their lower-cased names: as they are registered, or else as the first row spells them."""
        if unknown := names.keys() - self.spelling.keys():
            known = spelling_of(workspace, unknown)
            new = sorted(unknown - known.keys())
            self._name({_TAG + key: names[key] for key in new})
            planned = self._meaning(_TAG + key for key in new)
            self.spelling |= known | {key.removeprefix(_TAG): name for key, name in planned.items()}

    def new_tags(self) -> tuple[list[str], int]:
        """The names of the first hundred, and how many there are."""
        found = self._rows(_NEW_TAGS)
        return [name for name, _ in found], found[0][1] if found else 0

    def find(self, stored: Find) -> Find:
        """Looks for those who are `stored`, as they would be by now, and for those who would be new."""

        def find(keys: set[Key]) -> People:
            found = {**stored(keys)}
            values = [key.value for key in keys if key.name is None]
            ids = [person.id for people in found.values() for person in people]
            planned = [
                (Key(environment, value), Found(*person))
                for environment, value, *person in self._rows(_MATCHED, [ids, values])
            ]
            changed = {person for _, person in planned}
            found = {key: people if key.name else people - changed for key, people in found.items()}
            for key, person in planned:
                found.setdefault(key, set()).add(person)
            for key, person in self._people_named({key.name.hex: key for key in keys if key.name}):
                found.setdefault(key, set()).add(person)
            return {key: people for key, people in found.items() if people and key in keys}

        return find

    def _people_named(self, names: dict[str, Key]) -> list[tuple[Key, Found]]:
        holders = {name: UUID(holder) for name, holder in self._meaning(names).items()}
        rows = self._rows(_BY_ID, [list(holders.values())]) if holders else []
        people = {key: Found(key, distinct_id) for _, _, key, distinct_id in rows}
        return [(names[name], people[holder]) for name, holder in holders.items()]

    def _holders(self, workspace: Workspace, rows: Sequence[ProfileRow]) -> dict[UUID, UUID]:
        ids = {name_id(workspace, row, name) for row in rows for name in row.identifiers}
        if not ids:
            return {}
        stored = Identifier.objects.filter(id__in=ids).values_list("id", "profile_id")
        planned = self._meaning(key.hex for key in ids)
        return dict(stored) | {UUID(name): UUID(holder) for name, holder in planned.items()}

    def _recall(self, batch: "_PlannedBatch") -> set[UUID]:
        """Fetch what earlier rows made of the people; returns those whom earlier rows were about."""
        seen = set()
        for key, state in self._rows(_RECALL, [batch.keys()]):
            seen.add(key)
            if state:
                person = batch.people[key]
                person.state, person.exists = orjson.loads(state), True
        return seen

    def _remember(self, batch: "_PlannedBatch", people: Sequence[Person], recalled: set[UUID]) -> None:
        changed = [
            {"id": each.id, "state": _written(each.state), "matched": self._matched(each)}
            for each in people
            if each.is_dirty and each.id in recalled
        ]
        if changed:
            with connection.cursor() as cursor:
                cursor.execute(_REMEMBER.format(table=self.table), [orjson.dumps(changed).decode()])
        new = [self._line(each) for each in people if each.id not in recalled]
        if new:
            copy_rows(f"{self.table}_people", _COLUMNS, new)
        self._name({each.id.hex: each.profile_id.hex for each in batch.given})

    def _line(self, person: Person) -> str:
        state = _written(person.state) if person.is_dirty else ""
        return copy_line(
            [person.id.hex, person.environment, person.distinct_id, self._matched(person), state]
        )

    def _matched(self, person: Person) -> str:
        return str(person.state.get(self.match, "")).lower() if self.match and person.is_dirty else ""

    def _name(self, meanings: Mapping[str, str]) -> None:
        if meanings:
            with connection.cursor() as cursor:
                statement = _NAME.format(table=self.table)
                cursor.execute(statement, [list(meanings.keys()), list(meanings.values())])

    def _meaning(self, names: Iterable[str]) -> dict[str, str]:
        wanted = list(names)
        return dict(self._rows(_MEANING, [wanted])) if wanted else {}

    def _do(self, statement: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement.format(table=self.table))

    def _rows(self, statement: str, parameters: Sequence[Any] = ()) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(statement.format(table=self.table), parameters)
            found: list[Any] = cursor.fetchall()
            return found


def forget_ended() -> None:
    """Drop the tables of previews that were cancelled while nobody worked at them, or were erased."""
    with connection.cursor() as cursor:
        cursor.execute(_LEFT)
        left = {int(number) for (number,) in cursor.fetchall()}
    for number in left - set(Job.objects.active().filter(pk__in=left).values_list("pk", flat=True)):
        Plan(table_of_plan(number)).forget()


class _PlannedBatch(Batch):
    """Keeps what its last row changed instead of a history."""

    __slots__ = ("_noted",)
    _noted: tuple[State, State]

    def planned(self, row: ProfileRow, person: Person) -> Outcome:
        self._noted = {}, {}
        outcome = self.outcome(row, person)
        if outcome.status == "updated":
            old, new = self._noted
            outcome.differences = {path: (old.get(path), new.get(path)) for path in outcome.changed}
        return outcome

    def _note(self, person: Person, deed: str, old: State, new: State, at: str) -> None:
        self._noted = old, new


def _written(state: State) -> str:
    return orjson.dumps(state).decode()
