"""What a batch adds to the history: few changes by a statement that is planned once, many by COPY."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import orjson
from orjson import Fragment

from profiles.queries.prepared import fetch_all

from .copying import copy_line, copy_rows

# COPY takes three turns at the wire.
_FEW: Final = 50
_COLUMNS: Final = ("profile_id", "deed", "old", "new", "at", "door", "actor", "operator_id", "job_id")
# %d are the numbers of its parameters, which are those of `History.parameters`.
INSERT: Final = f"""
    INSERT INTO profiles_profilechange ({", ".join(_COLUMNS)})
    SELECT change.*, $%d, $%d, $%d::bigint, $%d::bigint FROM json_to_recordset($%d::json)
        AS change(profile_id uuid, deed text, old jsonb, new jsonb, at timestamptz)
"""
_RECORD: Final = INSERT % (1, 2, 3, 4, 5)


@dataclass(frozen=True, slots=True)
class History:
    """Changes as (id of the profile as hex, deed, old and new as JSON, when), and what all of them say."""

    changes: Sequence[tuple[str, ...]]
    door: str
    actor: str
    operator: str | None
    job: str | None

    @property
    def is_short(self) -> bool:
        return len(self.changes) <= _FEW

    @property
    def parameters(self) -> list[str | None]:
        records = [
            {"profile_id": key, "deed": deed, "old": Fragment(old), "new": Fragment(new), "at": at}
            for key, deed, old, new, at in self.changes
        ]
        return [self.door, self.actor, self.operator, self.job, orjson.dumps(records).decode()]

    def record(self) -> None:
        if self.is_short:
            fetch_all(_RECORD, self.parameters)
            return
        common = [self.door, self.actor]
        lines = [copy_line([*change, *common], [self.operator, self.job]) for change in self.changes]
        copy_rows("profiles_profilechange", _COLUMNS, lines)
