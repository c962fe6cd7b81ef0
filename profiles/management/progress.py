"""How far an import came: a bar on a terminal, a line now and then elsewhere."""

import time
from typing import Final, TextIO

from tqdm import tqdm  # type: ignore[import-untyped]

_SECONDS_BETWEEN_LINES: Final = 5
_SIZED: Final = "{percentage:3.0f} % |{bar}| {postfix}, {elapsed}, {remaining} left"
_ENDLESS: Final = "{postfix}, {elapsed}"


class ProgressBar:
    """`size` is what there is to read, in any unit; None where nobody knows, as of a pipe."""

    def __init__(self, stream: TextIO, size: int | None) -> None:
        self._stream = stream
        self._started = self._told = time.monotonic()
        self._bar = (
            tqdm(file=stream, total=size, bar_format=_SIZED if size else _ENDLESS, leave=False)
            if stream.isatty()
            else None
        )

    def show(self, *, rows: int, position: int) -> None:
        now = time.monotonic()
        text = f"{rows:,} rows, {rows / max(now - self._started, 0.001):,.0f} rows/s"
        if self._bar is not None:
            self._bar.n = position
            self._bar.set_postfix_str(text)
        elif now - self._told >= _SECONDS_BETWEEN_LINES:
            self._told = now
            self._stream.write(f"{text}\n")
            self._stream.flush()

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()
