"""The rows that were refused: kept in the database, and as a file to correct and import again."""

import csv
import io
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from .jsonl_rows import UNREAD

Rejected = tuple[int | None, Sequence[str], Any]
"""The line of a row, the reasons, and the row as it was read."""

_ADDED: Final = ("line", "error")
# PostgreSQL's JSON has neither NUL nor half of a surrogate pair, which stands for a byte that is no text. In
# their place stand this character, which belongs to nobody, and the number.
_ESCAPE: Final = "\uf8ff"
_UNSTORABLE: Final = re.compile(f"[\0\ud800-\udfff{_ESCAPE}]")
_ESCAPED: Final = re.compile(f"{_ESCAPE}([0-9a-f]{{4}})")


def storable(original: Any) -> Any:
    """A row as it was read, such that PostgreSQL stores it as JSON; `restored` gives it back."""
    return _mapped(original, lambda text: _UNSTORABLE.sub(_escaped, text))


def restored(stored: Any) -> Any:
    return _mapped(stored, lambda text: _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text))


def without_added(ignored: Collection[str]) -> set[str]:
    """Columns that go nowhere, but for the two of such a file: that those do is no news."""
    return {*ignored} - {*_ADDED} if {*_ADDED} <= {*ignored} else {*ignored}


def reject_lines(
    header: Sequence[str], delimiter: str, rows: Iterable[Rejected], *, taken: Collection[str] = ()
) -> Iterator[str]:
    """The lines of a file with the columns of the imported one behind `line` and `error`, or of JSON.

    A column of the file with one of these two names gives way, unless it is `taken`. To be written in UTF-8
    with the error handler "surrogateescape", so that bytes that were no text stay as they were.
    """
    added = [name for name in _ADDED if name not in taken]
    if header:
        return _csv_lines(header, delimiter, rows, added)
    return (_json_line(row, added) for row in rows)


def _csv_lines(
    header: Sequence[str], delimiter: str, rows: Iterable[Rejected], added: Sequence[str]
) -> Iterator[str]:
    dropped = {place for place, name in enumerate(header) if name in added}
    line = io.StringIO()
    writer = csv.writer(line, delimiter=delimiter or ",", lineterminator="\n")

    def written(first: Mapping[str, Any], fields: Sequence[Any]) -> str:
        line.seek(0)
        line.truncate()
        writer.writerow(
            [
                *(first[name] for name in added),
                *(field for place, field in enumerate(fields) if place not in dropped),
            ]
        )
        return line.getvalue()

    yield written({name: name for name in _ADDED}, header)
    for number, reasons, original in rows:
        fields = original if isinstance(original, list) else [original]
        yield written({"line": number, "error": " ".join(reasons)}, fields)


def _json_line(row: Rejected, added: Sequence[str]) -> str:
    number, reasons, original = row
    fields = original if isinstance(original, dict) else {UNREAD: original}
    first = {name: value for name, value in (("line", number), ("error", " ".join(reasons))) if name in added}
    kept = {key: value for key, value in fields.items() if key not in added}
    text = json.dumps({**first, **kept}, ensure_ascii=False)
    # A surrogate in JSON stays what JSON calls it: \udXXX.
    return text.encode("utf-8", "backslashreplace").decode() + "\n"


def _escaped(found: re.Match[str]) -> str:
    return f"{_ESCAPE}{ord(found[0]):04x}"


def _mapped(value: Any, change: Any) -> Any:
    """`value` with all its texts changed, keys too."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_mapped(each, change) for each in value]
    if isinstance(value, dict):
        return {change(key): _mapped(each, change) for key, each in value.items()}
    return value
