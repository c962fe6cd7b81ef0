"""The lean table: columns set the looks, sorting is a link, and nothing of a row is trusted."""

import re

import django_tables2 as tables
from django.test import RequestFactory


class PeopleTable(tables.Table):
    tick = tables.Column(orderable=False, attrs={"cell": {"class": "cell-tick"}})
    name = tables.Column(attrs={"td": {"dir": "auto"}})

    class Meta:
        row_attrs = {"id": lambda record: f"row-{record['name']}"}


def html_of(url: str = "/?q=a", order_by: str = "", name: str = "ada", caption: str = "") -> str:
    table = PeopleTable([{"tick": "x", "name": name}], order_by=order_by)
    table.caption = caption
    return str(table.as_html(RequestFactory().get(url)))


def test_a_columns_attributes_are_on_its_cells() -> None:
    html = html_of()
    assert '<td class="cell-tick">x</td>' in html
    assert '<td dir="auto">ada</td>' in html
    assert '<tr id="row-ada">' in html


def test_sorting_keeps_the_query_string_and_starts_on_the_first_page() -> None:
    html = html_of("/?q=a&page=3")
    assert 'href="?q=a&amp;sort=name"' in html


def test_the_sorted_column_says_so_and_offers_the_other_direction() -> None:
    html = html_of(order_by="name")
    assert re.search(r'<th scope="col"[^>]* aria-sort="ascending"', html)
    assert 'href="?q=a&amp;sort=-name"' in html


def test_a_column_that_cannot_be_sorted_has_no_link() -> None:
    assert html_of().count("<a ") == 1


def test_what_people_wrote_is_escaped() -> None:
    html = html_of(name="<script>")
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_the_part_that_scrolls_has_a_name_and_takes_the_keyboard() -> None:
    assert 'tabindex="0" role="group" aria-label="People"' in html_of(caption="People")
