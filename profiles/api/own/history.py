"""What happened to a profile."""

from django.http import HttpResponse
from ninja import P, QueryEx

from profiles.models import Profile, ProfileChange, Scope
from profiles.queries.profile import history_page

from .answers import answer
from .api import About, Sample, operation
from .listing import next_page
from .parameters import by_id_or_heir
from .protocol import OwnRequest
from .reading import SAMPLE_ID
from .shapes import History


@operation(
    "GET",
    "/profiles/{profile_id}/history",
    About(
        scope=Scope.READ,
        tag="History",
        summary="Read what happened to a profile",
        answers={200: History},
        sample=Sample(f"/profiles/{SAMPLE_ID}/history", query={"about": "custom.plan"}),
        problems=(404,),
    ),
)
def read_history(
    request: OwnRequest,
    profile_id: str,
    about: QueryEx[str, P(description="Only changes of this property: `custom.plan`.")] = "",
    limit: QueryEx[int, P(ge=1, le=100, description="Changes on a page.")] = 25,
    before: QueryEx[int | None, P(ge=1, le=2**63 - 1, description="Older than this change.")] = None,
) -> HttpResponse:
    """The newest first: when, who, by which door, and each value that changed, old and new."""
    profile = Profile(pk=by_id_or_heir(request, profile_id).id)
    page = history_page(profile, about=about, before=before, size=limit)
    more = next_page(request, before=str(page.older)) if page.older else None
    return answer({"changes": [_said(change) for change in page.changes], "next": more})


def _said(change: ProfileChange) -> dict[str, object]:
    return {
        "id": change.pk,
        "at": change.at,
        "deed": change.deed,
        "door": change.door,
        "actor": change.actor,
        "job": change.job_id,
        "absorbed": change.absorbed,
        "old": change.old,
        "new": change.new,
    }
