"""Rows on their way in."""

from typing import Any

from profiles.models import Door, Workspace
from profiles.operations.rows import Mode
from profiles.operations.write import Outcome, ProfileRow, write_profiles


def write(workspace: Workspace, *rows: ProfileRow, mode: Mode = "upsert", **options: Any) -> list[Outcome]:
    return write_profiles(workspace, rows, mode=mode, source=Door.CONSOLE, **({"actor": None} | options))


def statuses(outcomes: list[Outcome]) -> list[str]:
    return [outcome.status for outcome in outcomes]
