"""A request that was let in, and how a protocol tells who sends it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from profiles.models import ApiKey, Door, Environment, Scope, Workspace
from profiles.operations.keys import find_key_and
from profiles.queries.keys import Wanted
from profiles.queries.records import Record

from .body import MB, read_body, read_json
from .errors import ApiError, Reason
from .limits import Allowance

_ENVIRONMENTS: Final = frozenset(Environment.values)


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a request says of its sender. Without a `workspace` (a slug), the secret alone decides."""

    secret: str
    workspace: str | None = None
    environment: str | None = None


@dataclass(frozen=True, slots=True)
class Protocol:
    """One kind of door for applications.

    `credentials` reads them from the request and the arguments of its path, and raises ApiError where there
    are none; `error` says an ApiError in the protocol's shape. `per_minute` and `concurrent` are what its
    documents allow a key (0: no limit), `most` bytes of an unpacked body.
    """

    door: Door
    credentials: Callable[[HttpRequest, Mapping[str, Any]], Credentials]
    error: Callable[[HttpRequest, ApiError], HttpResponseBase]
    per_minute: int = 0
    concurrent: int = 0
    most: int = 10 * MB


@dataclass(slots=True)
class Call:
    """A request with a key that may do it. `environment` is that of the path, else that of the key.

    `found` is the profile that it is about, where that was read together with the key.
    """

    request: HttpRequest
    protocol: Protocol
    key: ApiKey
    environment: str
    found: Record | None = None
    allowance: Allowance | None = None

    @property
    def workspace(self) -> Workspace:
        return self.key.workspace

    @property
    def door(self) -> str:
        return self.protocol.door.value

    def body(self) -> bytes:
        return read_body(self.request, most=self.protocol.most)

    def json(self) -> Any:
        return read_json(self.request, most=self.protocol.most)


def admit(
    request: HttpRequest,
    protocol: Protocol,
    scope: Scope,
    arguments: Mapping[str, Any],
    wanted: Wanted | None = None,
) -> Call:
    """Let the sender in. Raises ApiError: no or wrong credentials, a key that is over, a scope it lacks."""
    given = protocol.credentials(request, arguments)
    key, found = find_key_and(wanted, given.secret)
    if key is None:
        raise ApiError(Reason.BAD_SECRET, "This key does not exist.")
    if given.workspace is not None and key.workspace.slug != given.workspace:
        raise ApiError(Reason.BAD_WORKSPACE, "This key does not belong to that workspace.")
    if key.is_revoked:
        raise ApiError(Reason.KEY_REVOKED, "This key has been revoked.")
    if key.has_expired():
        raise ApiError(Reason.KEY_EXPIRED, "This key has expired.")
    if not key.has_scope(scope):
        raise ApiError(Reason.MISSING_SCOPE, f"This key lacks the scope “{scope.value}”.")
    environment = given.environment or key.environment
    if environment not in _ENVIRONMENTS:
        raise ApiError(Reason.NOT_FOUND, "There is only live and test.")
    if key.environment == Environment.TEST and environment != Environment.TEST:
        raise ApiError(Reason.MISSING_SCOPE, "This key is for test profiles only.")
    return Call(request, protocol, key, environment, found)
