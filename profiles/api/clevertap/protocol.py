"""Who calls, what a body may be, and how CleverTap says that something went well or wrong."""

from collections.abc import Mapping
from typing import Any, Final

import orjson
from django.http import HttpRequest, HttpResponse

from profiles.api.common import ApiError, Call, Credentials, Protocol, Reason
from profiles.models import Door

MOST_RECORDS: Final = 1_000
MOST_IDS: Final = 100

# Recorded texts (contracts 4b); for the rest our own sentences.
_SENTENCES: Final = {
    Reason.BAD_WORKSPACE: "Account ID is not valid",
    Reason.BAD_SECRET: "Passcode Invalid",
    Reason.TOO_MANY_AT_ONCE: "Too many concurrent requests",
}
_JSON: Final = "application/json"


def credentials(request: HttpRequest, arguments: Mapping[str, Any]) -> Credentials:
    """Account ID is the workspace's slug, passcode the secret of a key."""
    account = request.headers.get("X-CleverTap-Account-Id", "").strip()
    passcode = request.headers.get("X-CleverTap-Passcode", "").strip()
    if not account:
        raise ApiError(Reason.NO_CREDENTIALS, "Account ID is not valid")
    if not passcode:
        raise ApiError(Reason.NO_CREDENTIALS, "Passcode Invalid")
    return Credentials(passcode, workspace=account)


def fail(request: HttpRequest, error: ApiError) -> HttpResponse:
    """422 is none of CleverTap's codes; what it would say is a 400 there."""
    status = 400 if error.reason == Reason.REFUSED else error.status
    said = {"status": "fail", "error": _SENTENCES.get(error.reason, str(error)), "code": status}
    return HttpResponse(orjson.dumps(said), status=status, content_type=_JSON)


clevertap = Protocol(Door.CLEVERTAP, credentials, fail, concurrent=3)


def answer(status: str = "success", /, **said: Any) -> HttpResponse:
    return HttpResponse(orjson.dumps({"status": status, **said}), content_type=_JSON)


def bad_request(sentence: str) -> ApiError:
    return ApiError(Reason.BAD_REQUEST, sentence)


def object_in(call: Call) -> dict[str, Any]:
    """The body, which has to be a JSON object."""
    body = call.json()
    if not isinstance(body, dict):
        raise bad_request("The body has to be a JSON object.")
    return body


def records_in(call: Call) -> list[Any]:
    """The records of a body `{"d": [...]}`, 1 to 1,000 of them."""
    records = object_in(call).get("d")
    if not isinstance(records, list):
        raise bad_request("The body has to have its records in a list “d”.")
    if not 1 <= len(records) <= MOST_RECORDS:
        raise bad_request(f"A request takes 1 to {MOST_RECORDS:,} records; this one has {len(records):,}.")
    return records


def upshot(number: int, unprocessed: list[dict[str, Any]], *, kept: int = 0) -> HttpResponse:
    """What became of `number` records: HTTP 200 also where none was processed (contracts 4b).

    `kept`: how many of the unprocessed were taken but for a part of them.
    """
    processed = number - len(unprocessed) + kept
    status = "success" if not unprocessed else "partial" if processed else "fail"
    return answer(status, processed=processed, unprocessed=unprocessed)


def unprocessed(record: Any, code: int, error: str) -> dict[str, Any]:
    return {"status": "fail", "code": code, "error": error, "record": record}
