"""The list's rows: a definition with what is known about it."""

from collections.abc import Iterable
from dataclasses import dataclass

from profiles.models import IndexState, PropertyDefinition, PropertyKind, Workspace
from profiles.operations.property_index import being_built
from profiles.queries.properties import Usage, usage_of
from profiles.schema import field_of

_LOOK_OF_STATE = {
    IndexState.QUEUED: "info",
    IndexState.BUILDING: "info",
    IndexState.READY: "good",
    IndexState.FAILED: "bad",
}
_INTRODUCTIONS = {
    PropertyKind.DEFAULT: "Every workspace has these. Names, order and rules can be changed.",
    PropertyKind.CHANNEL: "Where the person can be reached.",
    PropertyKind.CUSTOM: "Facts of your own.",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One property: its rules in words, how many profiles have it, the state of its index."""

    definition: PropertyDefinition
    rules: str
    used: str
    index_look: str
    is_stalled: bool
    is_first: bool
    is_last: bool

    @property
    def has_index(self) -> bool:
        return bool(self.index_look)

    @property
    def may_retry(self) -> bool:
        return self.is_stalled or self.definition.index_state == IndexState.FAILED


@dataclass(frozen=True, slots=True)
class Section:
    kind: str
    title: str
    introduction: str
    rows: list[Row]


def sections(workspace: Workspace, *, archived: bool) -> list[Section]:
    """The workspace's properties by kind; the archived ones instead of the active where asked for."""
    definitions = list(workspace.property_definitions.filter(archived_at__isnull=not archived).in_order())
    usage, built = usage_of(workspace), being_built()
    return [
        Section(kind.value, f"{kind.label} properties", _INTRODUCTIONS[kind], _rows(own, usage, built))
        for kind in PropertyKind
        if (own := [each for each in definitions if each.kind == kind]) or not archived
    ]


def is_waiting(found: Iterable[Section]) -> bool:
    """Whether an index will change its state by itself, so that the page should look again."""
    return any(
        row.definition.index_state in (IndexState.QUEUED, IndexState.BUILDING) and not row.is_stalled
        for section in found
        for row in section.rows
    )


def _rows(definitions: list[PropertyDefinition], usage: Usage, built: set[int]) -> list[Row]:
    return [
        Row(
            definition=each,
            rules=field_of(each).rule_in_words,
            used=_used(usage, each.path),
            index_look=_LOOK_OF_STATE.get(IndexState(each.index_state), ""),
            is_stalled=each.index_state == IndexState.BUILDING and each.pk not in built,
            is_first=place == 0,
            is_last=place == len(definitions) - 1,
        )
        for place, each in enumerate(definitions)
    ]


def _used(usage: Usage, path: str) -> str:
    count = usage.of(path)
    if not usage.is_about:
        return f"{count:,}"
    return f"about {count:,}" if count else "none found"
