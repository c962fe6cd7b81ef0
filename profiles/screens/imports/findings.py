"""What a preview found, made ready to be shown."""

from dataclasses import dataclass
from typing import Any, Final

from django.utils.safestring import SafeString

from profiles.imports import Mapping
from profiles.models import Job, Workspace
from profiles.schema import schema_of
from profiles.screens.common.markup import user_text
from profiles.screens.profiles.display import show

_SHORT: Final = 60
_LISTED: Final = 10


@dataclass(frozen=True, slots=True)
class Change:
    """A property that changes, in how many rows, and some of these."""

    label: str
    count: int
    examples: list[tuple[str, SafeString, SafeString]]


@dataclass(frozen=True, slots=True)
class Findings:
    """`counts` are (outcome, its word, number, look); `errors` and `dropped` kinds as jobs report them."""

    counts: list[tuple[str, str, int, str]]
    changes: list[Change]
    errors: list[dict[str, Any]]
    dropped: list[dict[str, Any]]
    new_properties: list[dict[str, str]]
    new_tags: list[str]
    new_tag_count: int
    nameless: int
    repeated: int
    notes: list[str]
    is_empty: bool
    environment: str


def findings_of(job: Job, workspace: Workspace) -> Findings:
    report = job.report
    schema = schema_of(workspace)
    mapping = Mapping.from_json(job.parameters["mapping"])
    return Findings(
        counts=[
            ("created", "would be created", job.created, "good"),
            ("updated", "would be updated", job.updated, "info"),
            ("unchanged", "need no change", job.unchanged, "quiet"),
            ("refused", "would be refused", job.refused, "bad" if job.refused else "quiet"),
        ],
        changes=[
            Change(
                each["label"],
                each["count"],
                [
                    (
                        example["distinct_id"],
                        _shown(schema.field(each["path"]), example.get("old")),
                        _shown(schema.field(each["path"]), example.get("new")),
                    )
                    for example in each.get("examples", [])
                ],
            )
            for each in report.get("changes", [])
        ],
        errors=report.get("errors", []),
        dropped=report.get("dropped", []),
        new_properties=report.get("new_properties", []),
        new_tags=report.get("new_tags", []),
        new_tag_count=report.get("new_tag_count", 0),
        nameless=report.get("nameless", 0),
        repeated=report.get("repeated", 0),
        notes=[*report.get("notes", []), *_unmapped(report, mapping)],
        is_empty=not job.done,
        environment=mapping.environment,
    )


def _unmapped(report: dict[str, Any], mapping: Mapping) -> list[str]:
    """What objects have further down, and the first ones had not, so that nobody could map it."""
    known = {each.column for each in mapping.columns}
    names = [name for name in report.get("ignored", []) if name not in known]
    if not names:
        return []
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return [f"Not in the first rows, so passed over: {', '.join(names[:_LISTED])}{more}."]


def _shown(field: Any, value: Any) -> SafeString:
    is_long = isinstance(value, str) and len(value) > _SHORT
    return user_text(value, limit=_SHORT) if is_long else show(field, value)
