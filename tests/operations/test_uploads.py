"""Uploads: whole files are kept, of anything else nothing is left."""

import os
import shutil
import time
from collections import namedtuple
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from profiles.errors import Refused
from profiles.models import Operator, StoredFile, Workspace
from profiles.operations.uploads import Upload, in_bytes, sweep_uploads

Usage = namedtuple("Usage", "total used free")


@pytest.fixture(autouse=True)
def files(tmp_path: Path, settings: Any) -> Path:
    settings.FILES_DIR = str(tmp_path)
    return tmp_path


def left_in(files: Path) -> list[Path]:
    return [path for path in files.rglob("*") if path.is_file()]


def test_a_whole_file_is_kept_for_a_week(acme: Workspace, editor: Operator, files: Path) -> None:
    with Upload("people.csv") as upload:
        upload.write(b"distinct_id\n")
        upload.write(b"alice\n")
        stored = upload.keep(acme, operator=editor)
    assert stored.path.read_bytes() == b"distinct_id\nalice\n"
    assert (stored.name, stored.size, stored.role, stored.operator) == ("people.csv", 18, "upload", editor)
    assert 6.9 < (stored.expires_at - timezone.now()).total_seconds() / 86_400 <= 7
    assert left_in(files) == [stored.path]


def test_nothing_is_left_of_what_was_not_kept(files: Path) -> None:
    with Upload("people.csv") as upload:
        upload.write(b"distinct_id\n")
    assert left_in(files) == []


def test_an_empty_file_is_refused(acme: Workspace, editor: Operator, files: Path) -> None:
    with Upload("people.csv") as upload, pytest.raises(Refused, match=r"people\.csv is empty"):
        upload.keep(acme, operator=editor)
    assert left_in(files) == []
    assert not StoredFile.objects.exists()


def test_the_limit_holds_for_what_is_announced_and_for_what_comes(settings: Any, files: Path) -> None:
    settings.MAX_UPLOAD_BYTES = 2048
    with pytest.raises(Refused, match="larger than 2 KB"):
        Upload("people.csv", expected=2049)
    with Upload("people.csv") as upload:
        upload.write(b"x" * 2048)
        with pytest.raises(Refused, match="larger than 2 KB"):
            upload.write(b"x")
    assert left_in(files) == []


def test_a_disk_without_room_is_noticed_before(monkeypatch: pytest.MonkeyPatch, files: Path) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(2**40, 2**40, 2**30))
    Upload("people.csv", expected=2**20).discard()
    with pytest.raises(Refused, match=r"no room for people\.csv"):
        Upload("people.csv", expected=2**30)
    assert left_in(files) == []


def test_a_disk_that_fills_up_on_the_way_is_said(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Upload("people.csv") as upload:
        upload._file.close()
        upload._file = Path("/dev/full").open("wb", buffering=0)  # noqa: SIM115 - the upload closes it.
        with pytest.raises(Refused, match="disk is full"):
            upload.write(b"x")
    assert left_in(files) == []


def test_names_are_the_last_part_of_what_browsers_send(acme: Workspace, editor: Operator) -> None:
    for given, kept in {
        r"C:\Users\eva\people.csv": "people.csv",
        "../../etc/passwd": "passwd",
        "a\0b.csv": "ab.csv",
        "n" * 300 + ".csv.gz": "n" * 248 + ".csv.gz",
        "名前.csv": "名前.csv",
    }.items():
        with Upload(given) as upload:
            upload.write(b"x")
            assert upload.keep(acme, operator=editor).name == kept


def test_the_same_file_twice_at_once_is_two_files(acme: Workspace, editor: Operator, files: Path) -> None:
    with Upload("people.csv") as one, Upload("people.csv") as other:
        one.write(b"1")
        other.write(b"2")
        kept = [each.keep(acme, operator=editor) for each in (one, other)]
    assert [each.path.read_bytes() for each in kept] == [b"1", b"2"]


def test_what_a_crash_left_is_swept_after_a_day(acme: Workspace, editor: Operator, files: Path) -> None:
    with Upload("kept.csv") as upload:
        upload.write(b"x")
        kept = upload.keep(acme, operator=editor)
    old, new = Upload("old.csv"), Upload("new.csv")
    for path in (old._path, kept.path):
        os.utime(path, times=(time.time() - 90_000,) * 2)
    sweep_uploads()
    assert sorted(left_in(files)) == sorted([kept.path, new._path])


def test_sizes_in_words() -> None:
    assert [in_bytes(size) for size in (0, 1023, 1024, 1536, 5 * 1024**3)] == [
        *("0 bytes", "1023 bytes", "1 KB", "1.5 KB", "5 GB")
    ]
