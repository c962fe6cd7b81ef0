"""The Overview tab: every property, where its value comes from, and the form that changes them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from profiles.models import Profile
from profiles.queries.profile import ORIGIN_DEPTH, Origin, Origins, origins_of, values_of
from profiles.schema import Field, Schema, schema_of
from profiles.screens.common import WorkspaceRequest
from profiles.screens.common.markup import exact_time

from .display import label_of, show
from .forms import GROUPS
from .page import door_label, profile_context, profile_url, way_back
from .update_form import UpdateForm


@dataclass(frozen=True, slots=True)
class Line:
    """One property to read: `note` says why it cannot be edited, where it cannot."""

    label: str
    value: SafeString
    source: SafeString | str
    note: str = ""


def update_form(
    profile: Profile, schema: Schema, *, last_change: int = 0, data: QueryDict | None = None
) -> UpdateForm:
    zone = ZoneInfo(timezone.get_current_timezone_name())
    return UpdateForm(values_of(profile), schema, zone=zone, last_change=last_change, data=data)


def overview_context(
    request: WorkspaceRequest, profile: Profile, form: UpdateForm | None = None
) -> dict[str, Any]:
    """`form` is one that came back with errors or conflicts; a viewer gets lines to read instead of one."""
    schema = form.schema if form else schema_of(request.workspace)
    values, origins = values_of(profile), origins_of(profile)
    sources = _sources(profile, values, origins, way_back(request))
    context = profile_context(request, profile, "profiles:detail")
    context["others"] = list(_others(schema, values, sources))
    if not request.member.may_edit:
        return context | {"groups": _groups(schema, values, sources)}
    form = form or update_form(profile, schema, last_change=origins.last_change)
    for path, field in form.inputs.items():
        field.note = sources.get(path) if path in values else None
    return context | {"form": form}


def _sources(profile: Profile, values: Iterable[str], origins: Origins, back: str) -> dict[str, SafeString]:
    """Per path, where its value comes from, as a link to the history behind it.

    Most values of a profile come from the same few changes, so each of these is put in words once.
    """
    history = escape(profile_url(profile, "profiles:history"))
    kept = escape(f"&{urlencode({'back': back})}" if back else "")
    changes = {origin.change: origin for origin in origins.by_path.values()}
    words = {change: _in_words(origin) for change, origin in changes.items()}
    earlier = f"Before the last {ORIGIN_DEPTH:,} changes</a>" if origins.is_partial else ""
    told: dict[str, str] = {path: words[origin.change] for path, origin in origins.by_path.items()}
    told |= {path: earlier for path in values if earlier and path not in told}
    return {
        path: mark_safe(f'<p class="source"><a href="{history}?property={quote(path)}{kept}">{text}</p>')
        for path, text in told.items()
    }


def _in_words(origin: Origin) -> SafeString:
    who = ", ".join(part for part in (door_label(origin.door), origin.actor) if part)
    return format_html("{}</a>, {}", who, exact_time(origin.at))


def _groups(
    schema: Schema, values: Mapping[str, Any], sources: Mapping[str, SafeString]
) -> list[tuple[str, list[Line]]]:
    by_kind = {
        title: [_line(field, values, sources) for field in schema.fields.values() if field.kind == kind]
        for kind, title in GROUPS.items()
    }
    return [(title, lines) for title, lines in by_kind.items() if lines]


def _others(schema: Schema, values: Mapping[str, Any], sources: Mapping[str, SafeString]) -> Iterable[Line]:
    """What is stored and is not among the workspace's active properties."""
    for path in values:
        if path not in schema.fields:
            note = "archived" if path in schema.archived else "not defined"
            yield Line(label_of(schema, path), show(None, values[path]), sources.get(path, ""), note)


def _line(field: Field, values: Mapping[str, Any], sources: Mapping[str, SafeString]) -> Line:
    value = values.get(field.path)
    return Line(field.label, show(field, value), sources.get(field.path, "") if value is not None else "")
