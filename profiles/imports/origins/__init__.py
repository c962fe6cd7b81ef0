"""What other products write into their exports, as profiles of ours (contracts 4, 5 and 7)."""

from typing import Final

from . import clevertap, segment, zendesk
from .person import Origin, Person

ORIGINS: Final[dict[str, Origin]] = {
    "clevertap": clevertap.ORIGIN,
    "segment": segment.ORIGIN,
    "zendesk": zendesk.ORIGIN,
}
"""By the name that `--from` has for them."""

__all__ = ["ORIGINS", "Origin", "Person"]
