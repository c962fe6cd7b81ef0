"""`POST /profiles:batch`: up to a thousand profiles, each with an outcome of its own."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.http import HttpResponse
from ninja import P, QueryEx

from profiles.api.common import Call
from profiles.models import Environment, Scope
from profiles.operations.batches import Deed, Item, Result, rehearse, write_in_turn
from profiles.operations.incoming import Incoming, Understood, understand
from profiles.operations.rows import ProfileRow
from profiles.schema import Schema, schema_of

from .answers import answer
from .api import About, Sample, operation
from .bodies import MOST_HINTS, Error, Given, body_of, read_profile
from .protocol import OwnRequest
from .reach import TEST_ONLY, reaches
from .reading import TAG
from .shapes import Batch, BatchAnswer, BatchDocumented
from .storing import problems_in

_DEEDS: Final[dict[str, Deed]] = {
    "create": "create",
    "update": "update",
    "upsert": "upsert",
    "replace": "replace",
    "delete": "delete",
}
_NO_DELETE: Final = "This key lacks the scope “delete”."


@dataclass(slots=True)
class _Sent:
    """An item as it came: what is to be done, and what is wrong with it so far."""

    deed: Deed
    given: Given = field(default_factory=Given)
    errors: list[Error] = field(default_factory=list)


@operation(
    "POST",
    "/profiles:batch",
    About(
        scope=Scope.WRITE,
        tag=TAG,
        summary="Write up to 1,000 profiles",
        answers={200: BatchAnswer},
        sample=Sample(
            "/profiles:batch",
            query={"dry_run": "true"},
            body={
                "op": "upsert",
                "items": [
                    {"distinct_id": "crm/4711", "email": "alice@example.com", "custom": {"plan": "pro"}},
                    {"distinct_id": "crm/4712", "email": "bob@example.com", "tags": ["vip"]},
                    {"op": "delete", "distinct_id": "crm/4713"},
                ],
            },
        ),
        body=BatchDocumented,
    ),
)
def batch(
    request: OwnRequest,
    dry_run: QueryEx[bool, P(description="Whether to write nothing, and say what would happen.")] = False,
) -> HttpResponse:
    """Items are dealt with in order, each gets its outcome, and one that is refused hinders no other.

    The answer is 200 whatever became of them. Neighbours with the same `op` are one transaction; with an
    Idempotency-Key the whole batch is one, and done once. Deleting needs the scope `delete`.
    """
    call = request.call
    body = body_of(request, Batch)
    schema = schema_of(call.workspace)
    sent = [_read(call, schema, raw, place, body.op) for place, raw in enumerate(body.items)]
    items = _items(call, sent, is_dry=dry_run)
    do = rehearse if dry_run else write_in_turn
    results = iter(do(call.workspace, [item for item in items if item], source=call.door, actor=call.key))
    outcomes = [
        _said(next(results)) if item else _refused(each) for item, each in zip(items, sent, strict=True)
    ]
    counts = Counter(outcome["status"] for outcome in outcomes)
    return answer({"dry_run": dry_run, "counts": counts, "outcomes": outcomes})


def _read(call: Call, schema: Schema, raw: Any, place: int, usual: Deed) -> _Sent:
    base = f"#/items/{place}"
    if not isinstance(raw, dict):
        return _Sent(usual, errors=[{"pointer": base, "detail": "This must be an object."}])
    named = raw.pop("op", None)
    deed = usual if named is None else _DEEDS.get(named) if isinstance(named, str) else None
    if deed is None:
        detail = f"This must be one of {', '.join(_DEEDS)}."
        return _Sent(usual, errors=[{"pointer": f"{base}/op", "detail": detail}])
    given = read_profile(raw, schema, base)
    errors = given.errors
    if deed in ("delete", "update") and not given.values.get("distinct_id"):
        errors.append({"pointer": f"{base}/distinct_id", "detail": "Say which one."})
    if given.values.get("environment") == Environment.LIVE and not reaches(call, Environment.LIVE):
        errors.append({"pointer": f"{base}/environment", "detail": TEST_ONLY})
    if deed == "delete" and not call.key.has_scope(Scope.DELETE):
        errors.append({"pointer": f"{base}/op", "detail": _NO_DELETE})
    return _Sent(deed, given, errors)


def _items(call: Call, sent: Sequence[_Sent], *, is_dry: bool) -> list[Item | None]:
    """What can be written; None for the others, whose errors are complete then."""
    found = _understood(call, sent, is_dry=is_dry)
    schema = schema_of(call.workspace)
    items: list[Item | None] = []
    hints = MOST_HINTS
    for place, (each, understood) in enumerate(zip(sent, found, strict=True)):
        each.errors += problems_in(understood.problems, schema, f"#/items/{place}", hints=hints)
        hints = max(hints - len(each.errors), 0)
        if each.errors:
            items.append(None)
            continue
        values = understood.values | dict.fromkeys(each.given.cleared)
        distinct_id = values.pop("distinct_id", "")
        environment = values.pop("environment", call.environment)
        row = ProfileRow(distinct_id, environment, values, identifiers=each.given.identifiers)
        items.append(Item(each.deed, row))
    return items


def _understood(call: Call, sent: Sequence[_Sent], *, is_dry: bool) -> list[Understood]:
    """In order. Items that are wrong already define no properties."""
    found: dict[int, Understood] = {}
    for is_wrong in (False, True):
        places = [place for place, each in enumerate(sent) if bool(each.errors) is is_wrong]
        if places:
            records = [Incoming(sent[place].given.values) for place in places]
            results = understand(call.workspace, records, actor=call.key, dry=is_dry or is_wrong)
            found |= zip(places, results, strict=True)
    return [found[place] for place in range(len(sent))]


def _said(result: Result) -> dict[str, Any]:
    said: dict[str, Any] = {"status": result.status, "id": result.id, "distinct_id": result.distinct_id}
    if result.changed:
        said["changed"] = sorted(result.changed)
    if result.reasons:
        said["errors"] = [{"detail": reason} for reason in result.reasons]
    return said


def _refused(sent: _Sent) -> dict[str, Any]:
    distinct_id = sent.given.values.get("distinct_id")
    return {
        "status": "refused",
        "id": None,
        "distinct_id": distinct_id if isinstance(distinct_id, str) else None,
        "errors": sent.errors,
    }
