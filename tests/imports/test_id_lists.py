"""Lists of distinct IDs, whatever people bring as one."""

import codecs
import io

import pytest

from profiles.errors import Refused
from profiles.imports import id_lists
from profiles.imports.id_lists import ids_in


def read(content: bytes, *, is_table: bool = False) -> list[str]:
    return list(ids_in(io.BytesIO(content), is_table=is_table))


@pytest.mark.parametrize(
    ("content", "is_table", "ids"),
    [
        (b"a\nb\r\n\n  c  \rd", False, ["a", "b", "c", "d"]),
        (b"Distinct_ID\na\ndistinct_id", False, ["a", "distinct_id"]),
        (b'a,b\n"quoted"', False, ["a,b", '"quoted"']),
        (b'distinct_id,email\na,x@example.com\n"b, ""c""",y\nd', True, ["a", 'b, "c"', "d"]),
        (b"distinct_id;email\na,1;x\n", True, ["a,1"]),
        (b"a\tb,c\nd\te\n", True, ["a", "d"]),
        (b",x\n", True, []),
        (b"'+4915,x\n\"''=1\",y\n'a,z\n", True, ["+4915", "'=1", "'a"]),
        (b"'+4915", False, ["'+4915"]),
        ("\ufeffä\n日本".encode(), False, ["ä", "日本"]),
        (codecs.BOM_UTF16_LE + "ä\nb".encode("utf-16-le"), False, ["ä", "b"]),
        (b"a\0b", False, ["a\0b"]),
        (b"PK-1\n", False, ["PK-1"]),
        (b"", False, []),
        (b'"', True, []),
    ],
)
def test_it_reads_one_id_a_line_or_the_first_column(content: bytes, is_table: bool, ids: list[str]) -> None:
    assert read(content, is_table=is_table) == ids


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"a\n\xff\xfe\xfa", "not UTF-8"),
        ("ä\n".encode("latin-1"), "not UTF-8"),
        (b"caf\xe9\n", "Near its beginning the list is not UTF-8"),
        (codecs.BOM_UTF16_LE + b"a", "not UTF-8"),
        (b"PK\x03\x04\x14", "a workbook or a packed file"),
        (b"\x1f\x8b\x08", "a workbook or a packed file"),
        (b"a\n" + b"x" * 30_000, "Line 2 is too long"),
    ],
)
def test_what_is_no_list_is_refused_in_words(content: bytes, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        read(content)


def test_a_list_that_is_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(id_lists, "MOST_IDS", 3)
    assert len(read(b"a\nb\nc\n")) == 3
    with pytest.raises(Refused, match="more than 3 lines"):
        read(b"a\nb\nc\nd\n")
