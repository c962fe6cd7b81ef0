"""A profile as Zendesk says it (contracts 5b, seed 004)."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import orjson
from django.http import HttpResponse

from profiles.api.common import Call
from profiles.queries.faces import Face
from profiles.schema import Schema, schema_of

from .attributes import said_attributes
from .names import default_name


def answer_profile(call: Call, face: Face, *, status: int = 200) -> HttpResponse:
    return _answer({"profile": _said(face, schema_of(call.workspace))}, status)


def answer_profiles(call: Call, faces: Sequence[Face]) -> HttpResponse:
    schema = schema_of(call.workspace)
    return _answer({"profiles": [_said(face, schema) for face in faces]}, 200)


def _said(face: Face, schema: Schema) -> dict[str, Any]:
    profile, names = face.profile, list(face.names)
    return {
        "id": str(profile.pk),
        "user_id": str(profile.person_number),
        "source": face.pair.source,
        "type": face.pair.type,
        "name": profile.display_name or default_name(names),
        "attributes": said_attributes(profile.custom, schema),
        "created_at": _moment(profile.created_at),
        "updated_at": _moment(profile.updated_at),
        "identifiers": [{"type": name.kind, "value": name.value} for name in names],
    }


def _answer(body: dict[str, Any], status: int) -> HttpResponse:
    return HttpResponse(orjson.dumps(body), status=status, content_type="application/json; charset=utf-8")


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
