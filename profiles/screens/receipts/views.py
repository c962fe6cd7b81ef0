"""Receipts of deletions: who erased how many, when and why. To read, to print, to download.

For editors, who may delete: a reason or a filter may name somebody.
"""

from typing import Final
from uuid import UUID

from django.db.models import Q
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from profiles.models import DeletionReceipt, Door, Role
from profiles.screens.common import WorkspaceRequest, role_required

ROWS: Final = 50
# How somebody who knows the erased distinct IDs can check that the receipt is about these.
RULE: Final = (
    "A chain of SHA-256 over the ids of the erased profiles, in their order, each as text of 36 characters. "
    "It begins with no bytes; each link is the SHA-256 of the bytes of the link before and the id; the last "
    "link is the hash, in hexadecimal. The id of a profile is derived from workspace, environment and "
    "distinct ID, and names nobody."
)


@require_safe
@role_required(Role.EDITOR)
def receipt_list(request: WorkspaceRequest) -> HttpResponse:
    """The newest first; `before` is the receipt behind which to go on."""
    receipts = DeletionReceipt.objects.filter(workspace=request.workspace).order_by("-at", "-pk")
    if before := _known(request, request.GET.get("before", "")):
        receipts = receipts.filter(Q(at__lt=before.at) | Q(at=before.at, pk__lt=before.pk))
    rows = list(receipts[: ROWS + 1])
    older = rows[ROWS - 1] if len(rows) > ROWS else None
    return render(request, "receipts/list.html", {"receipts": rows[:ROWS], "older": older, "before": before})


@require_safe
@role_required(Role.EDITOR)
def receipt_detail(request: WorkspaceRequest, pk: UUID) -> HttpResponse:
    receipt = _receipt(request, pk)
    return render(request, "receipts/detail.html", {"receipt": receipt, "door": _door(receipt), "rule": RULE})


@require_safe
@role_required(Role.EDITOR)
def receipt_json(request: WorkspaceRequest, pk: UUID) -> HttpResponse:
    receipt = _receipt(request, pk)
    answer = JsonResponse(
        {
            "receipt": str(receipt.pk),
            "workspace": request.workspace.slug,
            "erased_at": receipt.at.isoformat(),
            "erased_by": receipt.actor,
            "door": receipt.door,
            "reason": receipt.reason,
            "count": receipt.count,
            "chosen_by": receipt.job.subject if receipt.job else "",
            "filter": receipt.filter,
            "distinct_ids_refused_since": receipt.is_denied,
            "job": receipt.job_id,
            "ids_hash": receipt.ids_hash or None,
            "ids_hash_rule": RULE,
        },
        json_dumps_params={"indent": 2, "ensure_ascii": False},
    )
    answer["Content-Disposition"] = f'attachment; filename="receipt-{receipt.pk}.json"'
    return answer


def _receipt(request: WorkspaceRequest, pk: UUID) -> DeletionReceipt:
    try:
        return DeletionReceipt.objects.select_related("job").get(workspace=request.workspace, pk=pk)
    except DeletionReceipt.DoesNotExist:
        raise Http404("There is no such receipt.") from None


def _known(request: WorkspaceRequest, given: str) -> DeletionReceipt | None:
    try:
        return DeletionReceipt.objects.filter(workspace=request.workspace, pk=UUID(given)).first()
    except ValueError:
        return None


def _door(receipt: DeletionReceipt) -> str:
    return str(Door(receipt.door).label) if receipt.door in Door.values else receipt.door
