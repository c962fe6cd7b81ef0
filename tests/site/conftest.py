import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from profiles_site.postgres import EmbeddedServer


@pytest.fixture
def var() -> Iterator[Path]:
    """An empty place for what a site keeps. Not `tmp_path`: pytest closes it to PostgreSQL's user."""
    place = Path(tempfile.mkdtemp(prefix="profiles-test-"))
    place.chmod(0o711)
    yield place / "var"
    if (place / "var" / "postgres").exists():
        server = EmbeddedServer(place / "var")
        server.url()
        server.leave()
    shutil.rmtree(place)
