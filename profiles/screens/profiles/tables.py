"""The table of the listing."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
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
    '<input type="checkbox" class="form-check-input" data-select-page aria-label="Tick all on this page">'
)
_NO_ID: Final = "00000000-0000-0000-0000-000000000000"


class OrderedData(TableListData):  # type: ignore[misc]  # django-tables2 has no types.
    """Rows that come in their order from the database; the table only marks the column."""

    def order_by(self, aliases: Any) -> None:
        pass


class ValueColumn(tables.Column):  # type: ignore[misc]
    """The values of one of the workspace's columns. The whole row comes, so that a missing value does too."""

    def __init__(self, column: Column, tag_colours: Mapping[str, str]) -> None:
        looks = {"cell": {"class": "cell-number"}} if is_numeric(column) else {}
        super().__init__(verbose_name=column.label, accessor="values", order_by="values", attrs=looks)
        self._path, self._show = column.path, cell_of(column, tag_colours)

    def render(self, value: dict[str, Any]) -> SafeString:
        return self._show(value[self._path])


class ProfileTable(tables.Table):  # type: ignore[misc]
    """One page of profiles. Editors get the boxes and the actions of each row."""

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
        tag_colours: Mapping[str, str],
    ) -> None:
        others = [column for column in columns if column.path != "distinct_id"]
        self.may_edit = request.member.may_edit
        self._urls = {
            name: reverse(f"profiles:{name}", args=[request.workspace.slug, _NO_ID])
            for name in ("detail", "erase")
        }
        super().__init__(
            OrderedData(list(rows)),
            order_by=[order.name],
            extra_columns=[(column.path, ValueColumn(column, tag_colours)) for column in others],
            sequence=["tick", "distinct_id", *(column.path for column in others), "actions"],
            exclude=() if self.may_edit else ("tick", "actions"),
        )

    def render_tick(self, record: Row) -> SafeString:
        return format_html(
            '<input type="checkbox" class="form-check-input" name="id" value="{}" data-select-row'
            ' aria-label="Tick {}">',
            record.id,
            record.label,
        )

    def render_distinct_id(self, record: Row) -> SafeString:
        link = format_html(
            '<a href="{}" data-row-link>{}</a>',
            self._url("detail", record),
            user_text(record.values["distinct_id"], limit=60),
        )
        is_test = record.values["environment"] == Environment.TEST
        return format_html("{} {}", link, badge("Test", "warn")) if is_test else link

    def render_actions(self, record: Row) -> SafeString:
        return format_html(
            '<a class="btn btn-icon btn-ghost" href="{}" aria-label="Edit {}" title="Edit">{}</a>'
            '<a class="btn btn-icon btn-ghost" href="{}" hx-get="{}" hx-target="#dialog"'
            ' aria-label="Delete {}" title="Delete">{}</a>',
            self._url("detail", record),
            record.label,
            icon("pencil"),
            self._url("erase", record),
            self._url("erase", record),
            record.label,
            icon("trash"),
        )

    def _url(self, name: str, record: Row) -> str:
        return self._urls[name].replace(_NO_ID, str(record.id))
