"""The index of an indexed custom property: wanted by the definition, built and dropped by the worker."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

from django.db import DatabaseError, connection, transaction
from psycopg import sql

from profiles.errors import Refused
from profiles.models import AuditEntry, IndexState, Operator, PropertyDefinition, PropertyKind
from profiles.queue import enqueue

# Built and dropped CONCURRENTLY, outside of any transaction, so that profiles are written meanwhile.
_BUILD: Final = sql.SQL(
    "CREATE INDEX CONCURRENTLY {name} ON profiles_profile ((custom -> {key}), id)"
    " WHERE workspace_id = {workspace}"
)
_DROP: Final = sql.SQL("DROP INDEX CONCURRENTLY IF EXISTS {name}")
_IS_VALID: Final = """
    SELECT indisvalid FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
    WHERE indrelid = 'profiles_profile'::regclass AND relname = %s
"""
_LOCK: Final = "SELECT pg_try_advisory_lock(%s)"
_UNLOCK: Final = "SELECT pg_advisory_unlock(%s)"
_LOCKED: Final = """
    SELECT (classid::bigint << 32) | objid::bigint FROM pg_locks
    WHERE locktype = 'advisory' AND objsubid = 1 AND granted AND classid = %s
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
_LOCK_CLASS: Final = 0x5072_6F70
"""The upper half of the advisory locks' numbers; the lower is the definition's."""


class Busy(Exception):
    """Another worker is building or dropping this index right now."""


def request_index(definition: PropertyDefinition) -> None:
    """Note that the index is to be built or dropped, and let the worker do it. Within a transaction."""
    state = IndexState.QUEUED if is_wanted(definition) else IndexState.NONE
    _note(definition, state)
    enqueue("property_index", definition=definition.pk)


def is_wanted(definition: PropertyDefinition) -> bool:
    return definition.kind == PropertyKind.CUSTOM and definition.indexed and not definition.is_archived


@transaction.atomic
def retry_index(definition: PropertyDefinition, *, actor: Operator | None) -> None:
    """Ask again for an index that failed, or whose worker was lost. One that is being built is left alone."""
    if not is_wanted(definition):
        raise Refused(f"{definition.label} is not indexed.")
    if definition.index_state == IndexState.READY or definition.pk in being_built():
        return
    request_index(definition)
    AuditEntry.objects.create(
        workspace=definition.workspace,
        operator=actor,
        actor=str(actor or ""),
        verb="retry_index",
        subject=definition.path,
    )


def being_built() -> set[int]:
    """The definitions whose index a worker is busy with at this moment."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCKED, [_LOCK_CLASS])
        return {lock & 0xFFFF_FFFF for (lock,) in cursor.fetchall()}


def bring_index_in_line(definition_id: int) -> None:
    """Build the index where the definition wants it, drop it where it does not; safe to run twice.

    What a worker that was killed left behind, an invalid index and the state "building", is mended. Raises
    Busy where another worker is at it. Not inside a transaction.
    """
    with _alone(definition_id):
        definition = PropertyDefinition.objects.get(pk=definition_id)
        if is_wanted(definition):
            _build(definition)
        else:
            _drop(definition)
            _note(definition, IndexState.NONE)


def mend_indexes() -> None:
    """Take up what workers that were killed left half-done."""
    unfinished = PropertyDefinition.objects.filter(index_state__in=(IndexState.QUEUED, IndexState.BUILDING))
    for definition_id in unfinished.values_list("pk", flat=True):
        with suppress(Busy):
            bring_index_in_line(definition_id)


@contextmanager
def _alone(definition_id: int) -> Iterator[None]:
    """Hold the lock of this index, or raise Busy: the build would wait for whoever waits for the lock."""
    number = _LOCK_CLASS << 32 | definition_id
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [number])
        (is_ours,) = cursor.fetchone()
        if not is_ours:
            raise Busy
        try:
            yield
        finally:
            cursor.execute(_UNLOCK, [number])


def _build(definition: PropertyDefinition) -> None:
    try:
        if _is_valid(definition) is not True:
            _note(definition, IndexState.BUILDING)
            _drop(definition)
            _execute(_BUILD, definition)
            _execute(sql.SQL("ANALYZE profiles_profile"), definition)
    except DatabaseError as error:
        _drop(definition)
        _note(definition, IndexState.FAILED, str(error).strip())
    else:
        _note(definition, IndexState.READY)


def _drop(definition: PropertyDefinition) -> None:
    _execute(_DROP, definition)


def _execute(statement: sql.SQL, definition: PropertyDefinition) -> None:
    parts = {
        "name": sql.Identifier(definition.index_name),
        "key": sql.Literal(definition.key),
        "workspace": sql.Literal(definition.workspace_id),
    }
    with connection.cursor() as cursor:
        cursor.execute(statement.format(**parts))


def _is_valid(definition: PropertyDefinition) -> bool | None:
    """None where there is no such index."""
    with connection.cursor() as cursor:
        cursor.execute(_IS_VALID, [definition.index_name])
        row = cursor.fetchone()
    return row[0] if row else None


def _note(definition: PropertyDefinition, state: IndexState, error: str = "") -> None:
    definition.index_state, definition.index_error = state, error
    PropertyDefinition.objects.filter(pk=definition.pk).update(index_state=state, index_error=error)
