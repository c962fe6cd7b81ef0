"""What is exported can be imported again, and then nothing has changed."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from profiles.exports import Export, export_columns, read_paths
from profiles.imports import open_source, table_of
from profiles.models import Door, Profile, PropertyType, Workspace
from profiles.operations.rows import ProfileRow
from profiles.operations.write import write_profiles
from profiles.schema import schema_of

from .conftest import KEYS

pytestmark = pytest.mark.django_db(transaction=True)

TEXTS = (
    *("=1+1", "+1", "-2+3", "@home", "\tx", "\rx", "'=1", "''@", "'+49", "'", "''", "'quoted'", "-", "="),
    *("+1-2", "-5", "-33.9, 151.2", "a,b", 'say "hi"', '"', "a;b", "[1, 2]", '["a"]', "{}", "end'", "1/2"),
    *("Zoë", "عبد الرحمن", "ב×", "👩‍👩‍👧‍👦 🏳️‍🌈", "ｆｕｌｌ", "\ufeffmark", "\u200bzero"),
    *(
        "\u2028",
        "x\u2029y",
        "\x01",
        "x\x0by",
        "two\nlines",
        "two\r\nlines",
        "\n=x",
        " blanks ",
        "\u00a0x\u00a0",
    ),
    *(
        "back\\slash",
        "\\N",
        "\\.",
        "\\",
        "NULL",
        "null",
        "None",
        "true",
        "0123",
        "1e5",
        "99999999999999999999",
    ),
    *("%s %(x)s %%", "{cell}", "2026-01-31", "<r>bold</r>", "<b>&amp;", "_x0041_", "x" * 10_000),
)
VALUES: dict[PropertyType, tuple[Any, ...]] = {
    PropertyType.TEXT: TEXTS,
    PropertyType.NUMBER: (0, -5, 5, 0.1, -0.30000000000000004, 1e-7, 123456789012345, 2.5, -1e-300, 1 / 3),
    PropertyType.INTEGER: (0, -1, 2**63 - 1, -(2**63) + 1, 2**53 + 1, 42),
    PropertyType.BOOLEAN: (True, False),
    PropertyType.DATE: ("0001-01-01", "1899-12-31", "1900-02-28", "1900-03-01", "2024-02-29", "9999-12-31"),
    PropertyType.DATETIME: (
        "2026-01-02T03:04:05+00:00",
        "1899-12-31T23:59:59.999999+00:00",
        "0001-01-02T00:00:00+00:00",
        "9999-12-29T23:59:59+00:00",
    ),
    PropertyType.CHOICE: ("pro", "=free", " blank", "a;b"),
    PropertyType.TEXT_LIST: (
        *([text] for text in TEXTS if len(text) <= 1000),
        ["a", "b c", "d"],
        ["a;b", "c"],
        ["x, y", "z"],
        ['", "', "q"],
        ["a\nb", "=1"],
        ["]", ",", "["],
        ["=1", "-2"],
        ["é", "ü"],
        ["\u3000x", "y"],
        [" "],
        [f"interest {number}" for number in range(200)],
    ),
    PropertyType.NUMBER_LIST: ([1], [-1, 2.5, 1e-7], [0.1, 0.2, 3], list(range(100))),
    PropertyType.GEO: ({"lat": -33.9, "lon": 151.2}, {"lat": 0, "lon": 0}, {"lat": 90, "lon": -180}),
    PropertyType.EMAIL: ("ana@example.com", "o'neil+tag@example.com", "'x@example.com", "+1@example.com"),
    PropertyType.PHONE: ("+4915112345678", "+12025550100"),
    PropertyType.URL: ("https://example.com/?a=1&b=%20", "http://x.example/;a,b"),
    PropertyType.COUNTRY: ("DE", "GB"),
    PropertyType.LANGUAGE: ("en", "zh-Hant-TW"),
    PropertyType.TIMEZONE: ("Europe/Berlin", "UTC"),
    PropertyType.TOKENS: (
        [{"token": "a", "status": 1}],
        [{"token": "=a;b", "status": 0, "integration_id": "x,y"}, {"token": '"', "status": 1}],
    ),
}
TAGS = (["vip"], ["=vip", "-x"], ['["a"]'], ["[x", "y"], ["a,b", 'q"q', "'s", "'=s"], ["🔥 hot", "重要"])
DISTINCT_IDS = ("-7", "+49", "=1", "@x", "'=1", "0", "1e5", "a,b", 'q"', "日本語", "x;y", "100%", "'")


def write(workspace: Workspace, rows: list[ProfileRow]) -> list[str]:
    """What became of each row."""
    outcomes = write_profiles(workspace, rows, mode="upsert", source=Door.IMPORT, actor=None)
    assert not [outcome.reasons for outcome in outcomes if outcome.reasons]
    return [f"{outcome.status} {outcome.distinct_id} {outcome.changed}" for outcome in outcomes]


@pytest.fixture
def people(typed: Workspace) -> list[ProfileRow]:
    """Each value of each type in somebody's profile, in random company."""
    chosen = random.Random(1)
    fields = {f"custom.{key}": VALUES[type] for type, key in KEYS.items()}
    for field in schema_of(typed).fields.values():
        if field.kind != "custom" and field.path != "name":
            fields[field.path] = tuple(value for value in VALUES[field.type] if len(str(value)) <= 64)
    fields |= {
        "name": tuple(text for text in TEXTS if 3 <= len(text) <= 255),
        "tags": TAGS,
        "status": ("active", "disabled"),
        "last_seen_at": VALUES[PropertyType.DATETIME],
    }
    rows = []
    for number in range(max(map(len, fields.values()))):
        values = {
            path: given[number] if number < len(given) else chosen.choice(given)
            for path, given in fields.items()
            if number < len(given) or chosen.random() < 0.5
        }
        distinct_id = DISTINCT_IDS[number] if number < len(DISTINCT_IDS) else f"user-{number}"
        rows.append(ProfileRow(distinct_id, chosen.choice(("live", "test")), values))
    rows.append(ProfileRow("nothing known"))
    _check(typed, rows)
    assert {line.split()[0] for line in write(typed, rows)} == {"created"}
    return rows


def _check(workspace: Workspace, rows: list[ProfileRow]) -> None:
    """The values are as the validator leaves them, so that they are what profiles can have."""
    for row in rows:
        validated = schema_of(workspace).validate(row.values)
        assert not validated.errors, row.values
        row.values = {path: value for path, value in validated.values.items() if value is not None}


@pytest.fixture
def imported_again(typed: Workspace, tmp_path: Path) -> Callable[..., list[str]]:
    """Export everybody with all columns, import the file, and tell what that did."""

    def export(name: str, **options: Any) -> list[str]:
        path = tmp_path / name
        columns = export_columns(typed)
        found = Profile.objects.filter(workspace=typed)
        format = name.removesuffix(".gz").rpartition(".")[2]
        with path.open("wb") as file:
            left_out = Export(found, read_paths(columns, columns), format, **options).write(
                file, folder=str(tmp_path)
            )
        assert not left_out
        rows = []
        for raw in table_of(open_source(str(path))):
            assert not raw.problem
            assert not raw.unread
            validated = schema_of(typed).validate(raw.values)
            assert not validated.errors
            assert not validated.unknown
            values = validated.values
            rows.append(ProfileRow(values.pop("distinct_id"), values.pop("environment"), values))
        return write(typed, rows)

    return export


@pytest.mark.parametrize(
    "name", ["people.csv", "people.csv.gz", "people.jsonl", "people.jsonl.gz", "people.xlsx"]
)
def test_every_row_is_unchanged(
    people: list[ProfileRow], imported_again: Callable[..., list[str]], name: str
) -> None:
    outcomes = imported_again(name, is_compressed=name.endswith(".gz"))
    assert len(outcomes) == len(people)
    assert [line for line in outcomes if not line.startswith("unchanged")] == []
