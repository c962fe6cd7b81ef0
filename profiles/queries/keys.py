"""The key of an application, as each of its requests asks for it."""

from typing import Final

from django.db import DEFAULT_DB_ALIAS

from profiles.models import ApiKey, Workspace

from .prepared import fetch_one

# What no request needs is read when somebody asks for it.
_LEFT_OUT: Final = {"created_at", "hint", "operator_id"}
_OF_KEY: Final = [field.attname for field in ApiKey._meta.concrete_fields if field.attname not in _LEFT_OUT]
_OF_WORKSPACE: Final = [
    field.attname for field in Workspace._meta.concrete_fields if field.attname not in _LEFT_OUT
]
_COLUMNS: Final = ", ".join(
    [f"key.{name}" for name in _OF_KEY] + [f"workspace.{name}" for name in _OF_WORKSPACE]
)
# By the unique index of key_id. By hand, because building the query takes longer than answering it.
_BY_KEY_ID: Final = f"""
    SELECT {_COLUMNS} FROM profiles_apikey AS key
    JOIN profiles_workspace AS workspace ON workspace.id = key.workspace_id
    WHERE key.key_id = %s
"""


def key_of_id(key_id: str) -> ApiKey | None:
    """With its workspace, in one query. `key_id` has no NUL in it."""
    row = fetch_one(_BY_KEY_ID, [key_id])
    if row is None:
        return None
    key = ApiKey.from_db(DEFAULT_DB_ALIAS, _OF_KEY, row[: len(_OF_KEY)])
    key.workspace = Workspace.from_db(DEFAULT_DB_ALIAS, _OF_WORKSPACE, row[len(_OF_KEY) :])
    return key
