"""Bodies as clients send them: packed, cut, lying about their type, or not what they should be."""

import gzip
import json
import zlib
from typing import Any

import pytest

from .conftest import Ask


def said(ask: Ask, body: bytes, **headers: str) -> tuple[int, Any]:
    answer = ask("POST", "/echo", body, **headers)
    return answer.status_code, json.loads(answer.content)


@pytest.mark.parametrize("coding", ["gzip", "x-gzip", "GZIP", " gzip "])
def test_a_packed_body_is_unpacked_whatever_its_type_says(ask: Ask, coding: str) -> None:
    assert said(ask, gzip.compress(b'{"a": 1}'), Content_Encoding=coding) == (200, {"sent": {"a": 1}})


def test_deflate_and_several_members_are_unpacked_too(ask: Ask) -> None:
    assert said(ask, zlib.compress(b"[1]"), Content_Encoding="deflate") == (200, {"sent": [1]})
    two = gzip.compress(b"[1,") + gzip.compress(b"2]")
    assert said(ask, two, Content_Encoding="gzip") == (200, {"sent": [1, 2]})


@pytest.mark.parametrize(
    ("body", "status", "reason"),
    [
        (b"[1]", 400, "bad_body"),
        (b"", 400, "bad_body"),
        (gzip.compress(b"[1, 2, 3]")[:-9], 400, "bad_body"),
        (gzip.compress(b"[1]") + b"more", 400, "bad_body"),
        (gzip.compress(b" " * 1_001), 413, "body_too_large"),
        (gzip.compress(b" " * 600) * 2, 413, "body_too_large"),
        (gzip.compress(b"\0" * 50_000_000), 413, "body_too_large"),
        (gzip.compress(b"") * 1_000, 400, "bad_body"),
    ],
    ids=["not packed", "empty", "cut", "rubbish behind", "large", "large in all", "bomb", "many parts"],
)
def test_a_body_that_is_packed_badly_is_refused(ask: Ask, body: bytes, status: int, reason: str) -> None:
    got, answer = said(ask, body, Content_Encoding="gzip")
    assert (got, answer["reason"]) == (status, reason)


@pytest.mark.parametrize(("begin", "end"), [(b"[", b"]"), (b'{"a":', b"}")], ids=["lists", "objects"])
def test_a_body_may_be_nested_a_hundred_levels_deep(ask: Ask, begin: bytes, end: bytes) -> None:
    assert said(ask, begin * 100 + b"1" + end * 100)[0] == 200
    status, answer = said(ask, b"[1," + begin * 100 + b"1" + end * 100 + b"]")
    assert (status, answer["says"]) == (400, "The body is nested more than 100 levels deep.")


def test_another_packing_is_named(ask: Ask) -> None:
    status, answer = said(ask, b"[1]", Content_Encoding="br")
    assert (status, answer["says"]) == (415, "A body may be packed with gzip only.")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" \n",
        b"{",
        b'{"a": NaN}',
        b'"\xff"',
        b'"\xed\xa0\x80"',
        b"[" * 500 + b"]" * 499,
        b"{'a': 1}",
        b"\0",
    ],
    ids=["empty", "blank", "cut", "NaN", "no UTF-8", "surrogate", "unbalanced", "quotes", "NUL"],
)
def test_what_is_no_json_is_said(ask: Ask, body: bytes) -> None:
    status, answer = said(ask, body)
    assert (status, answer["reason"]) == (400, "bad_body")


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"a":' * 100_000, b"[" * 3_000 + b"]" * 3_000])
def test_depth_breaks_nothing(ask: Ask, body: bytes) -> None:
    assert ask("POST", "/echo", body).status_code in (400, 413)


def test_what_is_large_is_said(ask: Ask) -> None:
    status, answer = said(ask, b'"' + b"x" * 1_000 + b'"')
    assert (status, answer["reason"]) == (413, "body_too_large")
    status, answer = said(ask, b" " * (11 << 20))
    assert (status, answer["reason"]) == (413, "body_too_large")


def test_a_byte_order_mark_is_passed_over_and_of_a_key_the_last_counts(ask: Ask) -> None:
    assert said(ask, b'\xef\xbb\xbf{"a": 1, "a": 2}') == (200, {"sent": {"a": 2}})
