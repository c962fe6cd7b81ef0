"""What undoing a job means for each profile: put it back, remove it, or leave it alone, and why."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Literal
from uuid import UUID

from django.db import connection

from profiles.models import Door, Identifier, Job
from profiles.operations.rows import NewIdentifier, ProfileRow
from profiles.operations.state import READ, State, differs, state_of
from profiles.queries.undo import MOST_CHANGES, NEWEST, Change, Trace, Traces, traces_of
from profiles.schema import Schema, schema_of, shown

Deed = Literal["restore", "remove", "settled", "leave"]

CHANGED: Final = "Somebody changed the property since"
TOUCHED: Final = "The job created the profile, and somebody changed it since"
UNFIT: Final = "The earlier value breaks today’s rules of the property"
STRAY: Final = "The value is not the one that the job left, though no change is on record"
OFTEN: Final = f"The profile was changed more than {MOST_CHANGES} times since the job began"
NAMES: Final = "Identifiers that were taken away are not given again"


# Found by the primary key, and locked in the order of the ids, as writers and erasures do.
_PEOPLE: Final = f"""
    SELECT id, environment, distinct_id, channels::text, custom::text, {", ".join(READ)}
    FROM (SELECT DISTINCT unnest(%s::uuid[]) AS wanted_id ORDER BY wanted_id) AS wanted
    CROSS JOIN LATERAL (SELECT * FROM profiles_profile WHERE id = wanted_id {{lock}}) AS found
"""


@dataclass(frozen=True, slots=True)
class Person:
    """A profile as it is now; `state` maps paths to values."""

    pk: UUID
    environment: str
    distinct_id: str
    state: State


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is left alone: one of the kinds above, and the sentence about this case."""

    kind: str
    sentence: str


@dataclass(slots=True)
class Verdict:
    """What is to become of one profile; `is_created` says whether the job created it.

    `row` is what puts it back, without what is left alone: `left` has the latter by path, with the value
    before the job, the one that it set, and the present one (absent for unset).
    """

    profile: Person
    is_created: bool
    deed: Deed = "settled"
    row: ProfileRow = field(default_factory=ProfileRow)
    shown: dict[str, dict[str, Any]] = field(default_factory=dict)
    left: dict[str, dict[str, Any]] = field(default_factory=dict)
    reasons: list[Reason] = field(default_factory=list)

    @property
    def puts_back(self) -> bool:
        """Whether there is anything to write."""
        row = self.row
        return bool(row.values or row.add_tags or row.remove_tags or row.remove_identifiers)

    def refuse(self, sentences: Iterable[str]) -> None:
        """Leave alone what was to be put back: some rule about the whole profile forbids it."""
        self.deed = "leave"
        self.left |= self.shown
        self.reasons += [Reason(UNFIT, sentence) for sentence in sentences]


def judge(
    job: Job, profiles: Iterable[UUID], *, before: int = NEWEST, is_final: bool = False
) -> list[Verdict]:
    """What undoing `job` means for these profiles, but those that it changed at the change `before` or later.

    `is_final` locks them until the transaction ends. The number of statements does not depend on the number
    of profiles. Profiles that are gone have no verdict: nothing is left of them.
    """
    found = _people(profiles, is_final=is_final)
    traces = traces_of(job, found)
    people = {key: person for key, person in found.items() if key in traces and traces[key].last < before}
    due = {key: traces[key] for key in people}
    names = _names_of([key for key, trace in due.items() if "identifiers" in trace.paths])
    schema = schema_of(job.workspace)
    unfit = _unfit_values(schema, [due[key] for key in people])
    return [
        _Judge(schema, profile, due[key], names.get(key, ()), problems).verdict()
        for (key, profile), problems in zip(people.items(), unfit, strict=True)
    ]


def _people(profiles: Iterable[UUID], *, is_final: bool) -> dict[UUID, Person]:
    """Those that are still there."""
    keys = "{" + ",".join([key.hex for key in profiles]) + "}"
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE.format(lock="FOR UPDATE" if is_final else ""), [keys])
        return {
            key: Person(key, environment, distinct_id, state_of(columns, channels, custom))
            for key, environment, distinct_id, channels, custom, *columns in cursor
        }


def _names_of(profiles: Sequence[UUID]) -> dict[UUID, list[Identifier]]:
    found: dict[UUID, list[Identifier]] = {}
    if profiles:
        for name in Identifier.objects.filter(profile_id__in=profiles).order_by("created_at", "id"):
            found.setdefault(name.profile_id, []).append(name)
    return found


def _unfit_values(schema: Schema, traces: Sequence[Traces]) -> list[dict[str, str]]:
    """For each profile what is wrong with its earlier values today, by path.

    What is not defined, or archived, has no rules to break.
    """
    rows = [
        {
            path: trace.before
            for path, trace in found.paths.items()
            if trace.before is not None and schema.field(path)
        }
        for found in traces
    ]
    return [{error.path: error.message for error in row.errors} for row in schema.validate_many(rows)]


@dataclass(slots=True)
class _Judge:
    schema: Schema
    profile: Person
    traces: Traces
    names: Iterable[Identifier]
    unfit: Mapping[str, str]

    def verdict(self) -> Verdict:
        verdict = Verdict(self.profile, self.traces.is_created)
        if self.traces.is_long:
            verdict.deed = "leave"
            verdict.reasons.append(Reason(OFTEN, f"{OFTEN}."))
            return verdict
        if self.traces.is_created:
            self._judge_created(verdict)
            return verdict
        state = self.profile.state
        for path, trace in self.traces.paths.items():
            self._judge_path(verdict, path, trace, state.get(path))
        verdict.row.distinct_id, verdict.row.environment = self.profile.distinct_id, self.profile.environment
        verdict.deed = "leave" if verdict.left else "restore" if verdict.puts_back else "settled"
        return verdict

    def _judge_created(self, verdict: Verdict) -> None:
        """Whoever gives a profile an identifier changes it too: the history tells of everything."""
        if other := self.traces.other:
            verdict.deed = "leave"
            sentence = f"The profile was created by the job and changed since{_by(other)}; {_when(other)}."
            verdict.reasons.append(Reason(TOUCHED, sentence))
        else:
            verdict.deed = "remove"

    def _judge_path(self, verdict: Verdict, path: str, trace: Trace, now: Any) -> None:
        if path == "tags":
            self._take_tags_back(verdict, trace, now or [])
        elif path == "identifiers":
            self._take_names_back(verdict, trace)
        elif not differs(now, trace.before):
            return
        elif reason := self._obstacle(path, trace, now):
            _leave(verdict, path, trace, now, reason)
        else:
            verdict.row.values = {**verdict.row.values, path: trace.before}
            verdict.shown[path] = _shown(trace, now)

    def _take_tags_back(self, verdict: Verdict, trace: Trace, now: list[str]) -> None:
        """Tag by tag, so that tags which others gave or took meanwhile stay as they are."""
        before, after = _lower(trace.before), _lower(trace.after)
        present = _lower(now)
        verdict.row.add_tags = [before[key] for key in before.keys() - after.keys() - present.keys()]
        verdict.row.remove_tags = [present[key] for key in (after.keys() - before.keys()) & present.keys()]
        if verdict.row.add_tags or verdict.row.remove_tags:
            verdict.shown["tags"] = _shown(trace, now)

    def _take_names_back(self, verdict: Verdict, trace: Trace) -> None:
        verdict.row.remove_identifiers = [
            NewIdentifier(value=name.value, kind=name.kind, source=name.source, type=name.type)
            for name in self.names
            if f"{name.kind} {name.value}" in trace.names
        ]
        if verdict.row.remove_identifiers:
            verdict.shown["identifiers"] = {"after": list(trace.names), "now": list(trace.names)}
        if trace.before:
            _leave(verdict, "identifiers", trace, None, Reason(NAMES, f"{NAMES}."))

    def _obstacle(self, path: str, trace: Trace, now: Any) -> Reason | None:
        """Why the value before the job is not put back."""
        if trace.since:
            what = f"{self._label(path)} was changed since{_by(trace.since)}"
            return Reason(CHANGED, f"{what}; {_values(trace, now)} ({_when(trace.since)}).")
        if differs(now, trace.after):
            stray = "is not as the job left it, though no change is on record"
            return Reason(STRAY, f"{self._label(path)} {stray}; {_values(trace, now)}.")
        if trace.before is None and path in self.schema.required:
            return Reason(UNFIT, f"{self._label(path)} is required by now, and was not set before the job.")
        return Reason(UNFIT, self.unfit[path]) if path in self.unfit else None

    def _label(self, path: str) -> str:
        known = self.schema.field(path)
        return known.label if known else self.schema.archived.get(path, path.removeprefix("custom."))


def _leave(verdict: Verdict, path: str, trace: Trace, now: Any, reason: Reason) -> None:
    verdict.left[path] = _shown(trace, now)
    verdict.reasons.append(reason)


def _shown(trace: Trace, now: Any) -> dict[str, Any]:
    values: Mapping[str, Any] = {"before": trace.before, "after": trace.after, "now": now}
    return {name: value for name, value in values.items() if value is not None}


def _lower(tags: Iterable[str] | None) -> dict[str, str]:
    return {tag.lower(): tag for tag in tags or ()}


# Sentences are of one kind where they are the same up to the semicolon; what is behind it differs by case.
def _by(other: Change) -> str:
    return f" by {other.actor}" if other.actor else ""


def _when(other: Change) -> str:
    door = str(Door(other.door).label) if other.door in Door.values else other.door
    job = f", job {other.job}" if other.job else ""
    return f"{_moment(other.at)}, {door}{job}"


def _values(trace: Trace, now: Any) -> str:
    return f"now {_said(now)}, set by the job to {_said(trace.after)}, before it {_said(trace.before)}"


def _said(value: Any) -> str:
    return "not set" if value is None else shown(value)


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%-d %b %Y, %H:%M} UTC"
