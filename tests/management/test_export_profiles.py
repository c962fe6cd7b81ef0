"""`export_profiles`: whole files, exit codes, being stopped; and its files through `import_profiles`."""

import gzip
import os
import signal
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from profiles.management import output
from profiles.models import AuditEntry, Door, Job, Profile, PropertyDefinition, Workspace
from profiles.operations.properties import create_property
from profiles.operations.rows import ProfileRow
from profiles.operations.write import write_profiles
from tests.operations.jobs.workers import wait_until

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parents[2]


def run(path: Path | str, *options: str, workspace: str = "acme") -> tuple[int, str, str]:
    """Exit code, output, errors."""
    out, err = StringIO(), StringIO()
    try:
        call_command(
            "export_profiles", "--workspace", workspace, "-o", str(path), *options, stdout=out, stderr=err
        )
    except SystemExit as ending:
        return int(str(ending.code)), out.getvalue(), err.getvalue()
    except CommandError as error:
        return error.returncode, out.getvalue(), f"{err.getvalue()}{error}"
    return 0, out.getvalue(), err.getvalue()


@pytest.fixture
def people(acme: Workspace) -> Workspace:
    create_property(acme, actor=None, key="a,b", label="Odd", type="text_list")
    rows = [
        ProfileRow(
            "ana", values={"city": "=1+1", "country": "DE", "custom.a,b": ["x;y", "z"], "tags": ["vip"]}
        ),
        ProfileRow("-bob", "test", {"phone": "+4915112345678", "last_seen_at": "2026-01-02T03:04:05+00:00"}),
        ProfileRow("علي", values={"name": "علي\nبابا", "birthday": "1899-12-31", "country": "DE"}),
    ]
    write_profiles(acme, rows, mode="create", source=Door.COMMAND, actor=None)
    return acme


@pytest.mark.parametrize("name", ["all.csv", "all.csv.gz", "all.jsonl", "all.jsonl.gz", "all.xlsx"])
def test_what_is_exported_imports_again_as_unchanged(people: Workspace, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    assert run(path) == (0, f"3 profiles written to {path}.\n", "")
    out, before = StringIO(), list(Profile.objects.order_by("pk").values())
    call_command("import_profiles", str(path), "--workspace", "acme", stdout=out, stderr=StringIO())
    assert "0 created, 0 updated, 3 unchanged, 0 refused" in out.getvalue()
    assert list(Profile.objects.order_by("pk").values()) == before


def test_a_filter_and_columns_choose(people: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "some.csv"
    code, _, _ = run(path, "--filter", "?country=DE&tags=vip", "--columns", 'city,"custom.a,b"')
    assert code == 0
    assert path.read_text() == (
        'distinct_id,environment,city,"custom.a,b"\nana,live,\'=1+1,"[""x;y"", ""z""]"\n'
    )
    run(path, "--filter", "tags=vip", "--columns", "city", "--no-formula-guard")
    assert path.read_text() == "distinct_id,environment,city\nana,live,=1+1\n"


def test_nobody_is_a_file_of_a_header(people: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "none.csv"
    assert run(path, "--filter", "country=FR", "--columns", "city")[0] == 0
    assert path.read_text() == "distinct_id,environment,city\n"


def test_the_audit_says_what_was_taken_along(people: Workspace, tmp_path: Path) -> None:
    run(tmp_path / "some.jsonl", "--filter", "country=DE", "--columns", "city")
    entry = AuditEntry.objects.get(verb="export")
    assert (entry.workspace, entry.subject, entry.details["exported"]) == (people, "Filter: country=DE", 2)
    assert entry.details["columns"] == ["distinct_id", "environment", "city"]
    assert not Job.objects.exists()


def test_the_name_of_the_file_says_the_format_and_that_it_is_packed(
    people: Workspace, tmp_path: Path
) -> None:
    for name in ("people.jsonl.gz", "people.x.jsonl"):
        run(tmp_path / name, "--columns", "tags")
    packed = gzip.decompress((tmp_path / "people.jsonl.gz").read_bytes())
    assert packed == (tmp_path / "people.x.jsonl").read_bytes()
    run(tmp_path / "people", "--format", "parquet")
    assert (tmp_path / "people").read_bytes().startswith(b"PAR1")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--filter", "contry=DE"], "There is no filter “contry”."),
        (["--filter", "created_from=yesterday"], "Created from"),
        (["--columns", "emial"], "no column “emial” (did you mean email?)"),
        (["--columns", "custom.nothing"], "no column “custom.nothing”"),
        (["--format", "xlsx", "--gzip"], "xlsx is compressed in itself"),
    ],
)
def test_what_cannot_be_is_said_before_anything_is_written(
    people: Workspace, tmp_path: Path, options: list[str], sentence: str
) -> None:
    path = tmp_path / "people.csv"
    path.write_text("kept")
    code, out, err = run(path, *options)
    assert (code, out) == (2, "")
    assert sentence in err
    assert [each.name for each in tmp_path.iterdir()] == ["people.csv"]
    assert path.read_text() == "kept"


def test_a_workspace_and_a_folder_that_do_not_exist(people: Workspace, tmp_path: Path) -> None:
    assert run(tmp_path / "x.csv", workspace="nowhere")[0] == 2
    code, _, err = run(tmp_path / "no" / "x.csv")
    assert code == 1
    assert "No such file or directory" in err


def test_a_workbook_that_cannot_hold_them_leaves_the_old_file(
    people: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("profiles.exports.export.MOST_ROWS", 1)
    path = tmp_path / "people.xlsx"
    path.write_text("kept")
    code, _, err = run(path)
    assert code == 2
    assert "choose CSV, JSON lines or Parquet" in err
    assert [each.read_text() for each in tmp_path.iterdir()] == ["kept"]


def test_a_full_disk_leaves_the_old_file(
    people: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "people.csv"
    path.write_text("kept")

    def full(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(output.Path, "replace", full)
    code, _, err = run(path)
    assert (code, err) == (1, f"{path} was not written: No space left on device.")
    assert [each.read_text() for each in tmp_path.iterdir()] == ["kept"]


def test_a_device_stays_a_device(people: Workspace) -> None:
    assert run("/dev/null", "--format", "csv")[0] == 0
    assert Path("/dev/null").is_char_device()


def test_the_database_is_left_as_it_was(people: Workspace, tmp_path: Path) -> None:
    before = PropertyDefinition.objects.count()
    run(tmp_path / "people.csv")
    assert PropertyDefinition.objects.count() == before


def command(*options: str) -> list[str]:
    return [sys.executable, "manage.py", "export_profiles", "--workspace", "acme", *options]


def environment() -> dict[str, str]:
    server = connection.get_connection_params()
    host, name, user = server["host"], server["dbname"], server["user"]
    return {**os.environ, "DATABASE_URL": f"postgresql://{user}@/{name}?host={host}"}


def test_it_writes_to_the_output_and_says_the_rest_elsewhere(people: Workspace) -> None:
    done = subprocess.run(
        command("-o", "-", "--columns", "tags"), cwd=ROOT, env=environment(), capture_output=True, check=True
    )
    assert done.stdout.decode().splitlines()[0] == "distinct_id,environment,tags"
    assert len(done.stdout.splitlines()) == 4
    assert done.stderr.decode() == "3 profiles written.\n"


@pytest.fixture
def many(acme: Workspace) -> Workspace:
    rows = [ProfileRow(f"user-{number}", values={"city": "x" * 200}) for number in range(15_000)]
    write_profiles(acme, rows, mode="create", source=Door.COMMAND, actor=None)
    return acme


def test_who_reads_only_the_beginning_is_not_shouted_at(many: Workspace) -> None:
    process = subprocess.Popen(
        command("-o", "-"), cwd=ROOT, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout
    assert process.stderr
    process.stdout.readline()
    process.stdout.close()
    assert process.wait(60) == 1
    assert process.stderr.read() == b""
    process.stderr.close()


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_stopped_it_leaves_nothing(many: Workspace, tmp_path: Path, sign: signal.Signals) -> None:
    process = subprocess.Popen(
        command("-o", str(tmp_path / "people.xlsx")),
        cwd=ROOT,
        env=environment(),
        stderr=subprocess.PIPE,
        # What a shell starts in the background does not hear Ctrl-C, nor does what that starts.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    wait_until(lambda: list(tmp_path.iterdir()))
    process.send_signal(sign)
    assert process.stderr
    assert "Interrupted" in process.stderr.read().decode()
    assert process.wait(60) == 130
    process.stderr.close()
    assert list(tmp_path.iterdir()) == []
