"""What columns are called."""

from collections import Counter
from collections.abc import Iterable


def unique_names(names: Iterable[str]) -> list[str]:
    """Names of columns as a mapping knows them: one without a name is `Column 3`, a second `a` is `a (2)`."""
    taken: set[str] = set()
    copies: Counter[str] = Counter()
    found = []
    for number, name in enumerate(names, 1):
        unique = name = " ".join(name.split()) or f"Column {number}"
        while unique in taken:
            copies[name] += 1
            unique = f"{name} ({copies[name] + 1})"
        taken.add(unique)
        found.append(unique)
    return found


def shortened(name: str) -> str:
    return name if len(name) <= 80 else f"{name[:80]}…"
