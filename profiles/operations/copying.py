"""Rows into a table by COPY: the least work for both sides where many rows are new."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from django.db import connection

_ESCAPES: Final = (("\\", "\\\\"), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t"))


def copy_rows(table: str, columns: Sequence[str], lines: Iterable[str]) -> None:
    """Add rows, each made by `copy_line`. Raises IntegrityError where a constraint forbids one of them."""
    statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write("".join(lines))


def copy_line(texts: Iterable[str], nullable: Sequence[str | None] = ()) -> str:
    """A row in the text format of COPY. Texts may hold anything but NUL, which PostgreSQL could not store.

    The `nullable` values come last, and are of the kind that needs no escapes, such as dates.
    """
    line = "\0".join(texts)
    for character, escaped in _ESCAPES:
        if character in line:
            line = line.replace(character, escaped)
    values = [line.replace("\0", "\t"), *("\\N" if value is None else value for value in nullable)]
    return "\t".join(values) + "\n"


def array_literal(texts: Sequence[str]) -> str:
    """The texts as PostgreSQL writes an array of them."""
    return _array_literal(tuple(texts))


@lru_cache(maxsize=4096)
def _array_literal(texts: tuple[str, ...]) -> str:
    quoted = (text.replace("\\", "\\\\").replace('"', '\\"') for text in texts)
    return "{" + ",".join(f'"{text}"' for text in quoted) + "}"
