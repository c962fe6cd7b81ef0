"""What applications send: JSON, turned into raw values by path; what is wrong with it, by JSON pointer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from profiles.api.common import Reason
from profiles.models import TEXT_COLUMNS
from profiles.operations.rows import NewIdentifier
from profiles.schema import Schema

from .answers import OBJECTS
from .protocol import OwnRequest, Problem
from .shapes import MOST_IDENTIFIERS, IdentifierIn

Model = TypeVar("Model", bound=BaseModel)
Error = Mapping[str, str]
WRITABLE: Final = frozenset(
    {*TEXT_COLUMNS, "birthday", "distinct_id", "environment", "status", "tags", "last_seen_at"}
)
# What an answer has besides may be sent back with it, and says nothing.
IGNORED: Final = frozenset({"id", "display_name", "sources", "created_at", "updated_at"})
_KINDS: Final = {member: kind for kind, member in OBJECTS.items()}
_OTHER: Final = ("custom", "channels", "identifiers")
# To look for a name that is alike takes a while, and nobody reads more than that.
MOST_HINTS: Final = 20
_MOST_ERRORS: Final = 1_000
_JSON: Final = ("", "application/json", "application/merge-patch+json")


@dataclass(slots=True)
class Given:
    """A profile as it was sent: raw `values` by path, names to give it, and what makes no sense.

    `cleared` are the paths of what is taken away and is no property: mostly, nobody has it anyway.
    """

    values: dict[str, Any] = field(default_factory=dict)
    cleared: list[str] = field(default_factory=list)
    identifiers: list[NewIdentifier] = field(default_factory=list)
    errors: list[Error] = field(default_factory=list)


def json_of(request: OwnRequest) -> Any:
    """The body. Raises Problem where it is no JSON, or says to be something else."""
    media_type = (request.content_type or "").lower()
    if media_type not in _JSON:
        raise Problem(
            Reason.BAD_BODY,
            f"Bodies are JSON: send Content-Type: application/json instead of {media_type[:80]}.",
            status=415,
            headers={"Accept-Patch": "application/merge-patch+json, application/json"},
        )
    return request.call.json()


def body_of(request: OwnRequest, model: type[Model]) -> Model:
    """The body as `model`. Raises Problem with a pointer to each place that does not fit."""
    try:
        return model.model_validate(json_of(request))
    except ValidationError as error:
        raise refused(errors_of(error)) from None


def object_of(request: OwnRequest) -> dict[str, Any]:
    body = json_of(request)
    if not isinstance(body, dict):
        raise refused([{"pointer": "#", "detail": "The body must be an object."}])
    return body


def refused(errors: Iterable[Error]) -> Problem:
    errors = list(errors)
    number = "One value does" if len(errors) == 1 else f"{len(errors):,} values do"
    return Problem(
        Reason.REFUSED, f"{number} not fit: {errors[0]['detail']}"[:500], errors=errors[:_MOST_ERRORS]
    )


def errors_of(error: ValidationError, base: str = "#") -> list[Error]:
    return [
        {
            "pointer": base + "".join(f"/{escaped(str(part))}" for part in each["loc"]),
            "detail": each["msg"],
        }
        for each in error.errors(include_url=False, include_input=False, include_context=False)
    ]


def read_profile(body: Mapping[str, Any], schema: Schema, base: str = "#") -> Given:
    """What a profile's members say, not validated yet but for their places."""
    given = Given()
    for name, value in body.items():
        if name in WRITABLE:
            given.values[name] = value
        elif name in _KINDS:
            _read_object(name, value, schema, base, given)
        elif name == "identifiers":
            given.identifiers, errors = read_identifiers(value, f"{base}/identifiers")
            given.errors += errors
        elif name not in IGNORED:
            detail = _stranger(name, schema, has_hint=len(given.errors) < MOST_HINTS)
            given.errors.append({"pointer": f"{base}/{escaped(name)}", "detail": detail})
    return given


def read_identifiers(raw: Any, base: str) -> tuple[list[NewIdentifier], list[Error]]:
    names: list[NewIdentifier] = []
    errors: list[Error] = []
    if raw is not None and (not isinstance(raw, list) or len(raw) > MOST_IDENTIFIERS):
        detail = f"This must be a list of at most {MOST_IDENTIFIERS} identifiers."
        return [], [{"pointer": base, "detail": detail}]
    for place, each in enumerate(raw or ()):
        try:
            names.append(IdentifierIn.model_validate(each).named())
        except ValidationError as error:
            errors += errors_of(error, f"{base}/{place}")
    return names, errors


def pointer(path: str, base: str = "#") -> str:
    """Where in a body the value of a path is: `#/custom/plan` for `custom.plan`."""
    kind, dot, key = path.partition(".")
    return f"{base}/{OBJECTS.get(kind, kind)}/{escaped(key)}" if dot else f"{base}/{path}"


def escaped(part: str) -> str:
    return part.replace("~", "~0").replace("/", "~1")


def suggested(path: str, schema: Schema) -> str:
    """“ Did you mean …?” where there is no such property, but one that is called alike; else nothing."""
    if schema.field(path) or path in schema.archived:
        return ""
    close = get_close_matches(path, schema.fields, n=1, cutoff=0.75)
    return f" Did you mean “{close[0].partition('.')[2] or close[0]}”?" if close else ""


def _read_object(name: str, value: Any, schema: Schema, base: str, given: Given) -> None:
    kind = _KINDS[name]
    if isinstance(value, dict):
        for key, each in value.items():
            path = f"{kind}.{key}"
            if each is not None or path in schema.fields or path in schema.archived:
                given.values[path] = each
            else:
                given.cleared.append(path)
    elif value is None:
        given.values |= dict.fromkeys(path for path, field in schema.fields.items() if field.kind == kind)
    else:
        given.errors.append({"pointer": f"{base}/{name}", "detail": "This must be an object, or null."})


def _stranger(name: str, schema: Schema, *, has_hint: bool) -> str:
    """Why a profile has no such member, and which one may have been meant."""
    said = f"A profile has no member “{name[:120]}”."
    for kind, member in OBJECTS.items():
        if f"{kind}.{name}" in schema.fields:
            return f"{said} It belongs into “{member}”."
    close = get_close_matches(name, [*WRITABLE, *_OTHER], n=1, cutoff=0.7) if has_hint else ()
    hint = f" Did you mean “{close[0]}”?" if close else " Properties of your own belong into “custom”."
    return said + hint
