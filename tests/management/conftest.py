"""Commands as they are typed, and a file for `import_profiles`."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from profiles.models import Workspace


def run(path: Path | str, *options: str) -> tuple[int, str, str]:
    return run_command("import_profiles", str(path), "--workspace", "acme", *options)


def run_command(*command: str) -> tuple[int, str, str]:
    """Exit code, output, errors."""
    out, err = StringIO(), StringIO()
    try:
        call_command(*command, stdout=out, stderr=err)
        code = 0
    except SystemExit as ending:
        code = int(str(ending.code))
    except CommandError as error:
        return error.returncode, out.getvalue(), f"{err.getvalue()}{error}"
    return code, out.getvalue(), err.getvalue()


@pytest.fixture
def people(tmp_path: Path, acme: Workspace) -> Path:
    path = tmp_path / "people.csv"
    path.write_text("distinct_id,email,custom.n\nana,a@example.com,1\nbob,nothing,2\ncem,,3\n")
    return path
