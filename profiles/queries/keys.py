"""The key of an application, as each of its requests asks for it."""

from typing import Any, Final, NamedTuple

from django.db import DEFAULT_DB_ALIAS

from profiles.models import ApiKey, Workspace, profile_id

from .prepared import fetch_one
from .records import COLUMNS, Record

# All columns: a model that lacks some takes longer to make than they do to read.
_OF_KEY: Final = [field.attname for field in ApiKey._meta.concrete_fields]
_OF_WORKSPACE: Final = [field.attname for field in Workspace._meta.concrete_fields]
_COLUMNS: Final = ", ".join(
    [f"key.{name}" for name in _OF_KEY] + [f"workspace.{name}" for name in _OF_WORKSPACE]
)
# By the unique index of key_id. By hand, because building the query takes longer than answering it.
_BY_KEY_ID: Final = f"""
    SELECT {_COLUMNS} FROM profiles_apikey AS key
    JOIN profiles_workspace AS workspace ON workspace.id = key.workspace_id
    WHERE key.key_id = $1
"""
_WITH_PROFILE: Final = f"""
    SELECT {_COLUMNS}, found.* FROM profiles_apikey AS key
    JOIN profiles_workspace AS workspace ON workspace.id = key.workspace_id
    LEFT JOIN LATERAL (
        SELECT {COLUMNS} FROM profiles_profile WHERE id = $2 AND workspace_id = key.workspace_id
    ) AS found ON TRUE
    WHERE key.key_id = $1
"""
_MOST_HOMES: Final = 10_000


class Wanted(NamedTuple):
    """Whom a request is about, as can be told before its key is known; where, if not where the key is."""

    distinct_id: str
    environment: str | None = None


class _Home(NamedTuple):
    """What never changes of a key."""

    workspace: Workspace
    environment: str


_homes: Final[dict[str, _Home]] = {}


def key_of_id(key_id: str, wanted: Wanted | None = None) -> tuple[ApiKey | None, Record | None]:
    """The key with its workspace, and who is `wanted` of the workspace's profiles, in one query.

    The profile may be there and not be given: where this process sees the key for the first time, or where it
    was absorbed. `key_id` and `wanted` have no NUL in them.
    """
    home = _homes.get(key_id) if wanted else None
    if not home or not wanted:
        return _key_of(fetch_one(_BY_KEY_ID, [key_id])), None
    key = profile_id(home.workspace, wanted.environment or home.environment, wanted.distinct_id)
    row = fetch_one(_WITH_PROFILE, [key_id, key])
    return _key_of(row), _record_of(row)


def _key_of(row: tuple[Any, ...] | None) -> ApiKey | None:
    if row is None:
        return None
    key = ApiKey.from_db(DEFAULT_DB_ALIAS, _OF_KEY, row[: len(_OF_KEY)])
    of_workspace = row[len(_OF_KEY) : len(_OF_KEY) + len(_OF_WORKSPACE)]
    key.workspace = Workspace.from_db(DEFAULT_DB_ALIAS, _OF_WORKSPACE, of_workspace)
    if key.key_id not in _homes:
        if len(_homes) >= _MOST_HOMES:
            _homes.clear()
        _homes[key.key_id] = _Home(key.workspace, key.environment)
    return key


def _record_of(row: tuple[Any, ...] | None) -> Record | None:
    found = row and row[len(_OF_KEY) + len(_OF_WORKSPACE) :]
    return Record._make(found) if found and found[0] else None
