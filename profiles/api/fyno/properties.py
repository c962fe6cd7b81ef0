"""User properties: set, set-once, numerical-add, list-append, list-remove, unset, and a batch of them.

Fyno answers 202 and does the work later; here it is done before the answer. What does not fit its property is
skipped and counted (contracts 8.11), and nothing else of the request is lost.
"""

import logging
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.db import transaction
from django.http import HttpResponse

from profiles.api.common import Call
from profiles.api.common.routes import View, takes
from profiles.operations.incoming import understand
from profiles.operations.write import write_profiles

from .operators import OPERATORS, Item, problem_of
from .protocol import answer, object_in, wrong

MOST_ITEMS: Final = 1_000
_OK: Final = "ok"
_LISTED: Final = ", ".join(OPERATORS)
log = logging.getLogger("profiles.api")


def change_by(operator: str) -> View:
    """The view of one operator."""

    @takes()
    def change(call: Call) -> HttpResponse:
        body = object_in(call)
        if problem := problem_of(operator, body.get(operator)):
            raise wrong(problem)
        return _accepted(call, [Item(body.get("distinct_id"), {operator: body[operator]})], {})

    return change


@takes()
def batch(call: Call) -> HttpResponse:
    """Many profiles in order; an operator whose object is illegal is left out, and its answer says why."""
    records = object_in(call).get("batch")
    if not isinstance(records, list) or not records:
        raise wrong("batch should have atleast one item in array")
    if len(records) > MOST_ITEMS:
        raise wrong(f"batch may have at most {MOST_ITEMS:,} items; {len(records):,} were given.")
    problems = [_problems_of(record, place) for place, record in enumerate(records)]
    items = [
        Item(
            record["distinct_id"],
            {key: record["action"][key] for key in told if not told[key]},
            f"batch[{place}]: ",
        )
        for place, (record, told) in enumerate(zip(records, problems, strict=True))
    ]
    if not any(item.action for item in items):
        raise wrong(next(problem for told in problems for problem in told.values()))
    answers = [{key: problem or _OK for key, problem in told.items()} for told in problems]
    return _accepted(call, items, {"batch": answers})


def _problems_of(record: Any, place: int) -> dict[str, str]:
    """Per operator of a batch's item, why its object is illegal. Raises ApiError where it is no item."""
    if not isinstance(record, dict) or record.get("distinct_id") in (None, ""):
        raise wrong(f"batch[{place}].distinct_id is required.")
    action = record.get("action")
    if not isinstance(action, dict) or not action:
        raise wrong(f"batch[{place}].action has to be an object of at least one of {_LISTED}.")
    for key in action:
        if key not in OPERATORS:
            raise wrong(f"batch[{place}].action.{key[:100]} is not allowed: it may have {_LISTED}.")
    return {operator: problem_of(operator, value) for operator, value in action.items()}


def _accepted(call: Call, items: Sequence[Item], more: Mapping[str, Any]) -> HttpResponse:
    """Do the work, in one write, and answer that it will be done."""
    request_id = _request_id(call)
    with transaction.atomic():
        skipped = _write(call, items)
    if skipped:
        log.info("fyno request %s: %d values skipped", request_id, skipped)
    accepted = answer({"request_id": request_id, **more}, status=202)
    accepted.headers["X-Skipped-Values"] = str(skipped)
    return accepted


def _write(call: Call, items: Sequence[Item]) -> int:
    """Write the items; returns how many values (or new profiles, as such) were skipped."""
    rows, skipped = [], 0
    found = understand(call.workspace, [item.incoming() for item in items], actor=call.key)
    for item, each in zip(items, found, strict=True):
        if "distinct_id" not in each.values:
            raise wrong(item.place + (each.problems.get("distinct_id") or "distinct_id is required."))
        skipped += sum(map(item.loses, each.problems))
        if item.action:
            rows.append(item.row(each, call.environment))
    outcomes = write_profiles(call.workspace, rows, mode="upsert", source=call.door, actor=call.key)
    for row, outcome in zip(rows, outcomes, strict=True):
        is_lost = outcome.status == "refused" and not row.only_existing
        skipped += len(outcome.dropped) + is_lost
    return skipped


def _request_id(call: Call) -> str:
    """The id under which the request is logged, as the UUID it is unless the sender chose another."""
    try:
        return str(uuid.UUID(call.request.request_id))  # type: ignore[attr-defined]
    except ValueError:
        return str(uuid.uuid4())
