"""Many profiles deleted, as a job."""

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpResponse, QueryDict

from profiles.api.common import Call
from profiles.models import Environment, Scope, Selection
from profiles.operations.bulk import start
from profiles.operations.selections import select
from profiles.queries.names import find_profiles

from .api import About, Sample, operation
from .bodies import body_of, refused
from .filtering import read_filter, select_filtered
from .job_shapes import Deletion, JobOut
from .jobs import accepted
from .protocol import OwnRequest
from .reach import environment_of
from .reading import TAG


@operation(
    "POST",
    "/profiles:delete",
    About(
        scope=Scope.DELETE,
        tag=TAG,
        summary="Delete many profiles",
        answers={202: JobOut},
        sample=Sample(
            "/profiles:delete",
            body={"filter": "tags=trial&seen_to=2024-12-31", "reason": "Retention: two years"},
        ),
        body=Deletion,
    ),
)
def delete_many(request: OwnRequest) -> HttpResponse:
    """A job deletes them for good; ask it how far it is. Profiles created later are never touched, ids that
    nobody has are passed over, and a filter must say more than the environment: nothing deletes everybody by
    mistake.
    """
    call = request.call
    body = body_of(request, Deletion)
    given = [name for name in ("ids", "distinct_ids", "filter") if getattr(body, name)]
    if len(given) != 1:
        raise refused([{"pointer": "#", "detail": "Say whom by one of ids, distinct_ids and filter."}])
    if body.filter is not None:
        selection = _filtered(call, body.filter)
    else:
        selection = _listed(call, body.ids or _ids_of(call, body))
    details = {"reason": body.reason, "deny": body.deny}
    return accepted(start(selection, "delete", details, actor=call.key, agreed=None, door=call.door))


def _filtered(call: Call, text: str) -> Selection:
    """Raises Problem where it says no more than the environment, in whatever words."""
    found = read_filter(call, QueryDict(text.removeprefix("?")))
    if len(found.parts) <= bool(found.data.get("environment")):
        detail = "This filter would find everybody. Say whom: who was created_from 2000-01-01 are all."
        raise refused([{"pointer": "#/filter", "detail": detail}])
    return select_filtered(call, text)


def _listed(call: Call, ids: Sequence[UUID]) -> Selection:
    query = "environment=test" if call.environment == Environment.TEST else ""
    return select(call.workspace, operator=None, query=query, ids=ids)


def _ids_of(call: Call, body: Deletion) -> list[UUID]:
    """Raises Problem where nobody has any of the distinct IDs."""
    names = body.distinct_ids or ()
    found = find_profiles(call.workspace, environment_of(call, body.environment), names)
    if not found:
        raise refused([{"pointer": "#/distinct_ids", "detail": "Nobody has any of these distinct IDs."}])
    return [profile.pk for profile in found.values()]
