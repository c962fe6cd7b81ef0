"""What an import finds out besides its counts: kinds of errors with examples, and what would change.

Notes are plain JSON of bounded size. Each writer keeps its own beside its cursor, committed with it, so that
they are as exact as the counters, whatever is killed.
"""

import re
from collections.abc import Iterable, Mapping
from heapq import nsmallest
from typing import Any, Final

import orjson

Kinds = dict[str, dict[str, Any]]
"""By kind of reason: how many rows, and examples from the first lines."""

_EXAMPLES: Final = 5
_SAMPLES: Final = 10
_MOST_KINDS: Final = 100
_OTHERS: Final = "Other reasons"
_LONGEST: Final = 200
# A column that is named keeps its name.
_QUOTED: Final = re.compile(r"(?<!\AColumn )“[^”]*”")


class Notes:
    def __init__(self, kept: dict[str, Any] | None = None) -> None:
        kept = kept or {}
        self.nameless: int = kept.get("nameless", 0)
        self.repeated: int = kept.get("repeated", 0)
        self.errors: Kinds = kept.get("errors", {})
        self.dropped: Kinds = kept.get("dropped", {})
        self.changes: Kinds = kept.get("changes", {})
        self.is_new = False

    def as_json(self) -> dict[str, Any]:
        return {
            "nameless": self.nameless,
            "repeated": self.repeated,
            "errors": self.errors,
            "dropped": self.dropped,
            "changes": self.changes,
        }

    def count(self, *, nameless: int = 0, repeated: int = 0) -> None:
        self.nameless += nameless
        self.repeated += repeated
        self.is_new = True

    def note_refused(self, line: int, subject: str, reasons: Iterable[str]) -> None:
        _note(self.errors, line, subject, reasons)
        self.is_new = True

    def note_dropped(self, line: int, subject: str, reasons: Iterable[str]) -> None:
        _note(self.dropped, line, subject, reasons)
        self.is_new = True

    def note_changes(self, line: int, distinct_id: str, differences: Mapping[str, tuple[Any, Any]]) -> None:
        """`differences` maps paths to the old and the new value."""
        for path, (old, new) in differences.items():
            kind = self.changes.setdefault(path, {"count": 0, "examples": []})
            kind["count"] += 1
            if len(kind["examples"]) < _SAMPLES:
                kind["examples"].append(
                    {"line": line, "distinct_id": distinct_id, "old": _short(old), "new": _short(new)}
                )
        self.is_new = True


def merged(notes: Iterable[Notes]) -> dict[str, Any]:
    """What several writers noted, as the report of a job has it: lists, the most frequent first."""
    notes = list(notes)
    return {
        "nameless": sum(each.nameless for each in notes),
        "repeated": sum(each.repeated for each in notes),
        "errors": _listed("reason", [each.errors for each in notes], _EXAMPLES),
        "dropped": _listed("reason", [each.dropped for each in notes], _EXAMPLES),
        "changes": _listed("path", [each.changes for each in notes], _SAMPLES),
    }


def _note(kinds: Kinds, line: int, subject: str, reasons: Iterable[str]) -> None:
    for reason in reasons:
        name = _kind(reason)
        if name not in kinds and len(kinds) >= _MOST_KINDS:
            name = _OTHERS
        kind = kinds.setdefault(name, {"count": 0, "examples": []})
        kind["count"] += 1
        if len(kind["examples"]) < _EXAMPLES:
            kind["examples"].append({"line": line, "subject": printable(subject), "reason": reason[:1000]})


def _kind(reason: str) -> str:
    """A reason without the value it is about, which is quoted or stands behind a semicolon."""
    return _QUOTED.sub("“…”", reason.split("; ", 1)[0].rstrip("."))[:300]


def _listed(name: str, parts: list[Kinds], most: int) -> list[dict[str, Any]]:
    kinds = [
        {
            name: each,
            "count": sum(part[each]["count"] for part in parts if each in part),
            "examples": nsmallest(
                most,
                (example for part in parts if each in part for example in part[each]["examples"]),
                key=lambda example: example["line"],
            ),
        }
        for each in dict.fromkeys(each for part in parts for each in part)
    ]
    return sorted(kinds, key=lambda kind: (-kind["count"], kind[name]))


def printable(text: str, *, most: int = _LONGEST) -> str:
    """Without what PostgreSQL cannot store or nobody can see."""
    text = text[:most]
    return text if text.isprintable() else "".join(each if each.isprintable() else "�" for each in text)


def _short(value: Any) -> Any:
    """The value itself, or the beginning of its text."""
    if not isinstance(value, str | list | dict):
        return value
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    return value if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
