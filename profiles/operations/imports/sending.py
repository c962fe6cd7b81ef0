"""A row on its way from the process that reads to one that writes: a list, which is the quickest to send."""

from collections.abc import Sequence
from typing import Any

from profiles.imports import RawRow

from ..rows import NewIdentifier, ProfileRow
from ..unchanged import Said
from .meaning import MeantRow
from .settings import DISTINCT_ID

Sent = Sequence[Any]
"""Line, last line, end, subject, environment and values; where there is more, what `sent` puts behind."""


def sent(row: MeantRow) -> Sent:
    profile, raw = row.profile, row.raw
    if not profile:
        return [raw.line, raw.last, raw.end, row.subject, None, None, False, (), row.reasons, row.dropped]
    plain = [raw.line, raw.last, raw.end, profile.distinct_id, profile.environment, profile.values]
    if not (row.dropped or profile.only_unset or profile.identifiers):
        return plain
    names = [[name.value, name.kind, name.source, name.type] for name in profile.identifiers]
    return [*plain, profile.only_unset, names, (), row.dropped]


def received(row: Sent) -> MeantRow:
    line, last, end, subject, environment, values, *more = row
    only_unset, names, reasons, dropped = more or (False, (), (), ())
    raw = RawRow(line, None, {DISTINCT_ID: subject}, last=last, end=end)
    meant = MeantRow(raw, 0, reasons=reasons, dropped=dropped)
    if environment:
        identifiers = [NewIdentifier(*name) for name in names] if names else ()
        meant.profile = ProfileRow(
            subject, environment, values, only_unset=only_unset, identifiers=identifiers
        )
    return meant


def said(row: Sent) -> Said | None:
    """What the row says of a profile; None where it is refused."""
    _, _, _, subject, environment, values, *more = row
    if not environment:
        return None
    return environment, subject, values if subject and not more else None
