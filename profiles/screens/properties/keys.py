"""Keys of properties that work here, and may be a burden elsewhere."""

from typing import Final

LONG: Final = 40


def oddities(key: str) -> list[str]:
    """What is unusual about the key, each to follow “it”; nothing about `plan`, `sign-up` or `größe`."""
    found = {
        "contains spaces": any(sign.isspace() for sign in key),
        "contains dots, which many tools take for a step into an object": "." in key,
        "begins with a digit": key[:1].isdigit(),
        f"is longer than {LONG} characters": len(key) > LONG,
    }
    said = [words for words, is_so in found.items() if is_so]
    rest = key.translate(str.maketrans("-.", "__")).replace(" ", "_")
    return said if said or rest.isidentifier() else ["contains signs other than letters, digits, - and _"]
