"""Packed files: what is in them, what cannot be read of them, and bombs."""

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from profiles.imports import (
    Damaged,
    Source,
    Unreadable,
    column_table,
    csv_rows,
    open_source,
    packing,
    table_of,
)

TEXT = b"distinct_id,city\nana,Ulm\n"
JUNK = "__MACOSX/._people.csv", "people/", ".DS_Store", "Thumbs.db"


def zipped(path: Path, files: dict[str, bytes], **options: int) -> Source:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content, **options)
    return open_source(str(path))


def ids_of(source: Source) -> list[str]:
    return [row.values["distinct_id"] for row in table_of(source)]


@pytest.mark.parametrize(
    ("name", "content", "format"),
    [
        ("people.csv", TEXT, "csv"),
        ("sub/people.tsv", TEXT.replace(b",", b"\t"), "tsv"),
        ("people.jsonl", b'{"distinct_id": "ana"}\n', "jsonl"),
        ("people", TEXT, "csv"),
    ],
)
def test_the_one_table_of_a_zip_is_read(tmp_path: Path, name: str, content: bytes, format: str) -> None:
    source = zipped(tmp_path / "people.zip", {name: content, **dict.fromkeys(JUNK, b"x")})
    assert (source.format, source.notes, ids_of(source)) == (format, [], ["ana"])
    assert 0 < source.position() <= (source.size or 0)


def test_what_lies_beside_the_table_is_mentioned(tmp_path: Path) -> None:
    source = zipped(tmp_path / "people.zip", {"read me.md": b"Hello", "people.csv": TEXT})
    assert source.notes == [f"In {tmp_path}/people.zip, people.csv is read and read me.md passed over."]


def test_several_tables_are_named_and_refused(tmp_path: Path) -> None:
    files = {f"part-{number}.csv": TEXT for number in range(12)}
    with pytest.raises(Unreadable, match=r"12 files: part-0.csv, .* and 2 more. Import them one by one"):
        zipped(tmp_path / "people.zip", files)


def test_an_empty_zip_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="no file in"):
        zipped(tmp_path / "people.zip", {"empty/": b""})


def test_a_password_is_said_to_be_the_trouble(tmp_path: Path) -> None:
    path = tmp_path / "people.zip"
    zipped(path, {"people.csv": TEXT}).close()
    content = bytearray(path.read_bytes())
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    with pytest.raises(Unreadable, match="protected with a password"):
        open_source(str(path))


@pytest.mark.parametrize("inner", [gzip.compress(TEXT, mtime=0), b"PK\x03\x04rest"], ids=["gzip", "zip"])
def test_what_is_packed_twice_is_refused(tmp_path: Path, inner: bytes) -> None:
    with pytest.raises(Unreadable, match="is packed itself"):
        zipped(tmp_path / "people.zip", {"people.csv": inner})
    (tmp_path / "people.csv.gz").write_bytes(gzip.compress(inner))
    with pytest.raises(Unreadable, match="is packed itself"):
        open_source(str(tmp_path / "people.csv.gz"))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "password-protected Excel file"),
        (b"%PDF-1.7", "a PDF"),
        (b"PAR1....", "a Parquet file"),
        (b"BZh91AY&SY", "packed with bzip2"),
        (b"7z\xbc\xaf\x27\x1c", "a .7z archive"),
    ],
)
def test_other_kinds_of_files_are_named(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "people.csv").write_bytes(content)
    with pytest.raises(Unreadable, match=message):
        open_source(str(tmp_path / "people.csv"))


@pytest.mark.parametrize("name", ["people.zip", "people.xlsx"])
def test_what_is_only_named_zip_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(TEXT)
    with pytest.raises(Unreadable, match="is not what its name says"):
        open_source(str(tmp_path / name))


def lines(count: int) -> bytes:
    return b"distinct_id,n\n" + b"".join(b"user-%d,%d\n" % (n, n * 7919 % 10007) for n in range(count))


def test_a_zip_that_ends_early_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "people.zip"
    zipped(path, {"people.csv": lines(50_000)}).close()
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(Unreadable, match="it was cut off"):
        open_source(str(path))


def test_a_zip_with_a_broken_file_gives_what_comes_before(tmp_path: Path) -> None:
    path = tmp_path / "people.zip"
    zipped(path, {"people.csv": lines(300_000)}).close()
    content = bytearray(path.read_bytes())
    middle = len(content) * 9 // 10
    content[middle : middle + 40] = b"\xff" * 40
    path.write_bytes(content)
    read = []
    with pytest.raises(Damaged, match=r"cannot be read beyond line [\d,]+"):
        read.extend(table_of(open_source(str(path))))
    assert len(read) > 100_000


def test_a_zip_of_very_many_files_is_not_listed(tmp_path: Path) -> None:
    path = tmp_path / "people.zip"
    zipped(path, {"people.csv": TEXT}).close()
    content = bytearray(path.read_bytes())
    end = content.rindex(b"PK\x05\x06")
    content[end + 12 : end + 16] = (2**31).to_bytes(4, "little")
    path.write_bytes(content)
    with pytest.raises(Unreadable, match="far too many files"):
        open_source(str(path))


def bomb() -> Iterator[bytes]:
    packer = zlib.compressobj(9, wbits=31)
    for _ in range(40):
        yield packer.compress(b"a,b\n" * 2**18)
    yield packer.flush()


@pytest.fixture
def a_small_bomb_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "FREELY", 2**23)


@pytest.mark.usefixtures("a_small_bomb_is_enough")
def test_a_bomb_of_gzip_is_put_out(tmp_path: Path) -> None:
    (tmp_path / "people.csv.gz").write_bytes(b"".join(bomb()))
    rows = iter(open_source(str(tmp_path / "people.csv.gz")).lines())
    with pytest.raises(Damaged, match=r"beyond line 2,\d{3},\d{3}: it unpacks to more than 200 times"):
        sum(1 for _ in rows)


@pytest.mark.usefixtures("a_small_bomb_is_enough")
def test_a_bomb_of_zip_is_put_out(tmp_path: Path) -> None:
    source = zipped(tmp_path / "people.zip", {"people.csv": b"a,b\n" * 2**22})
    with pytest.raises(Damaged, match="it unpacks to more than 200 times its size"):
        sum(1 for _ in source.lines())


def test_a_zip_cannot_come_through_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("people.csv", TEXT)
    stdin = io.TextIOWrapper(io.BufferedReader(Pipe(content.getvalue())))  # type: ignore[arg-type]
    monkeypatch.setattr("sys.stdin", stdin)
    with pytest.raises(Unreadable, match="cannot be read from a pipe"):
        open_source("-")


@pytest.mark.parametrize("start", [TEXT, b""])
def test_a_bomb_of_blank_lines_is_noticed_long_before_its_end(
    tmp_path: Path, start: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (column_table, csv_rows):
        monkeypatch.setattr(module, "MOST_BLANK", 1_000)
    source = zipped(tmp_path / "people.zip", {"people.csv": start + b"\n" * 2**20})
    with pytest.raises((Damaged, Unreadable), match="blank"):
        ids_of(source)


def test_blank_lines_between_rows_do_not_add_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(column_table, "MOST_BLANK", 10)
    rows = b"".join(b"a%d,Ulm\n\n\n" % number for number in range(20))
    assert len(ids_of(zipped(tmp_path / "people.zip", {"people.csv": TEXT + rows}))) == 21
