"""The refused rows of an import: a file to correct, and once more."""

import io
from pathlib import Path

import pytest
from django.conf import LazySettings

from profiles.errors import Refused
from profiles.imports import ColumnMapping, Mapping
from profiles.models import Job, JobKind, JobState, Operator, Profile, Workspace
from profiles.operations.imports import start_import
from profiles.operations.jobs import queue_job, run_job
from profiles.operations.jobs.rejects import rejects_name, retry_refused, write_rejects
from profiles.operations.uploads import Upload

pytestmark = pytest.mark.django_db(transaction=True)

COLUMNS = (
    ColumnMapping("Kunde", "distinct_id"),
    ColumnMapping("Mail", "email"),
    ColumnMapping("Notiz", "custom.note", type="text"),
)
TEXT = 'Kunde;Mail;Notiz;line\nana;nothing;"a;\n""b""";7\nbob;b@example.com;;8\n;;;\ncem;c@example.com\n'


@pytest.fixture
def imported(acme: Workspace, editor: Operator, settings: LazySettings, tmp_path: Path) -> Job:
    settings.FILES_DIR = str(tmp_path)
    with Upload("Kunden 2026.csv.gz.csv") as upload:
        upload.write(TEXT.encode())
        file = upload.keep(acme, operator=editor)
    return run_job(start_import(acme, file=file, mapping=Mapping(COLUMNS), actor=editor).pk)


def rejects(job: Job) -> str:
    stream = io.StringIO()
    assert write_rejects(job, stream) == job.refused
    return stream.getvalue()


def test_they_have_the_columns_of_the_file_behind_line_and_error(imported: Job) -> None:
    assert (imported.state, imported.created, imported.refused) == (JobState.PARTIAL, 1, 3)
    header, *rows = rejects(imported).split("\n", 1)
    assert header == "line;error;Kunde;Mail;Notiz"
    assert "must be an e-mail address like ana@example.com; “nothing” is not." in rows[0]
    assert rows[0].endswith(";;;\n6;The row has 2 fields, the header has 4.;cem;c@example.com\n")
    assert rejects_name(imported) == "Kunden 2026.rejected.csv"


def test_corrected_they_are_imported_with_the_same_mapping(
    imported: Job, acme: Workspace, editor: Operator
) -> None:
    with Upload(rejects_name(imported)) as upload:
        upload.write(rejects(imported).replace("ana;nothing", "ana;ana@example.com").encode())
        file = upload.keep(acme, operator=editor)
    again = run_job(start_import(acme, file=file, mapping=Mapping(COLUMNS), actor=editor).pk)
    assert (again.created, again.refused) == (1, 2)
    ana = Profile.objects.get(distinct_id="ana")
    assert (ana.email, ana.custom) == ("ana@example.com", {"note": 'a;\n"b"'})


def test_they_are_tried_again_as_they_are(imported: Job, acme: Workspace, editor: Operator) -> None:
    retried = retry_refused(imported, actor=editor)
    assert (retried.state, retried.total, retried.operator) == (JobState.QUEUED, 3, editor)
    again = run_job(retried.pk)
    assert (again.state, again.refused, again.total) == (JobState.PARTIAL, 3, 3)
    assert rejects(again).split("\n")[0] == "line;error;Kunde;Mail;Notiz"
    acme.property_definitions.filter(key="email").update(type="text")
    acme.schema_has_changed()
    once_more = run_job(retry_refused(again, actor=editor).pk)
    assert (once_more.created, once_more.refused) == (1, 2)


def test_what_refused_nothing_or_is_no_import_cannot_be_tried_again(
    imported: Job, acme: Workspace, editor: Operator
) -> None:
    other = queue_job(acme, kind=JobKind.CHANGE, actor=editor)
    with pytest.raises(Refused, match="tried again"):
        retry_refused(other, actor=editor)
    with pytest.raises(Refused, match="has not read"):
        write_rejects(other, io.StringIO())
    Job.objects.filter(pk=imported.pk).update(file=None)
    imported.file.path.unlink()  # type: ignore[union-attr]
    assert rejects(imported)  # The rows are kept by the job, not by the file.


def test_a_file_that_is_kept_no_longer_fails_with_a_word(
    imported: Job, acme: Workspace, editor: Operator
) -> None:
    assert imported.file
    job = start_import(acme, file=imported.file, mapping=Mapping(COLUMNS), actor=editor)
    imported.file.path.unlink()
    failed = run_job(job.pk)
    assert failed.state == JobState.FAILED
    assert failed.problem == "Kunden 2026.csv.gz.csv is not kept any longer: upload it again."
    with pytest.raises(Refused, match="not kept any longer"):
        start_import(acme, file=imported.file, mapping=Mapping(COLUMNS), actor=editor)
