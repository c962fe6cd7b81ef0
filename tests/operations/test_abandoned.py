"""What crashed servers and killed workers left on the disk."""

import os
import time
from pathlib import Path

from profiles.operations.abandoned import abandoned


def test_what_goes_while_it_is_looked_for_stops_nothing(tmp_path: Path) -> None:
    for name in ("one.part", "two.part", "three.part"):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, times=(time.time() - 90_000,) * 2)
    (tmp_path / "new.part").touch()
    found = abandoned(tmp_path, "*.part")
    first = next(found)
    for path in tmp_path.glob("*.part"):
        path.unlink()
    assert first.name != "new.part"
    assert list(found) == []


def test_a_folder_that_nobody_has_made_yet_has_none(tmp_path: Path) -> None:
    assert list(abandoned(tmp_path / "uploads", "*")) == []
