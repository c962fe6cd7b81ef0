"""Opening files, whatever somebody calls a file."""

import gzip
import io
import os
import sys
from pathlib import Path

import pytest

from profiles.imports import Damaged, Source, Unreadable, open_source
from profiles.imports.rows import LONGEST_ROW

TEXT = "distinct_id,name\nana,Añá\nbob,Bob\n"


def source_of(path: Path, content: bytes, **options: str) -> Source:
    path.write_bytes(content)
    return open_source(str(path), **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le-with-mark", "utf-16-be-with-mark"]
)
def test_it_finds_the_encoding_by_the_mark(tmp_path: Path, encoding: str) -> None:
    name = encoding.removesuffix("-with-mark")
    content = ("\ufeff" if name != encoding else "") + TEXT
    source = source_of(tmp_path / "people.csv", content.encode(name))
    assert "".join(source.lines()) == TEXT


def test_it_reads_the_encoding_that_is_named(tmp_path: Path) -> None:
    source = source_of(tmp_path / "people.csv", TEXT.encode("cp1252"), encoding="cp1252")
    assert "".join(source.lines()) == TEXT


def test_text_in_another_encoding_is_refused_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"byte 6 of line 2 is 0xF1.*cp1252"):
        source_of(tmp_path / "people.csv", TEXT.encode("latin-1"))


def test_utf_16_without_a_mark_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="utf-16-le"):
        source_of(tmp_path / "people.csv", b"distinct_id\nana\n".decode().encode("utf-16-le"))


def test_utf_16_that_is_named_but_has_no_mark_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"is not UTF-16 text: .*utf-16-le"):
        source_of(tmp_path / "people.csv", TEXT.encode("utf-16-le"), encoding="utf-16")


@pytest.mark.parametrize("encoding", ["klingon", "rot13", "base64", "zlib", "undefined"])
def test_what_is_no_encoding_of_text_is_refused(tmp_path: Path, encoding: str) -> None:
    with pytest.raises(Unreadable, match=f"no encoding “{encoding}”"):
        source_of(tmp_path / "people.csv", TEXT.encode(), encoding=encoding)


@pytest.mark.parametrize("name", ["people.csv.gz", "people.csv"])
def test_it_decompresses_by_content(tmp_path: Path, name: str) -> None:
    source = source_of(tmp_path / name, gzip.compress(TEXT.encode()))
    assert "".join(source.lines()) == TEXT
    assert source.position() == source.size


def test_what_is_only_named_gz_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="not compressed with gzip"):
        source_of(tmp_path / "people.csv.gz", TEXT.encode())


def test_a_cut_gzip_gives_its_whole_lines_and_says_where_it_ends(tmp_path: Path) -> None:
    whole = gzip.compress("".join(f"line {n} {n * 7919 % 10007}\n" for n in range(200_000)).encode())
    lines = source_of(tmp_path / "people.csv.gz", whole[: len(whole) // 2]).lines()
    read: list[str] = []
    with pytest.raises(Damaged, match=r"beyond line [\d,]+: it was cut off"):
        read.extend(lines)
    assert len(read) > 50_000
    assert all(line.endswith("\n") for line in read)


def test_a_gzip_with_a_wrong_checksum_is_damaged_rather_than_cut_off(tmp_path: Path) -> None:
    whole = gzip.compress(TEXT.encode())
    source = source_of(tmp_path / "people.csv.gz", whole[:-8] + bytes(4) + whole[-4:])
    read: list[str] = []
    with pytest.raises(Damaged, match="it is damaged"):
        read.extend(source.lines())
    assert "".join(read) == TEXT


def test_a_gzip_of_which_nothing_can_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="cannot be unpacked"):
        source_of(tmp_path / "people.csv.gz", b"\x1f\x8b" + b"garbage" * 3)


@pytest.mark.parametrize("name", ["missing.csv", ""])
def test_what_is_no_file_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(Unreadable, match=r"cannot be read: (No such file|Is a directory)"):
        open_source(str(tmp_path / name))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.touch(mode=0)
    with pytest.raises(Unreadable, match="Permission denied"):
        open_source(str(path))


def test_the_input_is_read_and_its_format_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    for content, format in ((TEXT.encode(), "csv"), (b' {"distinct_id": "ana"}\n', "jsonl")):
        stdin = io.TextIOWrapper(io.BufferedReader(io.BytesIO(content)))  # type: ignore[arg-type]
        monkeypatch.setattr(sys, "stdin", stdin)
        source = open_source("-")
        assert (source.format, source.size) == (format, None)
        assert "".join(source.lines()).encode() == content


def test_an_endless_line_is_cut_to_what_a_row_may_have(tmp_path: Path) -> None:
    source = source_of(tmp_path / "people.csv", b"x" * (3 * LONGEST_ROW) + b"\nshort\n")
    assert [len(line) for line in source.lines()] == [LONGEST_ROW, 6]
