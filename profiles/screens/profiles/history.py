"""The History tab: every change of a profile."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from profiles.models import Deed, Job, Profile, ProfileChange, Role
from profiles.queries.merges import merges_by_change, names_of_absorbed
from profiles.queries.profile import HistoryPage, history_page
from profiles.schema import Schema, schema_of
from profiles.screens.common import WorkspaceRequest, render_screen, role_required
from profiles.screens.jobs.words import title_of

from .display import label_of, show
from .page import door_label, fetch_profile, follows_merges, profile_context, profile_url, way_back

_FACTS = ("status", "tags", "last_seen_at")


@dataclass(frozen=True, slots=True)
class Entry:
    """One change: who, when, by which door, in which job, and per property (label, old, new).

    `absorbed` is the distinct ID of the profile to which it was done, where that was merged into this one;
    `merge` is the merge that may be taken back here.
    """

    deed: str
    at: datetime
    door: str
    actor: str
    values: list[tuple[str, SafeString, SafeString]]
    job: int | None = None
    job_title: str = ""
    absorbed: str = ""
    merge: int | None = None


@require_safe
@role_required(Role.VIEWER)
@follows_merges
def profile_history(request: WorkspaceRequest, pk: UUID) -> HttpResponse:
    """`?property=` is a path; `?before=` and `?after=` are ids of changes to go on from."""
    profile = fetch_profile(request, pk)
    about = request.GET.get("property", "")
    before, after = _change(request, "before"), _change(request, "after")
    page = history_page(profile, about=about, before=before, after=after)
    schema = schema_of(request.workspace)
    return render_screen(
        request,
        page="profiles/history.html",
        fragment="profiles/_history.html",
        context=profile_context(request, profile, "profiles:history")
        | {
            "entries": _entries(profile, schema, page.changes, about),
            "choices": _choices(schema, about),
            "about": about,
            "about_label": label_of(schema, about),
        }
        | _urls(request, profile, page, about),
    )


def _change(request: WorkspaceRequest, key: str) -> int | None:
    text = request.GET.get(key, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else None


def _entries(profile: Profile, schema: Schema, changes: Sequence[ProfileChange], about: str) -> list[Entry]:
    jobs = profile.workspace.jobs.in_bulk([change.job_id for change in changes if change.job_id])
    absorbed = [change.absorbed for change in changes if change.absorbed]
    names = names_of_absorbed(profile, absorbed) if absorbed else {}
    merged = [change.pk for change in changes if change.deed == Deed.MERGED and not change.absorbed]
    merges = merges_by_change(profile, merged) if merged else {}
    return [
        replace(
            _entry(schema, change, about, jobs),
            absorbed=names.get(change.absorbed, "another profile") if change.absorbed else "",
            merge=merges[change.pk].pk if change.pk in merges else None,
        )
        for change in changes
    ]


def _entry(schema: Schema, change: ProfileChange, about: str, jobs: Mapping[int, Job]) -> Entry:
    paths = [about] if about else _in_order(schema, {**change.old, **change.new})
    job = jobs.get(change.job_id) if change.job_id else None
    return Entry(
        change.get_deed_display(),
        change.at,
        door_label(change.door),
        change.actor,
        [
            (
                label_of(schema, path),
                show(schema.field(path), change.old.get(path)),
                show(schema.field(path), change.new.get(path)),
            )
            for path in paths
        ],
        job.pk if job else None,
        title_of(job) if job else "",
    )


def _in_order(schema: Schema, paths: Iterable[str]) -> list[str]:
    """The order of the Overview tab; what is not defined comes last."""
    order = {path: position for position, path in enumerate((*schema.fields, *_FACTS))}
    return sorted(paths, key=lambda path: (order.get(path, len(order)), path))


def _choices(schema: Schema, about: str) -> list[tuple[str, str]]:
    paths = [*schema.fields, *_FACTS]
    if about and about not in paths:
        paths.append(about)
    return [(path, label_of(schema, path)) for path in paths]


def _urls(request: WorkspaceRequest, profile: Profile, page: HistoryPage, about: str) -> dict[str, Any]:
    url = profile_url(profile, "profiles:history")
    back = {"back": way_back(request)} if way_back(request) else {}
    kept = back | ({"property": about} if about else {})
    return {
        "history_url": url,
        "whole_history_url": f"{url}?{urlencode(back)}" if back else url,
        "back": back.get("back", ""),
        "newest_url": f"{url}?{urlencode(kept)}" if page.newer else "",
        "newer_url": f"{url}?{urlencode(kept | {'after': page.newer})}" if page.newer else "",
        "older_url": f"{url}?{urlencode(kept | {'before': page.older})}" if page.older else "",
    }
