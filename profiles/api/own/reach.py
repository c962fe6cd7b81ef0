"""Which environments a key reaches: one that was made for test profiles never comes near live ones."""

from profiles.api.common import ApiError, Call, Reason
from profiles.models import Environment

TEST_ONLY = "This key was made for test profiles, and reaches no live ones."


def reaches(call: Call, environment: str) -> bool:
    return call.environment == Environment.LIVE or environment == Environment.TEST


def environment_of(call: Call, wanted: str | None) -> str:
    """The environment that is meant: the one that is wanted, or that of the key. Raises ApiError (403)."""
    environment = wanted or call.environment
    if not reaches(call, environment):
        raise ApiError(Reason.MISSING_SCOPE, TEST_ONLY)
    return environment
