"""Exports of other products: what their records become, and JSON of any shape and size."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from profiles.imports import (
    ColumnMapping,
    Damaged,
    Mapping,
    Position,
    RawIdentifier,
    RawRow,
    Unreadable,
    json_records,
    look_at,
    open_source,
    table_of,
)

ANA = {"identity": "ana", "type": "profile", "profileData": {"Name": "Ana", "Email": "a@example.com"}}


def rows_of(path: Path, content: Any, origin: str, **options: Any) -> list[RawRow]:
    text = content if isinstance(content, str) else json.dumps(content)
    path = path / "export.json"
    path.write_text(text, encoding="utf-8", errors="surrogateescape")
    return list(table_of(open_source(str(path)), origin=origin, **options))


def row_of(path: Path, record: Any, origin: str) -> RawRow:
    (row,) = rows_of(path, record, origin)
    return row


def test_a_profile_of_clevertap(tmp_path: Path) -> None:
    record = {
        "identity": 4711,
        "objectId": "_g1",
        "type": "profile",
        "ts": 1_700_000_000,
        "profileData": {
            "Name": "Ana",
            "Phone": "+4930123456",
            "Gender": "F",
            "DOB": "$D_643248000",
            "Tz": "Europe/Berlin",
            "MSG-email": True,
            "Married": "Y",
            "Signed up": "$D_1700000000",
            "Pets": ["cat", "dog"],
            "address": {"city": "Ulm", "zip": "89073"},
        },
    }
    row = row_of(tmp_path, {"d": [record]}, "clevertap")
    assert row.values == {
        "distinct_id": "4711",
        "name": "Ana",
        "phone": "+4930123456",
        "gender": "female",
        "birthday": "1990-05-21T00:00:00+00:00",
        "timezone": "Europe/Berlin",
        "custom.MSG-email": True,
        "custom.Married": "Y",
        "custom.Signed up": "2023-11-14T22:13:20+00:00",
        "custom.Pets": ["cat", "dog"],
        "city": "Ulm",
        "custom.address.zip": "89073",
    }
    assert row.identifiers == (RawIdentifier("_g1", "clevertap_id", "clevertap"),)
    assert (row.line, row.original, row.problem) == (1, record, "")


def test_a_downloaded_profile_of_clevertap(tmp_path: Path) -> None:
    record = {
        "identity": "ana",
        "all_identities": ["ana", "a-2", "a@example.com"],
        "email": "a@example.com",
        "phone": "14155550100",
        "profileData": {"Country": "Germany", "Tz": "+05:30"},
        "events": {"App Launched": {"count": 3}},
        "platformInfo": [{"platform": "iOS", "objectId": "__x"}, {"objectId": "__x"}, None],
    }
    row = row_of(tmp_path, {"status": "success", "records": [record], "next_cursor": "x"}, "clevertap")
    assert row.values == {
        "distinct_id": "ana",
        "custom.Country": "Germany",
        "custom.Tz": "+05:30",
        "email": "a@example.com",
        "phone": "+14155550100",
    }
    assert row.identifiers == (
        RawIdentifier("a-2", "distinct_id", "clevertap"),
        RawIdentifier("__x", "clevertap_id", "clevertap"),
    )


def test_an_identify_call_of_segment(tmp_path: Path) -> None:
    record = {
        "type": "identify",
        "userId": "ana",
        "anonymousId": "f00",
        "timestamp": "2026-01-31T09:30:00Z",
        "context": {"traits": {"plan": "old", "firstName": "Ana"}, "ip": "::1"},
        "traits": {
            "plan": "pro",
            "email": "a@example.com",
            "birthday": "1990-05-17T00:00:00.000Z",
            "address": {"city": "Ulm", "country": "DE", "postalCode": "89073"},
            "company": {"name": "Acme", "seats": 5},
            "logins": None,
            "where": {"lat": 48.4, "lon": 10},
        },
    }
    row = row_of(tmp_path, record, "segment")
    assert row.values == {
        "distinct_id": "ana",
        "first_name": "Ana",
        "custom.plan": "pro",
        "email": "a@example.com",
        "birthday": "1990-05-17T00:00:00.000Z",
        "city": "Ulm",
        "country": "DE",
        "custom.address.postalCode": "89073",
        "custom.company.name": "Acme",
        "custom.company.seats": 5,
        "custom.logins": None,
        "custom.where": {"lat": 48.4, "lon": 10},
    }
    assert row.identifiers == (RawIdentifier("f00", "anonymous_id", "segment"),)


def test_somebody_whom_segment_knows_without_a_name(tmp_path: Path) -> None:
    row = row_of(tmp_path, {"type": "identify", "anonymousId": "f00", "traits": {"plan": "pro"}}, "segment")
    assert row.values == {"distinct_id": "f00", "custom.plan": "pro"}
    assert row.identifiers == ()


def test_a_profile_of_zendesk(tmp_path: Path) -> None:
    record = {
        "id": "01E2S1JS4D0XYZ",
        "source": "shop",
        "type": "customer",
        "name": "Ana Lima",
        "user_id": 397,
        "identifiers": [
            {"type": "external_id", "value": 4711},
            {"type": "email", "value": "Ana@Example.com"},
            {"type": "phone_number", "value": "+4930123456"},
            {"type": "shop_id", "value": "s1"},
        ],
        "attributes": {"city": "Ulm", "seats": 5},
        "created_at": "2026-01-31T09:30:00Z",
    }
    row = row_of(tmp_path, {"profiles": [record]}, "zendesk")
    assert row.values == {
        "distinct_id": "4711",
        "city": "Ulm",
        "custom.seats": 5,
        "email": "Ana@Example.com",
        "phone": "+4930123456",
        "name": "Ana Lima",
        "custom.zendesk_user_id": "397",
    }
    assert row.identifiers == (
        RawIdentifier("4711", "external_id", "shop", "customer"),
        RawIdentifier("ana@example.com", "email", "shop", "customer"),
        RawIdentifier("+4930123456", "phone_number", "shop", "customer"),
        RawIdentifier("s1", "shop_id", "shop", "customer"),
    )


@pytest.mark.parametrize(
    ("record", "distinct_id"), [({"id": "01E2"}, "01E2"), ({}, "shop:customer:email:a@b.co")]
)
def test_a_profile_of_zendesk_without_an_id_of_the_customer(
    tmp_path: Path, record: dict[str, Any], distinct_id: str
) -> None:
    given = {"source": "shop", "type": "customer", "identifiers": [{"type": "email", "value": "a@b.co"}]}
    row = row_of(tmp_path, {"profile": {**given, **record, "name": "a@b.co"}}, "zendesk")
    assert row.values == {"distinct_id": distinct_id, "email": "a@b.co"}


@pytest.mark.parametrize(
    ("origin", "record", "problem"),
    [
        (
            "clevertap",
            {"type": "event", "identity": "ana", "evtName": "x"},
            "This is an event, not a profile.",
        ),
        ("clevertap", {"type": {}, "identity": "ana"}, "This is an event, not a profile."),
        ("clevertap", {"type": "token", "objectId": "x"}, "This is a push token, not a profile."),
        ("clevertap", {"identity": "ana"}, "has “profileData”; this record has none."),
        ("clevertap", {"identity": "ana", "profileData": []}, "“profileData” has to be an object."),
        ("clevertap", {"type": "profile", "profileData": {"x": 1}}, "Nothing in the record says who it is"),
        ("clevertap", {"identity": "a", "profileData": {"x": "$D_9999999999999"}}, "is no time"),
        ("segment", {"type": "track", "userId": "ana", "event": "x"}, "A “track” call holds no profile"),
        ("segment", {"type": "identify", "traits": {}}, "“userId” or “anonymousId”"),
        ("segment", {"type": "identify", "userId": "", "traits": {}}, "Nothing in the record says who it is"),
        ("segment", {"userId": "ana", "traits": "x"}, "“traits” has to be an object."),
        (
            "zendesk",
            {"source": "shop", "type": "customer", "identifiers": []},
            "a source, a type and identifiers",
        ),
        ("zendesk", {"source": "shop", "type": "customer", "identifiers": ["x"]}, "a list of objects"),
        ("segment", [[1]], "Each record has to be one JSON object."),
    ],
)
def test_what_is_no_profile_says_what_it_is(tmp_path: Path, origin: str, record: Any, problem: str) -> None:
    assert problem in row_of(tmp_path, record, origin).problem


SHAPES = {
    "an array": "[{0}, {1}]",
    "uploads": '{{"d": [{0}, {1}]}}',
    "pages": '{{"status": "success", "x": [[{{}}]], "records": [{0}]}}\n{{"records": [{1}], "next": null}}',
    "lines": "{0}\n\n{1}\n",
    "one after the other": " {0}{1}",
    "over lines": '{{\n"d": [\n{0},\n{1}\n]\n}}\n',
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize(("encoding", "piece"), [("utf-8", 2**18), ("utf-8-sig", 5), ("utf-16", 1)])
def test_records_are_found_whatever_is_around_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shape: str, encoding: str, piece: int
) -> None:
    monkeypatch.setattr(json_records, "_PIECE", piece)
    records = [ANA, {**ANA, "identity": "böb", "n": -0.5, "list": [1, [], {}, [{"a": None}], True, "x"]}]
    text = shape.format(*(json.dumps(each, ensure_ascii=False) for each in records))
    path = tmp_path / "export.json.gz"
    path.write_bytes(gzip.compress(text.encode(encoding)))

    def read(at: Position | None = None) -> list[RawRow]:
        return list(table_of(open_source(str(path)), origin="clevertap", at=at))

    assert [row.original for row in read()] == records
    for number, row in enumerate(read(), 1):
        assert [other.original for other in read(row.position)] == records[number:]


def test_a_broken_line_costs_its_row_only(tmp_path: Path) -> None:
    rows = rows_of(tmp_path, f"{json.dumps(ANA)}\n{{broken\n{json.dumps(ANA)}", "clevertap")
    assert [row.problem[:14] for row in rows] == ["", "Not valid JSON", ""]


@pytest.mark.parametrize("piece", [1, 3, 2**18])
@pytest.mark.parametrize(
    ("end", "cause"),
    [
        ("", "it was cut off"),
        ("}", "a brace closes what is"),
        (', {"x": "y', "it was cut off"),
        (', "x\\', "it was cut off"),
        ("]; x", "there is no JSON, but “; "),
    ],
)
def test_a_document_that_breaks_off_gives_what_comes_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, piece: int, end: str, cause: str
) -> None:
    monkeypatch.setattr(json_records, "_PIECE", piece)
    (tmp_path / "export.json").write_text(f"[{json.dumps(ANA)}{end}")
    rows = []
    with pytest.raises(Damaged, match=f"beyond record 1: .*{cause[:22]}"):
        rows.extend(table_of(open_source(str(tmp_path / "export.json")), origin="clevertap"))
    assert [row.values["distinct_id"] for row in rows] == ["ana"]


@pytest.mark.parametrize(
    ("broken", "problem"),
    [
        ('{"identity": "x" , "profileData": {"n": 1e400}}', "too large for a number"),
        ('{"identity": "x", "identity": "y"}', "a key more than once: identity"),
        ('{"x": ' + "[" * 100_000 + "]" * 100_000 + "}", "nested too deeply"),
        ('{"x": ' + "9" * 5_000 + "}", "A number has 5,000 digits"),
        ('{"x": oops, "y": ["]", "\\\\", {}]}', "Not valid JSON: Expecting value (character 7)"),
        ('{"x": [' + "1," * 700_000 + "1]}", "longer than 1,048,576 characters"),
        ('"text"', "one JSON object"),
    ],
)
def test_a_record_that_cannot_be_taken_costs_itself_only(tmp_path: Path, broken: str, problem: str) -> None:
    rows = rows_of(tmp_path, f"[{json.dumps(ANA)}, {broken}, {json.dumps(ANA)}]", "clevertap")
    assert [row.values.get("distinct_id") for row in rows] == ["ana", None, "ana"]
    assert problem in rows[1].problem


def test_bytes_that_are_no_text_cost_their_record_only(tmp_path: Path) -> None:
    padding = ", ".join(json.dumps({**ANA, "x": "x" * 400_000}) for _ in range(3))
    rows = rows_of(tmp_path, f'[{padding}, {{"x": "M\udcfcnchen"}}, {json.dumps(ANA)}]', "clevertap")
    assert rows[3].problem == "The record has bytes that are no text in the file's encoding."
    assert [row.problem for row in rows if row.problem] == [rows[3].problem]


def test_records_come_before_the_document_is_read(tmp_path: Path) -> None:
    path = tmp_path / "export.json"
    path.write_text(json.dumps({"d": [{**ANA, "identity": f"user-{n}"} for n in range(50_000)]}))
    table = table_of(open_source(str(path)), origin="clevertap")
    rows = iter(table)
    next(rows)
    assert 0 < table.source.position() < path.stat().st_size // 2
    assert sum(1 for _ in rows) == 49_999


def test_a_mapping_knows_values_by_path(tmp_path: Path) -> None:
    (tmp_path / "export.json").write_text(
        json.dumps([{**ANA, "profileData": {"Name": "Ana", "Score": "1.234,5"}}])
    )
    look = look_at(open_source(str(tmp_path / "export.json")), origin="clevertap")
    assert (look.header, look.rows) == (["distinct_id", "name", "custom.Score"], [["ana", "Ana", "1.234,5"]])
    columns = (
        ColumnMapping("distinct_id", "distinct_id"),
        ColumnMapping("custom.Score", "custom.points", numbers="comma"),
    )
    table = table_of(open_source(str(tmp_path / "export.json")), origin="clevertap", mapping=Mapping(columns))
    assert [row.values for row in table] == [{"distinct_id": "ana", "custom.points": "1234.5"}]
    assert table.ignored == {"name"}


def test_other_files_are_no_exports(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("identity\nana\n")
    with pytest.raises(Unreadable, match="no export of Segment: those are JSON"):
        table_of(open_source(str(tmp_path / "people.csv")), origin="segment")
    with pytest.raises(Unreadable, match="There is no origin “hubspot”"):
        table_of(open_source(str(tmp_path / "people.csv")), origin="hubspot")
