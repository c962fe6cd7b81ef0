"""The documentation, made of the OpenAPI document: one page that works offline, and without JavaScript."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from profiles.api.common.errors import STATUS

from .openapi import document
from .protocol import KINDS, PER_MINUTE
from .samples import HOST
from .shapes import EXAMPLE

_CODE: Final = re.compile(r"`([^`]+)`")
_FEW: Final = 6
LANGUAGES: Final = (("curl", "curl"), ("python", "Python"), ("javascript", "JavaScript"))


@dataclass(frozen=True, slots=True)
class Entry:
    """A parameter, a header, or a member of a body."""

    name: str
    kind: str
    text: SafeString
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class Described:
    """An operation as the page shows it; `result` are the members of its answer, if that is no profile."""

    id: str
    method: str
    path: str
    summary: str
    paragraphs: list[SafeString]
    scope: str
    parameters: list[Entry] = field(default_factory=list)
    members: list[Entry] = field(default_factory=list)
    result: list[Entry] = field(default_factory=list)
    is_profile: bool = False
    answers: list[tuple[str, str]] = field(default_factory=list)
    samples: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Section:
    id: str
    name: str
    text: SafeString
    operations: list[Described]


@require_safe
@login_not_required
def docs(request: HttpRequest) -> HttpResponse:
    """Public: it says nothing that the source code does not."""
    return render(
        request,
        "api/docs.html",
        {
            "sections": sections(request.build_absolute_uri("/").rstrip("/")),
            "languages": LANGUAGES,
            "kinds": [
                (reason.value, STATUS[reason], title, advice) for reason, (title, advice) in KINDS.items()
            ],
            "example": json.dumps(EXAMPLE, indent=2, ensure_ascii=False),
            "per_minute": PER_MINUTE,
        },
    )


def sections(host: str) -> list[Section]:
    """By tag, in the order of the document; examples are for this `host`."""
    found = document()
    described = list(_operations(found, host))
    return [
        Section(
            id=tag["name"].lower().replace(" ", "-"),
            name=tag["name"],
            text=prose(tag["description"]),
            operations=[each for name, each in described if name == tag["name"]],
        )
        for tag in found["tags"]
    ]


@cache
def prose(text: str) -> SafeString:
    """Text with `code` in it, as HTML."""
    return mark_safe(_CODE.sub(r"<code>\1</code>", escape(text)))


def _operations(found: Mapping[str, Any], host: str) -> Iterator[tuple[str, Described]]:
    for path, operations in found["paths"].items():
        for method, operation in operations.items():
            yield operation["tags"][0], _described(found, method, path, operation, host)


def _described(
    found: Mapping[str, Any], method: str, path: str, operation: Mapping[str, Any], host: str
) -> Described:
    result = _result(operation)
    paragraphs = re.split(r"\n\s*\n", operation.get("description", ""))
    return Described(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        paragraphs=[prose(" ".join(each.split())) for each in paragraphs if each.strip()],
        scope=operation["security"][0]["key"][0],
        parameters=[_parameter(each) for each in operation["parameters"]],
        members=_members(found, operation["requestBody"]) if "requestBody" in operation else [],
        result=[] if result.endswith("ProfileOut") else _entries(found, result),
        is_profile=result.endswith("ProfileOut"),
        answers=[_answer(found, status, said) for status, said in operation["responses"].items()],
        samples=[
            (name, sample["label"], sample["source"].replace(HOST, host))
            for (name, _), sample in zip(LANGUAGES, operation["x-codeSamples"], strict=True)
        ],
    )


def _parameter(given: Mapping[str, Any]) -> Entry:
    where = "header" if given["in"] == "header" else kind_of(given["schema"], {})
    return Entry(
        given["name"], where, prose(given.get("description", "")), is_required=given.get("required", False)
    )


def _members(found: Mapping[str, Any], body: Mapping[str, Any]) -> list[Entry]:
    (content, *_) = body["content"].values()
    return _entries(found, content["schema"]["$ref"])


def _result(operation: Mapping[str, Any]) -> str:
    """The reference of the shape of what is answered when all went well; empty where it has none."""
    for status, said in operation["responses"].items():
        content = said.get("content", {}).get("application/json")
        if content and status.startswith("2"):
            return str(content["schema"]["$ref"])
    return ""


def _entries(found: Mapping[str, Any], reference: str) -> list[Entry]:
    schemas = found["components"]["schemas"]
    schema = schemas.get(reference.rpartition("/")[2], {})
    required = schema.get("required", ())
    return [
        Entry(
            name, kind_of(member, schemas), prose(member.get("description", "")), is_required=name in required
        )
        for name, member in schema.get("properties", {}).items()
    ]


def _answer(found: Mapping[str, Any], status: str, said: Mapping[str, Any]) -> tuple[str, str]:
    if reference := said.get("$ref"):
        said = found["components"]["responses"][reference.rpartition("/")[2]]
    return status, said["description"]


def kind_of(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> str:
    """The type of a value in a few words."""
    if choices := schema.get("anyOf"):
        return " or ".join(kind_of(each, schemas) for each in choices if each.get("type") != "null")
    if "enum" in schema:
        return ", ".join(schema["enum"])
    if reference := schema.get("$ref"):
        members = schemas[reference.rpartition("/")[2]].get("properties", {})
        return f"{{{', '.join(members)}}}" if len(members) <= _FEW else "object"
    if schema.get("type") == "array":
        return f"list of {kind_of(schema.get('items', {}), schemas)}"
    return str(schema.get("format") or schema.get("type", "any"))
