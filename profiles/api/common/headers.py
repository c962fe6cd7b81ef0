"""The headers of a request, looked up one by one."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

from django.http.request import HttpHeaders

_WITHOUT_PREFIX: Final = ("CONTENT_TYPE", "CONTENT_LENGTH")


class SentHeaders(Mapping[str, str]):
    """In place of Django's, which reads all of the environment, the server's own too, to give the first."""

    def __init__(self, environment: Mapping[str, Any]) -> None:
        self._environment = environment

    def __getitem__(self, name: str) -> str:
        value: str = self._environment[_key_of(name)]
        return value

    def get(self, name: str, default: Any = None) -> Any:
        return self._environment.get(_key_of(name), default)

    def __iter__(self) -> Iterator[str]:
        return iter(HttpHeaders(dict(self._environment)))

    def __len__(self) -> int:
        return len(HttpHeaders(dict(self._environment)))


@lru_cache(maxsize=100)
def _key_of(name: str) -> str:
    key = name.replace("-", "_").upper()
    return key if key in _WITHOUT_PREFIX else f"HTTP_{key}"
