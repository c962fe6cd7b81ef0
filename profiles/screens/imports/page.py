"""The page of step 2, and the mapping that its form sends."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render

from profiles.errors import Refused
from profiles.imports import Mapping, MappingProblem
from profiles.models import ImportDraft, MappingPreset
from profiles.operations.drafts import look_into, problems_of
from profiles.operations.uploads import in_bytes
from profiles.schema import schema_of
from profiles.screens.common import WorkspaceRequest, render_screen, send_to
from profiles.screens.profiles.page import may_define_properties

from .columns import TYPES, Note, columns_sent, notes_of, rows_of
from .draft import draft_url, steps_of
from .policies import PolicyForm
from .reading import reading_form
from .sample import Sample, sample_of
from .targets import Targets, kinds_in, targets_of

_LOOKED_AT: Final = 100
# What is rather a value than the name of a column: a number, a date, an address.
_VALUE: Final = re.compile(r"[\d.,:/+-]+|[^@\s]+@[^@\s]+\.\w+")


def sent_mapping(request: WorkspaceRequest, draft: ImportDraft) -> Mapping:
    """What the form says the columns mean, and what is to be done. Raises Refused for what it cannot say."""
    stored = Mapping.from_json(draft.mapping)
    columns = columns_sent(request.POST, stored.columns, _targets(request, draft, stored))
    form = PolicyForm(request.POST, mapping=replace(stored, columns=columns))
    if not form.is_valid():
        raise Refused(" ".join(f"{form[name].label}: {errors[0]}" for name, errors in form.errors.items()))
    return Mapping.from_json(replace(stored, columns=columns, **form.cleaned_data).as_json())


def show_mapping(
    request: WorkspaceRequest,
    draft: ImportDraft,
    *,
    problem: str = "",
    before: Collection[Note] = (),
    status: int = 200,
) -> HttpResponse:
    """The form as it stands, or, where the file cannot be read, how it might be.

    To htmx only the notes are sent again that are not those of `before`.
    """
    context = {
        "draft": draft,
        "steps": steps_of("mapping", draft),
        "problem": problem,
        "size": in_bytes(draft.size),
        "reading": reading_form(draft),
    }
    try:
        context |= _columns_context(request, draft, before)
    except Refused as refusal:
        context["problem"] = problem or str(refusal)
        return render(request, "imports/unreadable.html", context, status=status)
    return render_screen(
        request, page="imports/mapping.html", fragment="imports/_changes.html", context=context, status=status
    )


def shown_notes(request: WorkspaceRequest, draft: ImportDraft) -> list[Note]:
    """What the page says beside each column."""
    mapping = Mapping.from_json(draft.mapping)
    sample = sample_of(draft, mapping, schema_of(request.workspace), _targets(request, draft, mapping))
    return _notes(mapping, draft, _problems(request, draft), sample)


def show_anew(request: WorkspaceRequest, draft: ImportDraft, word: str) -> HttpResponse:
    """The page as the draft stands by now, with a word on why it looks different."""
    messages.warning(request, word)
    return send_to(request, draft_url(draft))


def _columns_context(
    request: WorkspaceRequest, draft: ImportDraft, before: Collection[Note]
) -> dict[str, Any]:
    look = look_into(draft, rows=_LOOKED_AT)
    mapping = Mapping.from_json(draft.mapping)
    targets = _targets(request, draft, mapping)
    problems = _problems(request, draft)
    sample = sample_of(draft, mapping, schema_of(request.workspace), targets)
    notes = _notes(mapping, draft, problems, sample)
    rows = rows_of(mapping.columns, notes, targets, look)
    places = {row.mapping.column: row.index for row in rows}
    return {
        "look": look,
        "is_header_doubtful": any(_VALUE.fullmatch(name) for name in look.header),
        "rows": rows,
        "changed_notes": [note for note in notes if note not in before],
        "taken": sum(not row.is_passed_over for row in rows),
        "problems": [(problem.sentence, places.get(problem.column)) for problem in problems],
        "policies": PolicyForm(mapping=mapping),
        "sample": sample,
        "types": TYPES,
        "presets": _presets(request, look.header),
    }


def _problems(request: WorkspaceRequest, draft: ImportDraft) -> list[MappingProblem]:
    return problems_of(draft, may_create=may_define_properties(request))


def _notes(
    mapping: Mapping, draft: ImportDraft, problems: Sequence[MappingProblem], sample: Sample
) -> list[Note]:
    sentences = {problem.column: problem.sentence for problem in problems if problem.column}
    return notes_of(mapping.columns, guesses=draft.guesses, problems=sentences, misfits=sample.misfits)


def _presets(request: WorkspaceRequest, header: list[str]) -> list[tuple[MappingPreset, bool]]:
    """Each with whether the file has all columns that it reads; those that fit come first."""
    names = set(header)
    found = MappingPreset.objects.filter(workspace=request.workspace).order_by("name", "pk")
    presets = [
        (preset, names.issuperset(each["column"] for each in preset.mapping["columns"] if each.get("to")))
        for preset in found
    ]
    return sorted(presets, key=lambda each: not each[1])


def _targets(request: WorkspaceRequest, draft: ImportDraft, mapping: Mapping) -> Targets:
    return targets_of(
        request.workspace,
        schema_of(request.workspace),
        kinds=kinds_in(mapping),
        may_create=may_define_properties(request),
    )
