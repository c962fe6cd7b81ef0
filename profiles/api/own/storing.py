"""From a body to a stored profile, and its answer."""

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.http import HttpResponse

from profiles.api.common import ApiError, Call, Reason
from profiles.operations.incoming import Incoming, understand
from profiles.operations.known import write_known
from profiles.operations.rows import Mode, Outcome, ProfileRow
from profiles.operations.unless_changed import Seen, write_unless_changed
from profiles.operations.write import write_profiles
from profiles.queries.records import Record, record, record_named
from profiles.schema import Schema, schema_of

from .answers import answer, document, etag
from .bodies import MOST_HINTS, Error, Given, pointer, read_profile, refused, suggested
from .conditions import said_as_412
from .parameters import no_profile
from .protocol import BASE, OwnRequest, Problem
from .reach import environment_of


@dataclass(frozen=True, slots=True)
class Target:
    """Which profile the URL means, as far as it does. `is_stored`: its distinct ID was read from it."""

    environment: str | None
    distinct_id: str | None = None
    is_stored: bool = False

    @classmethod
    def of(cls, found: Record) -> "Target":
        return cls(found.environment, found.distinct_id, True)

    def known_as(self, found: Record | None) -> "Target":
        return Target.of(found) if found else self


def store(
    request: OwnRequest,
    body: Mapping[str, Any],
    target: Target,
    *,
    mode: Mode,
    seen: Seen | None = None,
    known: Record | None = None,
) -> HttpResponse:
    """Write the profile, and answer with it as it is then. Raises ApiError where it is refused.

    `known` is the profile as it was read for this request, if it was.
    """
    call = request.call
    given = read_profile(body, schema := schema_of(call.workspace))
    with transaction.atomic() if _has_new_keys(given, schema) else nullcontext():
        outcome = _outcome(call, _row(call, given, target, schema), mode, seen, known)
    found = _stored(call, outcome)
    headers = {"ETag": etag(found), "Cache-Control": "private, no-cache"}
    if outcome.status != "created":
        return answer(document(found), headers=headers)
    headers["Location"] = f"{BASE}/profiles/{found.id}"
    return answer(document(found), status=201, headers=headers)


def write(request: OwnRequest, row: ProfileRow, *, mode: Mode, seen: Seen | None) -> Record:
    """Write a row that is fit to be written; returns the profile as it is then. Raises ApiError."""
    return _stored(request.call, _outcome(request.call, row, mode, seen))


def _outcome(
    call: Call, row: ProfileRow, mode: Mode, seen: Seen | None, known: Record | None = None
) -> Outcome:
    """Of a row that was written, or needed no writing. Raises ApiError where it is refused."""
    if known and (
        quick := write_known(call.workspace, row, known, mode=mode, source=call.door, actor=call.key)
    ):
        return quick
    with said_as_412():
        if seen:
            outcome = write_unless_changed(
                call.workspace, row, seen, mode=mode, source=call.door, actor=call.key
            )
        else:
            (outcome,) = write_profiles(call.workspace, [row], mode=mode, source=call.door, actor=call.key)
    if outcome.status == "refused":
        raise _refusal(call, row, outcome, mode)
    return outcome


def _stored(call: Call, outcome: Outcome) -> Record:
    found = outcome.record or record(call.workspace, outcome.id)
    if found is None:
        raise ApiError(Reason.NOT_FOUND, "The profile was deleted just now.")
    return found


def problems_in(
    problems: Mapping[str, str], schema: Schema, base: str = "#", *, hints: int = MOST_HINTS
) -> list[Error]:
    """Sentences by path as errors by pointer; the first `hints` of them say what may have been meant."""
    return [
        {
            "pointer": pointer(path, base),
            "detail": sentence + (suggested(path, schema) if place < hints else ""),
        }
        for place, (path, sentence) in enumerate(problems.items())
    ]


def _has_new_keys(given: Given, schema: Schema) -> bool:
    """Whether it may define properties, which are to go again where the profile is refused."""
    return not all(schema.field(path) for path in given.values)


def values_of(call: Call, body: Mapping[str, Any], base: str) -> dict[str, Any]:
    """Validated values by path, for who does not write them like that. Raises Problem."""
    schema = schema_of(call.workspace)
    given = read_profile(body, schema, base)
    errors = list(given.errors)
    errors += [
        {"pointer": pointer(path, base), "detail": "This never changes."}
        for path in ("distinct_id", "environment")
        if given.values.pop(path, None) is not None
    ]
    if given.identifiers:
        errors.append({"pointer": f"{base}/identifiers", "detail": "All names are kept."})
    (found,) = understand(call.workspace, [Incoming(given.values)], actor=call.key)
    if errors := [*errors, *problems_in(found.problems, schema, base)]:
        raise refused(errors)
    return found.values


def _row(call: Call, given: Given, target: Target, schema: Schema) -> ProfileRow:
    """Raises Problem with everything that is wrong."""
    errors = [*given.errors, *_other_identity(given, target)]
    if target.distinct_id is not None and not target.is_stored:
        given.values["distinct_id"] = target.distinct_id
    (found,) = understand(call.workspace, [Incoming(given.values)], actor=call.key)
    values = found.values
    distinct_id = values.pop("distinct_id", "")
    environment = environment_of(call, values.pop("environment", None) or target.environment)
    if target.is_stored:
        distinct_id = target.distinct_id
    elif target.distinct_id is not None and not distinct_id:
        problem = found.problems.pop("distinct_id", "This is blank.")
        errors.append({"parameter": "distinct_id", "detail": problem})
    errors += problems_in(found.problems, schema)
    if errors:
        raise refused(errors)
    values |= dict.fromkeys(given.cleared)
    return ProfileRow(distinct_id, environment, values, identifiers=given.identifiers)


def _other_identity(given: Given, target: Target) -> list[Error]:
    """What says to be another profile than the URL means; both stay as they are for ever."""
    errors: list[Error] = []
    for name, fixed in (("distinct_id", target.distinct_id), ("environment", target.environment)):
        value = given.values.get(name)
        if fixed is not None and value is not None and value != fixed:
            detail = f"The URL means “{fixed[:120]}”, and this never changes."
            errors.append({"pointer": f"#/{name}", "detail": detail})
    return errors


def _refusal(call: Call, row: ProfileRow, outcome: Outcome, mode: Mode) -> ApiError:
    is_there = bool(row.distinct_id and record_named(call.workspace, row.environment, row.distinct_id))
    if mode == "create" and is_there:
        return ApiError(Reason.CONFLICT, " ".join(outcome.reasons))
    if mode == "update" and not is_there:
        return ApiError(Reason.NOT_FOUND, no_profile(row.environment, row.distinct_id))
    return Problem(
        Reason.REFUSED, " ".join(outcome.reasons)[:500], errors=[{"detail": each} for each in outcome.reasons]
    )
