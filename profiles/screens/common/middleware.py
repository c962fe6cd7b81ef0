"""What holds for every request of an operator."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from profiles.models import Operator


def operator_timezone(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Show and read dates in the zone of the operator who asks."""

    def answer(request: HttpRequest) -> HttpResponse:
        if isinstance(request.user, Operator):
            with timezone.override(request.user.zone):
                return get_response(request)
        return get_response(request)

    return answer
