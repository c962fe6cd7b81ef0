"""Which columns an operator sees in the listing, and in which order."""

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
