"""The operations of this API: django-ninja knows them, and `guarded` stands before each."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import chain
from typing import Any, Final, TypeVar

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import NinjaAPI
from ninja.errors import ValidationError
from ninja.operation import Operation
from ninja.params.models import PathModel, QueryModel
from pydantic import BaseModel
from pydantic import ValidationError as PydanticError

from profiles.api.common import Call, Foresee, Guarded, Reason, guarded
from profiles.models import Scope

from .idempotency import idempotent
from .protocol import Problem, own

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
VERSION: Final = "1.0.0"
SAFE: Final = ("GET",)


api = NinjaAPI(title="Profiles", version=VERSION, urls_namespace="own", openapi_url=None, docs_url=None)


@dataclass(frozen=True, slots=True)
class Sample:
    """A request as the documentation shows it: `path` is filled in, `body` is JSON."""

    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class About:
    """What the OpenAPI document says of an operation that its function does not show."""

    scope: Scope
    tag: str
    summary: str
    answers: Mapping[int, Any]
    sample: Sample
    body: type[BaseModel] | None = None
    problems: tuple[int, ...] = ()
    is_conditional: bool = False
    has_etag: bool = False
    has_file: bool = False
    is_open: bool = False
    """Whether it takes more parameters than its function names, and judges them itself."""
    foresee: Foresee | None = None
    """Whom a request is about, so that one look into the database finds the key and the profile."""


abouts: dict[str, About] = {}
"""By the id of the operation, in the order of the documentation."""


def operation(method: str, path: str, about: About) -> Callable[[View], View]:
    """Register a view, which takes an OwnRequest, and arguments of the path and the query by name."""

    def register(view: View) -> View:
        abouts[view.__name__] = about
        registered: View = api.api_operation(
            [method],
            path,
            response=dict(about.answers),
            operation_id=view.__name__,
            summary=about.summary,
            tags=[about.tag],
        )(view)
        return registered

    return register


def guarded_views() -> list[tuple[str, str, Guarded]]:
    """(path, name, view) of everything that is registered, one for all methods of a path."""
    found = []
    for router in api._get_bound_routers():
        for path, view in router.path_operations.items():
            methods = {
                method: (abouts[each.operation_id or ""].scope, _runner(each))
                for each in view.operations
                for method in each.methods
            }
            foresee = {
                method: about.foresee
                for each in view.operations
                for method in each.methods
                if (about := abouts[each.operation_id or ""]).foresee
            }
            name = view.operations[0].operation_id or ""
            found.append((path, name, guarded(own, methods, name=name, foresee=foresee)))
    return found


def _runner(registered: Operation) -> Callable[..., HttpResponseBase]:
    """How a call gets to the function that answers it."""
    is_safe = registered.methods[0] in SAFE
    is_open = abouts[registered.operation_id or ""].is_open
    known = frozenset(chain.from_iterable(model.__ninja_flatten_map__ for model in registered.models))
    answered = _quickly(registered) if all(map(_is_flat, registered.models)) else registered.run

    def run(call: Call, **arguments: Any) -> HttpResponseBase:
        call.request.call = call  # type: ignore[attr-defined]
        if not is_open and not known.issuperset(call.request.GET):
            raise _strangers(set(call.request.GET) - known, known)
        if is_safe:
            return answered(call.request, **arguments)
        return idempotent(call, answered, **arguments)

    return run


def _quickly(registered: Operation) -> Callable[..., HttpResponseBase]:
    """What `Operation.run` does for functions that write their answers, in half of the time.

    Where the arguments of the path or the query do not fit, it says so.
    """

    def answer(request: HttpRequest, **arguments: Any) -> HttpResponseBase:
        values: dict[str, Any] = {}
        try:
            for model in registered.models:
                given = arguments if issubclass(model, PathModel) else request.GET.dict()
                values.update(vars(model.model_validate(given)))
        except PydanticError:
            return registered.run(request, **arguments)
        found: HttpResponseBase = registered.view_func(request, **values)
        return found

    return answer


def _is_flat(model: type[BaseModel]) -> bool:
    """Whether its values are texts, each of a name of its own."""
    has_lists = bool(getattr(model, "__ninja_collection_fields__", ()))
    return issubclass(model, (PathModel, QueryModel)) and not has_lists


def _strangers(names: Iterable[str], known: Iterable[str]) -> Problem:
    """A misspelled `dry_run` must not write."""
    errors = []
    for name in sorted(names):
        close = get_close_matches(name, known, n=1)
        hint = f" Did you mean “{close[0]}”?" if close else ""
        errors.append({"parameter": name, "detail": f"There is no parameter “{name[:60]}”.{hint}"})
    return Problem(Reason.REFUSED, errors[0]["detail"], errors=errors)


@api.exception_handler(Exception)
def _pass_on(request: HttpRequest, error: Exception) -> HttpResponse:
    """What goes wrong is said where all requests come by, in one shape."""
    raise error


@api.exception_handler(ValidationError)
def _say_parameters(request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors = [{"parameter": str(each["loc"][-1]), "detail": str(each["msg"])} for each in error.errors]
    said = "; ".join(f"{each['parameter']}: {each['detail']}" for each in errors)
    raise Problem(Reason.REFUSED, f"The parameters do not fit: {said}"[:500], errors=errors)
