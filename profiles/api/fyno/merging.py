"""Two profiles become one, and a profile gets another distinct ID."""

from django.http import HttpResponse

from profiles.api.common import Call
from profiles.api.common.routes import takes
from profiles.models import Profile
from profiles.operations.merging import merge_profiles
from profiles.operations.renaming import rename_profile

from .profiles import at_end, named
from .protocol import done, wrong

_MERGED = "1 Record(s) updated and 1 Records(s) deleted"
_NO_SOURCE = "merge from id does not exist"


@takes("source", "target")
def merge(call: Call, source: str, target: str) -> HttpResponse:
    """The target keeps what it has and gets what it lacks; where there is none, the source is renamed.

    An ID that was absorbed already is no source: merging what took it in would move another person.
    """
    target = at_end(target)
    absorbed, survivor = named(call, source), named(call, target)
    if absorbed is None or absorbed.distinct_id != source:
        raise wrong(_NO_SOURCE)
    if survivor is None or _is_former_id(absorbed, survivor, target):
        rename_profile(call.workspace, absorbed.pk, target, door=call.door, actor=call.key)
    else:
        merge_profiles(
            call.workspace, absorbed=absorbed.pk, survivor=survivor.pk, door=call.door, actor=call.key
        )
    return done(_MERGED)


def _is_former_id(profile: Profile, found: Profile, distinct_id: str) -> bool:
    return found.pk == profile.pk and found.distinct_id != distinct_id
