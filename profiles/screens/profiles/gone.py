"""What an operator gets whose profile was deleted while they were editing it: their words back."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from profiles.models import DeletionReceipt
from profiles.operations.erase import hash_of
from profiles.queries.merges import heir_of
from profiles.schema import schema_of
from profiles.screens.common import WorkspaceRequest

from .listing import list_url
from .page import way_back
from .tokens import with_tokens


def answer_gone(request: WorkspaceRequest, pk: UUID) -> HttpResponse:
    """What was posted to a profile that is not there: 410 where a receipt names its deletion, else 404.

    Whoever has what belonged to it, after a merge or under a new distinct ID, is shown too.
    """
    receipt = DeletionReceipt.objects.filter(workspace=request.workspace, ids_hash=hash_of([pk])).last()
    fields = schema_of(request.workspace).fields.values()
    posted = with_tokens(request.POST, [field.path for field in fields])
    typed = [(field, text) for field in fields if (text := posted.get(field.path, ""))]
    return render(
        request,
        "profiles/gone.html",
        {
            "receipt": receipt,
            "heir": heir_of(request.workspace, pk),
            "typed": typed,
            "list_url": list_url(request, way_back(request)),
        },
        status=410 if receipt else 404,
    )
