"""Drafts of imports: what holds whoever asks, and when several do at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from profiles.errors import Refused
from profiles.imports import Mapping
from profiles.models import ImportDraft, Job, JobKind, Operator, Workspace
from profiles.operations.draft_runs import preview_draft, run_draft
from profiles.operations.drafts import Changed, discard_draft, map_draft, start_draft, sweep_drafts
from profiles.operations.jobs import run_job
from profiles.operations.uploads import Upload

TOGETHER = 4


@pytest.fixture(autouse=True)
def files(tmp_path: Path, settings: Any) -> Path:
    settings.FILES_DIR = str(tmp_path)
    return tmp_path


@pytest.fixture
def draft(transactional_db: None, acme: Workspace, editor: Operator) -> ImportDraft:
    with Upload("people.csv") as upload:
        upload.write(b"distinct_id,email\nalice,alice@example.com\n")
        return start_draft(upload, acme, operator=editor)


def at_once(deed: Callable[[], Any]) -> list[Any]:
    """What the deed gives, or raises, done by several at the same time."""
    barrier = Barrier(TOGETHER)

    def do(_: int) -> Any:
        barrier.wait()
        try:
            return deed()
        except Refused as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(TOGETHER) as pool:
        return list(pool.map(do, range(TOGETHER)))


def reread(draft: ImportDraft) -> ImportDraft:
    return ImportDraft.objects.get(pk=draft.pk)


def test_run_pressed_by_many_at_once_is_one_job(draft: ImportDraft, editor: Operator) -> None:
    found = preview_draft(draft, actor=editor, may_create=True)
    run_job(found.pk)
    jobs = at_once(lambda: run_draft(reread(draft), preview=found.pk, actor=editor, may_create=True))
    assert len({job.pk for job in jobs}) == 1
    assert Job.objects.filter(kind=JobKind.IMPORT).count() == 1


def test_previews_asked_for_at_once_are_one_job(draft: ImportDraft, editor: Operator) -> None:
    jobs = at_once(lambda: preview_draft(reread(draft), actor=editor, may_create=True))
    assert len({job.pk for job in jobs}) == 1


def test_of_changes_at_once_one_is_kept_and_the_others_are_told(draft: ImportDraft) -> None:
    other = Mapping.from_json(draft.mapping | {"blank": "clear"})
    answers = at_once(lambda: map_draft(reread(draft), other, version=draft.version))
    assert sum(isinstance(answer, Changed) for answer in answers) == TOGETHER - 1
    assert reread(draft).version == draft.version + 1


def test_a_discarded_draft_is_neither_mapped_nor_run(draft: ImportDraft, editor: Operator) -> None:
    mapping = Mapping.from_json(draft.mapping)
    gone = reread(draft)
    discard_draft(draft)
    discard_draft(gone)
    with pytest.raises(Refused, match="was discarded"):
        map_draft(gone, mapping, version=1)
    with pytest.raises(Refused, match="was discarded"):
        preview_draft(gone, actor=editor, may_create=True)


def test_once_it_runs_its_mapping_is_fixed(draft: ImportDraft, editor: Operator) -> None:
    found = preview_draft(draft, actor=editor, may_create=True)
    run_job(found.pk)
    run_draft(draft, preview=found.pk, actor=editor, may_create=True)
    with pytest.raises(Refused, match="was started already"):
        map_draft(draft, Mapping.from_json(draft.mapping), version=draft.version)
    discard_draft(draft)
    assert reread(draft).job is not None


def test_a_mapping_that_says_the_same_keeps_the_preview(draft: ImportDraft, editor: Operator) -> None:
    found = preview_draft(draft, actor=editor, may_create=True)
    map_draft(draft, Mapping.from_json(draft.mapping), version=draft.version)
    assert reread(draft).preview_id == found.pk


def test_drafts_that_nobody_went_on_with_are_forgotten(draft: ImportDraft) -> None:
    long_ago = timezone.now() - timedelta(days=31)
    ImportDraft.objects.update(updated_at=long_ago)
    sweep_drafts()
    assert ImportDraft.objects.exists()  # It has its file.
    assert draft.file is not None
    draft.file.delete()
    sweep_drafts()
    assert not ImportDraft.objects.exists()


def test_what_is_no_table_leaves_nothing(acme: Workspace, editor: Operator, files: Path) -> None:
    with Upload("people.pdf") as upload:
        upload.write(b"%PDF-1.7 \xe2\xe3")
        with pytest.raises(Refused, match="is a PDF"):
            start_draft(upload, acme, operator=editor)
    assert [path for path in files.rglob("*") if path.is_file()] == []
    assert not ImportDraft.objects.exists()
