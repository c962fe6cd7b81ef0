"""Values of JSON as they are taken here: no key twice, no number that is none or beyond a double."""

import json
from collections import Counter
from collections.abc import Iterable
from math import isinf
from typing import Any, NoReturn

NESTED = "The JSON is nested too deeply."


def is_text(piece: str) -> bool:
    """Whether every byte was text: those that were none are lone surrogates."""
    try:
        return piece.isascii() or bool(piece.encode())
    except UnicodeEncodeError:
        return False


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError(f"The JSON has a key more than once: {doubled(pairs)}.")
    return found


def doubled(pairs: Iterable[tuple[str, Any]]) -> str:
    counts = Counter(key for key, _ in pairs)
    return ", ".join(sorted(key for key, count in counts.items() if count > 1))


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not valid JSON.")


def _integer(digits: str) -> int:
    if len(digits) > 400:
        raise ValueError(f"A number has {len(digits):,} digits.")
    return int(digits)


def _float(digits: str) -> float:
    number = float(digits)
    if isinf(number):
        raise ValueError(f"{digits[:40]} is too large for a number.")
    return number


DECODER = json.JSONDecoder(
    object_pairs_hook=_unique, parse_constant=_no_constant, parse_int=_integer, parse_float=_float
)
