"""The key of an application, as each of its requests asks for it."""

from typing import Final, NamedTuple

from django.db import DEFAULT_DB_ALIAS
from django.db.models.base import ModelState

from profiles.models import ApiKey, Workspace, profile_id

from .prepared import fetch_one
from .records import COLUMNS, Record

_OF_KEY: Final = [field.attname for field in ApiKey._meta.concrete_fields]
_OF_WORKSPACE: Final = [field.attname for field in Workspace._meta.concrete_fields]
_COLUMNS: Final = ", ".join(
    [f"key.{name}" for name in _OF_KEY] + [f"workspace.{name}" for name in _OF_WORKSPACE]
)
# By the unique index of key_id. By hand, because building the query takes longer than answering it. With them
# comes which version of the two rows it is, by which the next request sees that it knows them.
_FROM: Final = """
    FROM profiles_apikey AS key JOIN profiles_workspace AS workspace ON workspace.id = key.workspace_id
"""
_VERSION: Final = "concat_ws(' ', key.xmin, key.ctid, workspace.xmin, workspace.ctid)"
_WHOLE: Final = f"SELECT {_VERSION}, {_COLUMNS} {_FROM} WHERE key.key_id = $1"
_VERSION_ALONE: Final = f"SELECT {_VERSION} {_FROM} WHERE key.key_id = $1"
_WITH_PROFILE: Final = f"""
    SELECT {_VERSION}, found.* {_FROM}
    LEFT JOIN LATERAL (
        SELECT {COLUMNS} FROM profiles_profile WHERE id = $2 AND workspace_id = key.workspace_id
    ) AS found ON TRUE
    WHERE key.key_id = $1
"""
_MOST_KNOWN: Final = 10_000


class Wanted(NamedTuple):
    """Whom a request is about, as can be told before its key is known; where, if not where the key is."""

    distinct_id: str
    environment: str | None = None


class _Known(NamedTuple):
    """A key with its workspace, as they were in this version of their rows. Never handed out itself."""

    version: str
    key: ApiKey


_known: Final[dict[str, _Known]] = {}


def key_of_id(key_id: str, wanted: Wanted | None = None) -> tuple[ApiKey | None, Record | None]:
    """The key with its workspace as they are now, and who is `wanted` of its profiles: mostly in one query.

    The profile may be there and not be given: where this process sees the key for the first time, or where it
    was absorbed. `key_id` and `wanted` have no NUL in them.
    """
    known = _known.get(key_id)
    if not known:
        return _learned(key_id), None
    if wanted:
        # Neither the workspace of a key ever changes, nor its environment.
        environment = wanted.environment or known.key.environment
        profile = profile_id(known.key.workspace, environment, wanted.distinct_id)
        row = fetch_one(_WITH_PROFILE, [key_id, profile])
    else:
        row = fetch_one(_VERSION_ALONE, [key_id])
    if row is None:
        return None, None
    key = _copy(known.key) if row[0] == known.version else _learned(key_id)
    return key, Record._make(row[1:]) if len(row) > 1 and row[1] else None


def _learned(key_id: str) -> ApiKey | None:
    row = fetch_one(_WHOLE, [key_id])
    if row is None:
        return None
    split = 1 + len(_OF_KEY)
    key = ApiKey.from_db(DEFAULT_DB_ALIAS, _OF_KEY, row[1:split])
    key.workspace = Workspace.from_db(DEFAULT_DB_ALIAS, _OF_WORKSPACE, row[split:])
    if len(_known) >= _MOST_KNOWN:
        _known.clear()
    _known[key_id] = _Known(row[0], _copy(key))
    return key


def _copy(key: ApiKey) -> ApiKey:
    """A key of its own for each request, which may change it. `copy.copy` takes longer than to read it."""
    workspace = Workspace.__new__(Workspace)
    copied = ApiKey.__new__(ApiKey)
    for made, given in ((workspace, key.workspace), (copied, key)):
        made.__dict__.update(given.__dict__)
        made._state = ModelState()
        made._state.adding, made._state.db = False, DEFAULT_DB_ALIAS
    copied._state.fields_cache["workspace"] = workspace
    return copied
