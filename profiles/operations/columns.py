"""How an operator likes the listing: its columns, their order, the rows of a page."""

from collections.abc import Sequence

from profiles.models import Member

MOST_COLUMNS = 60


def keep_columns(member: Member, paths: Sequence[str]) -> None:
    """Remember these columns, in this order; the operator's other preferences stay."""
    member.preferences["columns"] = list(dict.fromkeys(paths))[:MOST_COLUMNS]
    member.save(update_fields=["preferences"])


def reset_columns(member: Member) -> None:
    """Forget the operator's own choice: the columns that come with the product are shown."""
    member.preferences.pop("columns", None)
    member.save(update_fields=["preferences"])


def keep_page_size(member: Member, size: int) -> None:
    """Remember how many rows a page has."""
    member.preferences["page_size"] = size
    member.save(update_fields=["preferences"])
