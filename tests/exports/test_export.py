"""What is in the files, and what they cannot hold."""

import csv
import gzip
import io
import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from openpyxl import load_workbook
from pyarrow import parquet

from profiles.errors import Refused
from profiles.exports import Export, all_paths, export_columns, read_paths
from profiles.models import Door, Identifier, Profile, Workspace
from profiles.operations.rows import NewIdentifier, ProfileRow
from profiles.operations.write import write_profiles

from ..conftest import Make

pytestmark = pytest.mark.django_db(transaction=True)


def exported(workspace: Workspace, *paths: str, format: str = "csv", **options: Any) -> bytes:
    columns = export_columns(workspace)
    file = io.BytesIO()
    found = options.pop("found", Profile.objects.filter(workspace=workspace))
    Export(found, read_paths(paths, columns), format, **options).write(file)  # type: ignore[arg-type]
    return file.getvalue()


def cells_of(content: bytes, column: str) -> list[str]:
    return [row[column] for row in csv.DictReader(io.StringIO(content.decode(), newline=""))]


def test_a_csv_names_its_columns_by_path_and_says_who_each_row_is(typed: Workspace, alice: Profile) -> None:
    text = exported(typed, "custom.plan", "email", "distinct_id").decode()
    assert text == "distinct_id,environment,custom.plan,email\nalice,live,pro,alice@example.com\n"


def test_nobody_makes_a_file_of_a_header(acme: Workspace) -> None:
    assert exported(acme, "email") == b"distinct_id,environment,email\n"
    assert exported(acme, found=Profile.objects.none()) == b"distinct_id,environment\n"
    assert exported(acme, format="jsonl") == b""
    assert parquet.read_table(io.BytesIO(exported(acme, format="parquet"))).num_rows == 0
    assert len(exported(acme, format="xlsx")) > 1_000


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+1 ", "'+1 "),
        ("-x", "'-x"),
        ("@home", "'@home"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("'=1", "''=1"),
        ("'quoted'", "'quoted'"),
        ("O'Brien", "O'Brien"),
        (" =1", " =1"),
        ("5-3", "5-3"),
    ],
)
def test_texts_that_a_spreadsheet_would_compute_are_escaped_unless_switched_off(
    acme: Workspace, make_profile: Make, text: str, cell: str
) -> None:
    make_profile("ana", city=text)
    assert cells_of(exported(acme, "city"), "city") == [cell]
    assert cells_of(exported(acme, "city", is_guarded=False), "city") == [text]


def test_numbers_and_phones_are_no_formulas(acme: Workspace, typed: Workspace, make_profile: Make) -> None:
    make_profile("-7", phone="+4915112345678", **{'custom__se"ats': -5, "custom__scores": [-1, 2]})
    content = exported(typed, "phone", 'custom.se"ats', "custom.scores")
    assert content.decode().splitlines()[1] == "'-7,live,+4915112345678,-5,-1;2"


def test_lists_are_json_only_where_they_must_be(typed: Workspace, make_profile: Make) -> None:
    path = "custom.interests; and more"
    for number, items in enumerate((["a", "b c"], ["a;b", "c"], [" a"], ["[a]"], ["a\nb"], ["é", "\u00a0ü"])):
        make_profile(f"user-{number}", **{path.replace(".", "__", 1): items})
    assert cells_of(exported(typed, path), path)[::-1] == [
        "a;b c",
        '["a;b", "c"]',
        '[" a"]',
        '["[a]"]',
        '["a\\nb"]',
        '["é", "\u00a0ü"]',
    ]


def test_json_lines_have_values_of_their_own_type_and_leave_out_what_is_unset(
    typed: Workspace, alice: Profile
) -> None:
    line = json.loads(exported(typed, *all_paths(export_columns(typed)), format="jsonl"))
    assert datetime.fromisoformat(line.pop("created_at")) == alice.created_at
    assert datetime.fromisoformat(line.pop("updated_at")) == alice.updated_at
    assert line == {
        "distinct_id": "alice",
        "environment": "live",
        "first_name": "Alice",
        "last_name": "Liddell",
        "email": "alice@example.com",
        "phone": "+4915112345678",
        "country": "GB",
        "custom.plan": "pro",
        "status": "active",
        "tags": ["vip"],
        "sources": ["console"],
    }


def test_gzip_is_for_texts(acme: Workspace, alice: Profile) -> None:
    plain = exported(acme, "email")
    assert gzip.decompress(exported(acme, "email", is_compressed=True)) == plain
    assert exported(acme, "email", format="parquet", is_compressed=True).startswith(b"PAR1")


def test_parquet_is_typed(typed: Workspace, make_profile: Make) -> None:
    values = {
        'custom__se"ats': 2**63 - 1,
        "custom__score, in %": 0.5,
        "custom__is.vip": True,
        "custom__renews_on": "2024-02-29",
        "custom__signed_up_at": "2026-01-02T03:04:05.000006+00:00",
        "custom__interests; and more": ["a;b", "=c"],
        "custom__scores": [1, 2.5],
        "custom__office": {"lat": 1, "lon": -2.5},
        "custom__devices": [{"token": "t", "status": 1}],
    }
    make_profile("ana", tags=["vip"], birthday="1899-12-31", name="=1+1", **values)
    table = parquet.read_table(
        io.BytesIO(exported(typed, *all_paths(export_columns(typed)), format="parquet"))
    )
    (row,) = table.to_pylist()
    assert {key: row[key] for key in ("tags", "birthday", "name", "first_name")} == {
        "tags": ["vip"],
        "birthday": date(1899, 12, 31),
        "name": "=1+1",
        "first_name": None,
    }
    assert row["created_at"] == Profile.objects.get().created_at
    assert [row[key.replace("__", ".", 1)] for key in values] == [
        2**63 - 1,
        0.5,
        True,
        date(2024, 2, 29),
        datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC),
        ["a;b", "=c"],
        [1.0, 2.5],
        {"lat": 1.0, "lon": -2.5},
        [{"token": "t", "integration_id": None, "status": 1}],
    ]


def test_values_that_are_not_of_the_type_are_left_out_of_parquet_with_a_word(
    typed: Workspace, alice: Profile
) -> None:
    Profile.objects.update(custom={'se"ats': "many", "office": "here", "is.vip": True})
    columns = export_columns(typed)
    file = io.BytesIO()
    said = Export(Profile.objects.all(), read_paths(columns, columns), "parquet").write(file)
    assert said == ["2 values were left out: not of the type of the property."]
    (row,) = parquet.read_table(file).to_pylist()
    assert (row['custom.se"ats'], row["custom.office"], row["custom.is.vip"]) == (None, None, True)


def test_a_text_that_is_too_long_for_a_cell_is_left_out_of_a_workbook_with_a_word(
    typed: Workspace, make_profile: Make
) -> None:
    path = "custom.interests; and more"
    make_profile("ana", **{path.replace(".", "__", 1): [f"{number}" * 999 for number in range(1, 60)]})
    file = io.BytesIO()
    export = Export(Profile.objects.all(), read_paths([path], export_columns(typed)), "xlsx")
    assert export.write(file) == ["1 value was left out: a cell of Excel holds 32,767 characters."]


def test_more_than_a_sheet_holds_is_refused_before_anything_is_written(
    acme: Workspace, alice: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("profiles.exports.export.MOST_ROWS", 0)
    file = io.BytesIO()
    with pytest.raises(Refused, match="choose CSV, JSON lines or Parquet"):
        Export(Profile.objects.all(), read_paths([], export_columns(acme)), "xlsx").write(file)
    assert file.getvalue() == b""


def test_what_is_written_meanwhile_is_not_in_the_file(acme: Workspace, make_profile: Make) -> None:
    for number in range(3):
        make_profile(f"user-{number}", city="Bonn")
    file = io.BytesIO()
    totals = []

    def change(total: int) -> None:
        totals.append(total)
        make_profile("late")
        make_profile("user-1", city="Rome")

    found = Profile.objects.filter(workspace=acme)
    Export(found, read_paths(["city"], export_columns(acme)), "csv").write(file, counted=change)
    assert totals == [3]
    assert cells_of(file.getvalue(), "city") == ["Bonn"] * 3
    assert Profile.objects.count() == 4


def test_it_tells_how_far_it_is(acme: Workspace) -> None:
    rows = [ProfileRow(f"user-{number}") for number in range(2_500)]
    write_profiles(acme, rows, mode="upsert", source=Door.COMMAND, actor=None)
    for format in ("csv", "jsonl", "xlsx", "parquet"):
        told: list[int] = []
        export = Export(Profile.objects.all(), read_paths([], export_columns(acme)), format)
        export.write(io.BytesIO(), told=told.append)
        assert told[:2] == [1_000, 2_000]


def test_few_come_newest_first(acme: Workspace, make_profile: Make) -> None:
    for name in ("b", "c", "a"):
        make_profile(name)
    assert cells_of(exported(acme), "distinct_id") == ["a", "c", "b"]


def test_the_name_is_what_is_stored_and_the_name_as_shown_a_column_of_its_own(
    acme: Workspace, alice: Profile
) -> None:
    content = exported(acme, "name", "display_name")
    assert content.decode().splitlines()[1] == "alice,live,,Alice Liddell"


def test_other_identifiers_are_json(acme: Workspace) -> None:
    row = ProfileRow("ana", identifiers=[NewIdentifier("old-ana"), NewIdentifier("a@x", "email", "crm")])
    write_profiles(acme, [row], mode="upsert", source=Door.COMMAND, actor=None)
    assert Identifier.objects.count() == 2
    line = json.loads(exported(acme, "identifiers", format="jsonl"))
    assert sorted(line["identifiers"], key=lambda each: each["value"]) == [
        {"kind": "email", "value": "a@x", "source": "crm"},
        {"kind": "distinct_id", "value": "old-ana"},
    ]
    assert json.loads(cells_of(exported(acme, "identifiers"), "identifiers")[0]) == line["identifiers"]


def test_a_workbook_has_typed_cells_and_its_texts_are_texts(typed: Workspace, make_profile: Make) -> None:
    values = {'custom__se"ats': -5, "custom__is.vip": True, "custom__renews_on": "2026-01-31"}
    make_profile("ana", city="=1+1", birthday="1900-02-28", **values)
    content = exported(
        typed, "city", "birthday", *(key.replace("__", ".", 1) for key in values), format="xlsx"
    )

    sheet = load_workbook(io.BytesIO(content)).active
    cells = {sheet.cell(1, place).value: sheet.cell(2, place) for place in range(1, 8)}
    assert [cells[key].value for key in ("city", "birthday", 'custom.se"ats', "custom.is.vip")] == [
        "=1+1",
        "1900-02-28",
        -5,
        True,
    ]
    assert cells["city"].data_type == "s"
    assert cells["custom.renews_on"].value == datetime(2026, 1, 31)


def test_a_column_that_does_not_exist_is_refused_with_the_closest_one(acme: Workspace) -> None:
    with pytest.raises(Refused, match=r"no column “emial” \(did you mean email\?\)"):
        read_paths(["emial"], export_columns(acme))
