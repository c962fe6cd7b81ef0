"""The OpenAPI document: what django-ninja knows, and what it cannot know of bodies, headers and problems."""

from collections.abc import Mapping
from functools import cache
from http import HTTPStatus
from typing import Any, Final

import orjson
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from pydantic.json_schema import models_json_schema

from . import registered  # noqa: F401
from .api import SAFE, About, abouts, api
from .protocol import BASE, MEDIA_TYPE, PER_MINUTE
from .samples import samples_of
from .shapes import ProblemDetails

_REF: Final = "#/components/schemas/{model}"
_METHODS: Final = ("get", "post", "patch", "put", "delete")
_ALWAYS: Final = (400, 401, 403, 422, 429, 503)
_WITH_BODY: Final = (409, 413, 415)
TAGS: Final[Mapping[str, str]] = {
    "Profiles": "One person is one profile. Its distinct ID is yours, and never changes; its id is ours.",
    "Tags and identifiers": "Small changes that do not disturb each other: no need to read before.",
    "History": "Every change of a profile is kept as long as the profile is.",
    "Properties": "What a profile may have. Custom properties that come unannounced define themselves.",
    "Exports": "Files of any size, written by a job.",
    "Jobs": "Work on many profiles goes on behind the answer, which says where to ask about it.",
}
_DESCRIPTION: Final = f"""Profiles of people, for applications.

Send a key as `Authorization: Bearer prf_...`. It belongs to a workspace and has scopes. A key for test
profiles reaches no others; one for live profiles reaches test ones where a request says `environment=test`.
A key may send {PER_MINUTE:,} requests a minute, unless its page in the console says otherwise."""
_IDEMPOTENCY: Final = {
    "in": "header",
    "name": "Idempotency-Key",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    "description": "A text of your own for this very request. Sent again within 24 hours, it is not done "
    "again but answered as before, with `Idempotent-Replayed: true`; 409 while the first one is at work.",
}
_IF_MATCH: Final = {
    "in": "header",
    "name": "If-Match",
    "schema": {"type": "string", "pattern": '^("[!-~]*"|\\*)$'},
    "description": "The `ETag` of the profile as you know it: 412, and nothing done, if it is another now.",
}
_IF_NONE_MATCH: Final = {
    "in": "header",
    "name": "If-None-Match",
    "schema": {"type": "string", "pattern": '^("[!-~]*"|\\*)$'},
    "description": "An `ETag`: the answer is 304, without a body, if the profile is still the same.",
}


@require_safe
@login_not_required
def openapi(request: HttpRequest) -> HttpResponse:
    answer = HttpResponse(_as_json(), content_type="application/json")
    answer.headers["Cache-Control"] = "public, max-age=300"
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


@cache
def document() -> Mapping[str, Any]:
    found: dict[str, Any] = dict(api.get_openapi_schema(path_prefix=""))
    found["info"] |= {"description": _DESCRIPTION}
    found["servers"] = [{"url": BASE}]
    found["tags"] = [{"name": name, "description": text} for name, text in TAGS.items()]
    found["security"] = [{"key": []}]
    found["paths"] = {path: _in_order(found["paths"][path]) for path in sorted(found["paths"], key=_place)}
    for operations in found["paths"].values():
        for method, operation in operations.items():
            _complete(operation, abouts[operation["operationId"]], method.upper())
    found["components"]["schemas"] |= _schemas()
    found["components"]["responses"] = {str(status): _problem(status) for status in _statuses()}
    found["components"]["securitySchemes"] = {
        "key": {"type": "http", "scheme": "bearer", "description": "The secret of a key: `prf_...`."}
    }
    return found


@cache
def _as_json() -> bytes:
    return orjson.dumps(document(), option=orjson.OPT_NON_STR_KEYS)


def _place(path: str) -> tuple[bool, int, bool, str]:
    """In the order of the documentation: what is simple first, verbs last."""
    return ":" in path, path.count("/"), "/by-" in path, path


def _in_order(operations: dict[str, Any]) -> dict[str, Any]:
    return {method: operations[method] for method in _METHODS if method in operations}


def _complete(operation: dict[str, Any], about: About, method: str) -> None:
    """Put what `about` says where OpenAPI has it."""
    is_safe = method in SAFE
    operation["security"] = [{"key": [about.scope.value]}]
    parameters = operation["parameters"] = [_plain(each) for each in operation["parameters"]]
    if not is_safe:
        parameters.append(_IDEMPOTENCY)
    if about.is_conditional:
        parameters.append(_IF_MATCH)
    if is_safe and about.has_etag:
        parameters.append(_IF_NONE_MATCH)
    if about.body:
        operation["requestBody"] = _body(about, method)
    operation["responses"] = _responses(operation["responses"], about, is_safe=is_safe)
    operation["x-codeSamples"] = samples_of(method, about)


def _plain(parameter: dict[str, Any]) -> dict[str, Any]:
    """A parameter without what only Python means: it may be absent, and never null."""
    schema = {
        name: value for name, value in parameter["schema"].items() if name not in ("title", "description")
    }
    for each in schema.pop("anyOf", ()):
        if each.get("type") != "null":
            schema |= each
    return parameter | {"schema": schema}


def _body(about: About, method: str) -> dict[str, Any]:
    assert about.body
    content = {"schema": {"$ref": _REF.format(model=about.body.__name__)}, "example": about.sample.body}
    types = ["application/json"]
    if method == "PATCH":
        types.insert(0, "application/merge-patch+json")
    return {"required": True, "content": dict.fromkeys(types, content)}


def _responses(given: Mapping[int, Any], about: About, *, is_safe: bool) -> dict[str, Any]:
    found: dict[str, Any] = {str(status): {**response} for status, response in given.items()}
    if about.has_etag:
        for response in found.values():
            response["headers"] = {"ETag": {"schema": {"type": "string"}}}
        if is_safe:
            found["304"] = {"description": "It is still as you know it."}
    if about.has_file:
        found["200"]["content"] = {"*/*": {"schema": {"type": "string", "format": "binary"}}}
    statuses = {*_ALWAYS, *about.problems, *(() if is_safe else _WITH_BODY)}
    found |= {str(status): {"$ref": f"#/components/responses/{status}"} for status in sorted(statuses)}
    return found


def _statuses() -> list[int]:
    return sorted(
        {*_ALWAYS, *_WITH_BODY, *(status for about in abouts.values() for status in about.problems)}
    )


def _problem(status: int) -> dict[str, Any]:
    schema = {"$ref": _REF.format(model=ProblemDetails.__name__)}
    return {"description": HTTPStatus(status).phrase, "content": {MEDIA_TYPE: {"schema": schema}}}


def _schemas() -> dict[str, Any]:
    """Of the bodies, which django-ninja does not read, and of the problems."""
    models = {about.body for about in abouts.values() if about.body} | {ProblemDetails}
    _, found = models_json_schema(
        [(model, "validation") for model in sorted(models, key=lambda model: model.__name__)],
        ref_template=_REF,
    )
    schemas: dict[str, Any] = found["$defs"]
    return schemas
