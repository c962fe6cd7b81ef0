"""From ticked rows to the file, in a browser."""

from pathlib import Path
from typing import Any

import pytest

from profiles.models import Operator, Profile

from .conftest import OpenAs


@pytest.fixture(autouse=True)
def files(tmp_path: Path, settings: Any) -> None:
    settings.FILES_DIR = str(tmp_path)


def test_ticked_rows_become_a_file(open_as: OpenAs, editor: Operator, alice: Profile) -> None:
    page = open_as(editor)
    page.goto("/w/acme/profiles/")
    page.locator("[data-select-row]").check()
    page.get_by_role("button", name="Export").click()
    dialog = page.locator("#dialog")
    dialog.get_by_role("heading", name="Export 1 profile").wait_for()
    assert not dialog.get_by_label("City").is_visible()
    dialog.get_by_label("Chosen ones").check()
    dialog.get_by_label("City").check()
    dialog.get_by_label("Excel workbook").check()
    assert not dialog.get_by_label("Keep formulas").is_visible()
    dialog.get_by_label("CSV").check()
    dialog.get_by_role("button", name="Export 1 profile").click()
    page.wait_for_url("**/jobs/*/")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert download.value.suggested_filename.endswith(".csv")
    heading, row = download.value.path().read_text().splitlines()
    assert "city" in heading
    assert row.startswith("alice,live,")
