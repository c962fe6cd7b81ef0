"""Imports being prepared: a file is looked at, its columns get a meaning, and both are kept for later."""

import re
from collections.abc import Mapping as Facts
from contextlib import closing
from dataclasses import asdict, replace
from datetime import timedelta
from functools import partial
from itertools import chain
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from profiles.errors import Refused
from profiles.imports import (
    Look,
    Mapping,
    MappingProblem,
    Source,
    Unreadable,
    guess_mapping,
    look_at,
    open_source,
)
from profiles.models import ImportDraft, MappingPreset, Operator, StoredFile, Workspace
from profiles.schema import schema_of

from .jobs import cancel_job
from .uploads import KEPT_FOR, Upload

_ROWS_TO_GUESS_BY: Final = 1_000
_ROWS_TO_KNOW_TEXT_BY: Final = 20
# Any bytes are text in the first; the others tell a table from a picture where every other byte is zero.
_ANY_TEXT: Final = ("latin-1", "utf-16-le", "utf-16-be")
_UNWRITTEN: Final = re.compile(r"[\0-\x08\x0e-\x19\x1b-\x1f]")
_FORGOTTEN_AFTER: Final = timedelta(days=30)
_MOST_COLUMNS: Final = 400
"""More would not fit into the fields that a form may have."""


class Changed(Refused):
    """Somebody, perhaps in another tab, changed the draft since it was looked at."""


def start_draft(upload: Upload, workspace: Workspace, *, operator: Operator, origin: str = "") -> ImportDraft:
    """Keep the upload, and guess what its columns mean.

    A file that may be a table in another encoding makes a draft without a mapping; what is none is refused.
    """
    stored = None
    try:
        with transaction.atomic():
            stored = upload.keep(workspace, operator=operator)
            draft = ImportDraft(
                workspace=workspace,
                operator=operator,
                file=stored,
                name=stored.name,
                size=stored.size,
                origin=origin,
            )
            _guess_or_ask(draft)
            draft.save(force_insert=True)
    except BaseException:
        if stored:
            stored.path.unlink(missing_ok=True)
        raise
    return draft


def look_into(draft: ImportDraft, *, rows: int) -> Look:
    """The header and the first rows, as they are in the file. Raises Refused where it cannot be read."""
    with closing(open_draft(draft)) as source:
        return look_at(source, delimiter=draft.delimiter, origin=draft.origin, rows=rows)


def open_draft(draft: ImportDraft) -> Source:
    """Raises Refused where the file cannot be read, or is gone."""
    return open_source(str(refuse_deleted(draft).path), encoding=draft.encoding, name=draft.name)


def refuse_deleted(draft: ImportDraft) -> StoredFile:
    """The draft's file. Raises Refused where its time is over."""
    if draft.file is None or draft.file.expires_at < timezone.now() or not draft.file.path.exists():
        raise Refused(f"{draft.name} was kept for {KEPT_FOR.days} days and is deleted. Upload it again.")
    return draft.file


def read_draft_as(draft: ImportDraft, *, version: int, origin: str, encoding: str, delimiter: str) -> None:
    """Read the file in another way, and guess anew. Raises Refused where it cannot be read so."""
    with transaction.atomic():
        locked = _locked(draft, version)
        locked.origin, locked.encoding, locked.delimiter = origin, encoding, delimiter
        _guess(locked)
        _store(locked, "origin", "encoding", "delimiter", "mapping", "guesses", "preset")
    draft.refresh_from_db()


def map_draft(draft: ImportDraft, mapping: Mapping, *, version: int) -> None:
    """Keep what the columns are to mean. A preview of another mapping is void. Twice changes nothing."""
    with transaction.atomic():
        locked = _locked(draft, version)
        if locked.mapping != (document := mapping.as_json()):
            locked.mapping = document
            _store(locked, "mapping")
    draft.refresh_from_db()


def use_preset(draft: ImportDraft, preset: MappingPreset, *, version: int) -> None:
    """Map and read the file as the preset says. Raises Refused where its columns are not all there."""
    with transaction.atomic():
        locked = _locked(draft, version)
        locked.origin, locked.encoding, locked.delimiter = preset.origin, preset.encoding, preset.delimiter
        mapping = Mapping.from_json(preset.mapping)
        header = look_into(locked, rows=_ROWS_TO_GUESS_BY).header
        _refuse_misfit(preset, mapping, header, draft.name)
        locked.mapping, locked.preset = _with_others(mapping, header), preset
        locked.guesses = {}
        _store(locked, "origin", "encoding", "delimiter", "mapping", "guesses", "preset")
    draft.refresh_from_db()


def problems_of(draft: ImportDraft, *, may_create: bool) -> list[MappingProblem]:
    """Why it cannot be imported so, as definitions are now. Who may not create properties asks who may."""
    mapping = Mapping.from_json(draft.mapping)
    header = [each.column for each in mapping.columns]
    problems = mapping.problems(header, schema_of(draft.workspace))
    if not may_create:
        problems += [
            MappingProblem(
                each.column,
                f"“{each.column}” would create a property, which only admins do here. Choose another, "
                "pass the column over, or ask an admin, who finds this import too, to go on with it.",
            )
            for each in mapping.columns
            if each.type
        ]
    return problems


def discard_draft(draft: ImportDraft) -> None:
    """Forget it, and delete its file. A draft that was run stays: its file belongs to the job."""
    with transaction.atomic():
        locked = ImportDraft.objects.select_for_update().filter(pk=draft.pk, job=None).first()
        if locked is None:
            return
        _drop_preview(locked)
        stored = locked.file
        locked.delete()
        if stored:
            transaction.on_commit(partial(stored.path.unlink, missing_ok=True))
            stored.delete()


def sweep_drafts() -> None:
    """Forget those that nobody went on with long after their file was deleted."""
    long_ago = timezone.now() - _FORGOTTEN_AFTER
    ImportDraft.objects.unfinished().filter(file=None, updated_at__lt=long_ago).delete()


def _locked(draft: ImportDraft, version: int) -> ImportDraft:
    """The stored draft, if it is the version that was looked at, and was not run."""
    locked = ImportDraft.objects.select_for_update().filter(pk=draft.pk).first()
    if locked is None:
        raise Refused("This import was discarded.")
    if locked.job_id:
        raise Refused("This import was started already: its mapping is fixed.")
    if locked.version != version:
        raise Changed(
            "The mapping was changed since you opened it, in another tab or by a colleague. "
            "This is how it stands now; what you chose just now is not in it."
        )
    return locked


def _store(draft: ImportDraft, *fields: str) -> None:
    _drop_preview(draft)
    draft.version += 1
    draft.save(update_fields=[*fields, "preview", "version", "updated_at"])


def _drop_preview(draft: ImportDraft) -> None:
    if draft.preview and not draft.preview.has_ended:
        cancel_job(draft.preview)
    draft.preview = None


def _guess(draft: ImportDraft) -> None:
    schema = schema_of(draft.workspace)
    look = look_into(draft, rows=_ROWS_TO_GUESS_BY)
    if len(look.header) > _MOST_COLUMNS:
        raise Refused(
            f"{draft.name} has {len(look.header):,} columns; up to {_MOST_COLUMNS} can be mapped here. "
            "Leave some out, or use the command import_profiles on the server."
        )
    guessed = guess_mapping(look, schema)
    zone = draft.operator.timezone if draft.operator else guessed.mapping.zone
    draft.mapping, draft.preset = replace(guessed.mapping, zone=zone).as_json(), None
    draft.guesses = {column: asdict(guess) for column, guess in guessed.guesses.items()}


def _guess_or_ask(draft: ImportDraft) -> None:
    """Leave the mapping empty where the file may be a table whose encoding has to be asked for."""
    try:
        _guess(draft)
    except Unreadable:
        found = {_is_text(draft, encoding) for encoding in _ANY_TEXT}
        if True in found:
            return
        if False in found:
            raise Refused(
                f"{draft.name} is no table: there are bytes in it that no text has. "
                "Save it as CSV, Excel (.xlsx) or JSON lines."
            ) from None
        raise


def _is_text(draft: ImportDraft, encoding: str) -> bool | None:
    """Whether the first rows, read so, have nothing in them that no text has; None where they cannot be."""
    draft.encoding = encoding
    try:
        look = look_into(draft, rows=_ROWS_TO_KNOW_TEXT_BY)
    except Refused:
        return None
    finally:
        draft.encoding = ""
    cells = [*look.header, *chain.from_iterable(look.rows)]
    return not any(_UNWRITTEN.search(cell) for cell in cells if isinstance(cell, str))


def _refuse_misfit(preset: MappingPreset, mapping: Mapping, header: list[str], name: str) -> None:
    missing = [each.column for each in mapping.columns if each.to and each.column not in header]
    if missing:
        named = ", ".join(f"“{column}”" for column in missing[:10])
        more = f" and {len(missing) - 10} more" if len(missing) > 10 else ""
        raise Refused(
            f"The preset {preset.name} does not fit: {name} has no column {named}{more}, which it reads."
        )


def _with_others(mapping: Mapping, header: list[str]) -> Facts[str, Any]:
    """The mapping in the order of the header, with the columns that it does not know passed over."""
    document = mapping.as_json()
    known = {each["column"]: each for each in document["columns"]}
    return {**document, "columns": [known.get(column, {"column": column}) for column in header]}
