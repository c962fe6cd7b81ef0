"""Property definitions: what a profile may have, and which values are right."""

from typing import Any, Final

from django.http import HttpResponse

from profiles.api.common import ApiError, Reason
from profiles.models import PropertyDefinition, PropertyKind, Scope
from profiles.operations.properties import (
    EDITABLE,
    archive_property,
    create_property,
    edit_property,
    unarchive_property,
)

from .answers import answer
from .api import About, Sample, operation
from .bodies import body_of
from .property_shapes import PropertyIn, PropertyList, PropertyOut, PropertyPatch
from .protocol import BASE, OwnRequest

TAG: Final = "Properties"
_FACTS: Final = ("id", "path", "kind", "key", *EDITABLE, "archived_at", "created_at")


@operation(
    "GET",
    "/properties",
    About(
        scope=Scope.READ,
        tag=TAG,
        summary="List properties",
        answers={200: PropertyList},
        sample=Sample("/properties"),
    ),
)
def list_properties(request: OwnRequest, archived: bool = False) -> HttpResponse:
    """In the order of the console; with `archived=true` those as well that are archived."""
    found = request.call.workspace.property_definitions.in_order()
    if not archived:
        found = found.active()
    return answer({"properties": [_said(each) for each in found]})


@operation(
    "GET",
    "/properties/{property_id}",
    About(
        scope=Scope.READ,
        tag=TAG,
        summary="Read a property",
        answers={200: PropertyOut},
        sample=Sample("/properties/custom.plan"),
        problems=(404,),
    ),
)
def read_property(request: OwnRequest, property_id: str) -> HttpResponse:
    """By its id, or by its path where that has no slash."""
    return answer(_said(_property(request, property_id)))


@operation(
    "POST",
    "/properties",
    About(
        scope=Scope.WRITE,
        tag=TAG,
        summary="Define a property",
        answers={201: PropertyOut},
        sample=Sample(
            "/properties",
            body={"key": "plan", "label": "Plan", "type": "choice", "choices": ["free", "pro", "enterprise"]},
        ),
        body=PropertyIn,
        problems=(409,),
    ),
)
def define_property(request: OwnRequest) -> HttpResponse:
    """A custom one: default properties and channels are there from the beginning."""
    given = body_of(request, PropertyIn).model_dump(exclude_unset=True)
    same = request.call.workspace.property_definitions.filter(
        kind=PropertyKind.CUSTOM, key=given["key"].strip()
    )
    if same.exists():
        raise ApiError(Reason.CONFLICT, f"There is a property with the key “{given['key']}” already.")
    made = create_property(request.call.workspace, actor=request.call.key, **given)
    return answer(_said(made), status=201, headers={"Location": f"{BASE}/properties/{made.pk}"})


@operation(
    "PATCH",
    "/properties/{property_id}",
    About(
        scope=Scope.WRITE,
        tag=TAG,
        summary="Change a property",
        answers={200: PropertyOut},
        sample=Sample("/properties/custom.plan", body={"label": "Subscription", "indexed": True}),
        body=PropertyPatch,
        problems=(404,),
    ),
)
def change_property(request: OwnRequest, property_id: str) -> HttpResponse:
    """Stored values that do not fit a new rule stay; the type is fixed once there are values."""
    found = _property(request, property_id)
    changes = body_of(request, PropertyPatch).model_dump(exclude_unset=True)
    return answer(_said(edit_property(found, actor=request.call.key, **changes)))


@operation(
    "POST",
    "/properties/{property_id}:archive",
    About(
        scope=Scope.WRITE,
        tag=TAG,
        summary="Archive a property",
        answers={200: PropertyOut},
        sample=Sample("/properties/custom.plan:archive"),
        problems=(404,),
    ),
)
def archive(request: OwnRequest, property_id: str) -> HttpResponse:
    """It takes no values any more; those that there are stay, and are answered still."""
    archive_property(_property(request, property_id), actor=request.call.key)
    return read_property(request, property_id)


@operation(
    "POST",
    "/properties/{property_id}:unarchive",
    About(
        scope=Scope.WRITE,
        tag=TAG,
        summary="Bring a property back",
        answers={200: PropertyOut},
        sample=Sample("/properties/custom.plan:unarchive"),
        problems=(404,),
    ),
)
def unarchive(request: OwnRequest, property_id: str) -> HttpResponse:
    """Last in order, with the values that it had."""
    unarchive_property(_property(request, property_id), actor=request.call.key)
    return read_property(request, property_id)


def _property(request: OwnRequest, name: str) -> PropertyDefinition:
    """Raises ApiError (404)."""
    found = request.call.workspace.property_definitions.all()
    if name.isascii() and name.isdigit():
        found = found.filter(pk=int(name)) if len(name) < 19 else found.none()
    else:
        kind, dot, key = name.partition(".")
        kind, key = (kind, key) if dot else (PropertyKind.DEFAULT.value, name)
        found = found.filter(kind=kind, key=key) if "\0" not in name else found.none()
    definition = found.first()
    if definition is None:
        raise ApiError(Reason.NOT_FOUND, "There is no such property.")
    return definition


def _said(definition: PropertyDefinition) -> dict[str, Any]:
    return {name: getattr(definition, name) for name in _FACTS}
