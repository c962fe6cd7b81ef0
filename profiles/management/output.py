"""A file that a command makes: whole under its name, or not there at all."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Final, cast

STDOUT: Final = "-"
_BUFFER: Final = 2**18
_PREFIX: Final = ".unfinished-export-"


@contextmanager
def output_to(path: str) -> Iterator[IO[bytes]]:
    """What is written gets its name when the block ends well; until then it has another one, beside it.

    "-" is the output, and what is no file, such as a device, is written to as it is. A new file can be read
    by its owner alone. Raises OSError.
    """
    if path == STDOUT:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    target = Path(path).resolve()
    if target.exists() and not target.is_file():
        with target.open("wb") as file:
            yield file
        return
    with NamedTemporaryFile("wb", _BUFFER, dir=target.parent, prefix=_PREFIX, delete=False) as file:
        unfinished = Path(file.name)
        try:
            yield cast(IO[bytes], file)
            file.flush()
            unfinished.replace(target)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
