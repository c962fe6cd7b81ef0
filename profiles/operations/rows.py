"""What goes into a write of profiles and what comes out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from profiles.models import Environment, IdentifierKind
from profiles.queries.records import Record

Mode = Literal["create", "update", "upsert", "replace"]
OutcomeStatus = Literal["created", "updated", "unchanged", "refused"]
Deed = Literal["once", "add", "append", "remove"]


@dataclass(slots=True, frozen=True)
class NewIdentifier:
    """Another name to give to a profile."""

    value: str
    kind: str = IdentifierKind.DISTINCT_ID
    source: str = ""
    type: str = ""


@dataclass(slots=True, frozen=True)
class Step:
    """A change of one value that depends on what it is: set it once, add to a number, to or from a list.

    `value` of append and remove is an element or a list of them; `most` keeps the newest so many elements.
    """

    path: str
    deed: Deed
    value: Any
    most: int = 0


@dataclass(slots=True, frozen=True)
class Passage:
    """What comes along where a profile is merged, comes back, or gets another distinct ID.

    `deed` is what the history calls it (see models.Deed), `was` the former distinct ID. No rule about the
    profile as a whole stands in the way of coming back.
    """

    deed: str
    sources: Sequence[str] = ()
    was: str = ""


@dataclass(slots=True)
class ProfileRow:
    """One validated row to write.

    `values` maps a path (`email`, `channel.sms`, `custom.plan`, `status`, `tags`, `last_seen_at`) to its JSON
    value; None clears it. An empty `distinct_id` asks for a new one (not in mode "update"). `expected` maps
    paths to what the writer saw (None for unset): where a profile differs by now, but for what the row itself
    wants, the row is refused. With `only_unset`, what the profile has already stays as it is; with
    `only_existing`, a profile that is not there is not created, whatever the mode of its batch.
    `steps` are taken after `values`; those that do not fit are left out. `person` is whose profile a new one
    is to be, where it is not a person of its own (see `models.person_of`); None leaves that as it is.
    `replaces` are beginnings of paths: mode "replace" clears no others (without them, it clears all).
    `created_at` dates a profile back; only demo data and a `passage` do that.
    """

    distinct_id: str = ""
    environment: str = Environment.LIVE
    values: Mapping[str, Any] = field(default_factory=dict)
    add_tags: Sequence[str] = ()
    remove_tags: Sequence[str] = ()
    expected: Mapping[str, Any] | None = None
    identifiers: Sequence[NewIdentifier] = ()
    remove_identifiers: Sequence[NewIdentifier] = ()
    created_at: datetime | None = None
    only_unset: bool = False
    only_existing: bool = False
    steps: Sequence[Step] = ()
    person: int | None = None
    replaces: tuple[str, ...] = ()
    passage: Passage | None = None


@dataclass(slots=True)
class Outcome:
    """What became of one row.

    `conflicts` maps the paths that differ from what the row expected to their current values. A plan also
    says what would change, by path with old and new value, and whether an earlier row was about the profile.
    `dropped` says of each step that was left out why. `record` is the row of one of a few that changed, as it
    was stored.
    """

    status: OutcomeStatus
    id: UUID
    distinct_id: str
    reasons: list[str] = field(default_factory=list)
    changed: tuple[str, ...] = ()
    conflicts: dict[str, Any] = field(default_factory=dict)
    differences: Mapping[str, tuple[Any, Any]] | None = None
    is_repeated: bool = False
    dropped: list[str] = field(default_factory=list)
    record: Record | None = None
