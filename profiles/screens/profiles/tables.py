"""The table of the listing."""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any, Final
from urllib.parse import urlencode

import django_tables2 as tables
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django_tables2.data import TableListData

from profiles.models import Environment
from profiles.queries.columns import Column
from profiles.queries.keyset import Order
from profiles.queries.listing import Row
from profiles.screens.common import WorkspaceRequest
from profiles.screens.common.markup import badge, icon, user_text

from .cells import cell_of, is_numeric

TICK_ALL: Final = mark_safe(
    '<label><input type="checkbox" class="form-check-input" data-select-page'
    ' aria-label="Tick all on this page"></label>'
)
TEST: Final = mark_safe(f"{badge('Test', 'warn')} ")


class OrderedData(TableListData):  # type: ignore[misc]  # django-tables2 has no types.
    """Rows that come in their order from the database; the table only marks the column."""

    def order_by(self, aliases: Any) -> None:
        pass


class ProfileTable(tables.Table):  # type: ignore[misc]
    """One page of profiles. Editors get the boxes and the actions of each row.

    `cells` makes each cell from its row alone: asked for one by one, django-tables2 takes as long again.
    `back` is the query string to come back to. Only what `escape` or the markup gave back is called safe.
    """

    caption = "Profiles"
    htmx_target = "#results"

    tick = tables.Column(
        accessor="id", orderable=False, verbose_name=TICK_ALL, attrs={"cell": {"class": "cell-tick"}}
    )
    distinct_id = tables.Column(
        accessor="id", verbose_name="Distinct ID", attrs={"cell": {"class": "cell-main"}}
    )
    actions = tables.Column(
        accessor="id",
        orderable=False,
        verbose_name=mark_safe('<span class="visually-hidden">Actions</span>'),
        attrs={"cell": {"class": "cell-actions"}},
    )

    def __init__(
        self,
        rows: Sequence[Row],
        *,
        request: WorkspaceRequest,
        columns: Sequence[Column],
        order: Order,
        back: str,
        tag_colours: Mapping[str, str],
    ) -> None:
        others = [column for column in columns if column.path != "distinct_id"]
        listing = reverse("profiles:list", args=[request.workspace.slug])
        self._detail = f"{listing}%s/"
        self._back = escape(f"?{urlencode({'back': back})}" if back else "")
        self.cells = {
            "tick": self.render_tick,
            "distinct_id": self.render_distinct_id,
            "actions": self.render_actions,
        } | {column.path: _values(column, tag_colours) for column in others}
        super().__init__(
            OrderedData(list(rows)),
            order_by=[order.name],
            extra_columns=[(column.path, _heading(column)) for column in others],
            sequence=["tick", "distinct_id", *(column.path for column in others), "actions"],
            exclude=() if request.member.may_edit else ("tick", "actions"),
        )

    def render_tick(self, record: Row) -> SafeString:
        return SafeString(
            f'<label><input type="checkbox" class="form-check-input" name="id" value="{record.id}"'
            f' data-select-row aria-label="Tick {escape(record.label)}"></label>'
        )

    def render_distinct_id(self, record: Row) -> SafeString:
        shown = user_text(record.values["distinct_id"], limit=60)
        mark = TEST if record.values["environment"] == Environment.TEST else ""
        return SafeString(f'{mark}<a href="{self._detail % record.id}{self._back}" data-row-link>{shown}</a>')

    def render_actions(self, record: Row) -> SafeString:
        label, url = escape(record.label), self._detail % record.id
        edit, erase = f"{url}{self._back}", f"{url}delete/{self._back}"
        return SafeString(
            f'<a class="btn btn-icon btn-ghost" href="{edit}" aria-label="Edit {label}" title="Edit">'
            f'{icon("pencil")}</a><a class="btn btn-icon btn-ghost" href="{erase}" hx-get="{erase}"'
            f' hx-target="#dialog" aria-label="Delete {label}" title="Delete">{icon("trash")}</a>'
        )


def _values(column: Column, tag_colours: Mapping[str, str]) -> Callable[[Row], SafeString]:
    path, show = column.path, cell_of(column, tag_colours)
    return lambda record: show(record.values[path])


def _heading(column: Column) -> tables.Column:
    looks = {"cell": {"class": "cell-number"}} if is_numeric(column) else {}
    return tables.Column(verbose_name=column.label, accessor="values", attrs=looks)
