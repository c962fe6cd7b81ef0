"""What crashed servers and killed workers left on the disk, half done."""

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final

_AFTER: Final = timedelta(days=1)


def abandoned(folder: Path, pattern: str) -> Iterator[Path]:
    """Files and folders to which nothing was added for a day. What goes meanwhile is passed over."""
    oldest = time.time() - _AFTER.total_seconds()
    for path in folder.glob(pattern):
        try:
            is_old = path.stat().st_mtime < oldest
        except FileNotFoundError:
            continue
        if is_old:
            yield path
