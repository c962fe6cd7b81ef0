"""The parts of templates/django_tables2/lean.html: once a column what the stock template does once a cell."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import template
from django.template import Context
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django_tables2 import Table
from django_tables2.columns.base import BoundColumn
from django_tables2.rows import BoundRow
from django_tables2.utils import AttributeDict, computed_values, signature

register = template.Library()


@dataclass(frozen=True)
class Heading:
    column: BoundColumn
    attributes: SafeString
    sort_url: str
    direction: str


@register.simple_tag(takes_context=True)
def headings(context: Context, table: Table) -> list[Heading]:
    """Another order starts on its first page."""
    kept = context["request"].GET.copy()
    for name in ("page", table.prefixed_order_by_field):
        kept.pop(name, None)
    query = kept.urlencode()
    return [_heading(table, column, f"?{query}&" if query else "?") for column in table.columns]


@register.simple_tag
def body(table: Table) -> SafeString:
    """All rows. A column's `attrs["td"]` is the same for every row; a row's own look is `row_attrs`."""
    columns = [(f"<td{_spaced(column.attrs['td'])}>", _cell_of(column)) for column in table.columns]
    return mark_safe(
        "".join(
            f"<tr{_row_attributes(table, row.record)}>"
            + "".join(f"{opening}{conditional_escape(cell(row))}</td>" for opening, cell in columns)
            + "</tr>\n"
            for row in table.paginated_rows
        )
    )


def _cell_of(column: BoundColumn) -> Callable[[BoundRow], str]:
    """The column's part of `BoundRow.get_cell`, which reads the signature of `render` for each cell anew.

    A table may have `cells`: by column, what makes the cell from the record alone.
    """
    if of_record := getattr(column._table, "cells", {}).get(column.name):
        return lambda row: of_record(row.record)
    wanted, takes_all = signature(column.render)

    def cell(row: BoundRow) -> str:
        def render(bound: BoundColumn, value: object = None) -> object:
            known = row._optional_cell_arguments(bound, value)
            content = bound.render(**(known if takes_all else {name: known[name] for name in wanted}))
            return bound.link(content, **known) if bound.link else content

        shown: str = row._get_and_render_with(column, render, column.default)
        return shown

    return cell


def _heading(table: Table, column: BoundColumn, url: str) -> Heading:
    direction = ""
    if column.is_ordered:
        direction = "descending" if column.order_by_alias.is_descending else "ascending"
    order = urlencode({table.prefixed_order_by_field: column.order_by_alias.next})
    return Heading(column, _spaced(column.attrs["th"]), url + order if column.orderable else "", direction)


def _row_attributes(table: Table, record: Any) -> SafeString:
    if not table.row_attrs:
        return SafeString()
    return _spaced(AttributeDict(computed_values(table.row_attrs, kwargs={"table": table, "record": record})))


def _spaced(attributes: AttributeDict) -> SafeString:
    html = attributes.as_html()
    return mark_safe(f" {html}") if html else SafeString()
