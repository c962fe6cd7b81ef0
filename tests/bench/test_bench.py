"""The benchmark runs, on few profiles; what it measures here means nothing."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from profiles_site.postgres import embedded_url

ROOT = Path(__file__).resolve().parents[2]
EVERYTHING = [f"--only={part}" for part in ("pages", "api", "import", "changes", "export", "growth")]


@pytest.fixture
def database() -> Iterator[str]:
    """The name of a database that is dropped in the end."""
    name = f"bench_test_{os.getpid()}"
    yield name
    with psycopg.connect(os.environ.get("DATABASE_URL") or embedded_url(), autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def test_it_prints_a_line_for_everything_that_it_measures(database: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench", "--rows", "400", "--requests", "3", "--rounds", "1", *EVERYTHING],
        cwd=ROOT,
        env={**os.environ, "BENCH_DATABASE": database},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for what in (
        *("first page", "deep page", "search", "country", "custom number", "detail", "edit"),
        *("hello world", "GET by distinct ID", "PATCH", "own API, batch", "CleverTap, upload", "of 100"),
        *("import of 200 new", "import of 200 unchanged", "import of 200 updated", "preview", "peak memory"),
        *("export of 400 as CSV", "400 as JSON lines", "as Excel", "memory of an export"),
        *("set a property on 400", "erase of 50 by a job", "at 400 existing", "while that runs"),
    ):
        assert what in done.stdout


def test_a_file_brings_its_own_properties(database: str, tmp_path: Path) -> None:
    """The choices of the made-up people are not those of the file: nothing of it is refused for that."""
    file = tmp_path / "people.csv"
    rows = "\n".join(f"p{n},p{n}@mail.example,pro,{n},carrier pigeon" for n in range(60))
    file.write_text(
        f"distinct_id,email,custom.plan,custom.seats,custom.signup_source\n{rows}\n", encoding="utf-8"
    )
    done = subprocess.run(
        [sys.executable, "-m", "bench", "--rows", "60", "--file", file, "--only", "pages", "--requests", "1"],
        cwd=ROOT,
        env={**os.environ, "BENCH_DATABASE": database},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "refused" not in done.stderr
    assert "60 profiles." in done.stdout
