"""How the file is read, where that was not found out: encoding, delimiter, whose export it is."""

from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from profiles.errors import Refused
from profiles.models import ImportDraft, Origin, Role
from profiles.operations.drafts import read_draft_as
from profiles.screens.common import WorkspaceRequest, role_required

from .draft import draft_url, fetch_draft, version_sent

ENCODINGS: Final = (
    ("", "As it says itself, else UTF-8"),
    ("utf-8", "UTF-8"),
    ("cp1252", "Western European (Windows-1252)"),
    ("latin-1", "Western European (ISO 8859-1)"),
    ("iso8859-15", "Western European with € (ISO 8859-15)"),
    ("cp1250", "Central European (Windows-1250)"),
    ("cp1251", "Cyrillic (Windows-1251)"),
    ("cp1253", "Greek (Windows-1253)"),
    ("cp1254", "Turkish (Windows-1254)"),
    ("cp1255", "Hebrew (Windows-1255)"),
    ("cp1256", "Arabic (Windows-1256)"),
    ("utf-16", "UTF-16"),
    ("utf-16-le", "UTF-16, little-endian"),
    ("utf-16-be", "UTF-16, big-endian"),
    ("shift_jis", "Japanese (Shift JIS)"),
    ("gb18030", "Chinese (GB 18030)"),
    ("big5", "Chinese (Big5)"),
    ("euc_kr", "Korean (EUC-KR)"),
)
DELIMITERS: Final = (
    ("", "As its header has it"),
    (",", "Comma ,"),
    (";", "Semicolon ;"),
    ("tab", "Tab"),
    ("|", "Bar |"),
    (":", "Colon :"),
    ("^", "Circumflex ^"),
)


class ReadingForm(forms.Form):
    origin = forms.ChoiceField(label="What it is", choices=Origin.choices, required=False)
    encoding = forms.ChoiceField(label="Encoding of the text", choices=ENCODINGS, required=False)
    delimiter = forms.ChoiceField(label="Between the columns", choices=DELIMITERS, required=False)

    def clean_delimiter(self) -> str:
        """A tab by its name, since forms take blanks off at the ends."""
        given = self.cleaned_data["delimiter"]
        return "\t" if given == "tab" else str(given)


def reading_form(draft: ImportDraft) -> ReadingForm:
    delimiter = "tab" if draft.delimiter == "\t" else draft.delimiter
    return ReadingForm(initial={"origin": draft.origin, "encoding": draft.encoding, "delimiter": delimiter})


@require_POST
@role_required(Role.EDITOR)
def import_reading(request: WorkspaceRequest, pk: UUID) -> HttpResponse:
    draft = fetch_draft(request, pk)
    form = ReadingForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return redirect(draft_url(draft))
    try:
        read_draft_as(draft, version=version_sent(request), **_chosen(form.cleaned_data))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "The file is read so now, and its columns were guessed anew.")
    return redirect(draft_url(draft))


def _chosen(given: dict[str, Any]) -> dict[str, str]:
    return {name: given[name] for name in ("origin", "encoding", "delimiter")}
