"""Components of a list: pages, filters, sorting, downloads, tables."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.test import RequestFactory

from socialvalue.core.tables import Column, Table
from tests.socialvalue.core.test_components.steps import draw, outline


def test_many_pages_show_the_ends_and_the_neighbours():
    page = Paginator(range(400), 10).page(10)
    drawn = draw("{% pagination page %}", page=page, request=RequestFactory().get("/"))
    shown = [text for text in outline(drawn) if isinstance(text, str) and not text.startswith("/")]
    assert shown == [
        "Previous",
        "page",
        "1",
        "⋯",
        "8",
        "9",
        "10",
        "11",
        "12",
        "⋯",
        "40",
        "Next",
        "page",
    ]


def test_page_links_keep_every_filter():
    request = RequestFactory().get("/?q=roads&route=a&route=b&page=2")
    page = Paginator(range(30), 10).page(2)
    drawn = draw("{% pagination page %}", page=page, request=request)
    assert 'href="?q=roads&amp;route=a&amp;route=b&amp;page=3"' in drawn


def test_one_page_needs_no_links():
    page = Paginator(range(10), 10).page(1)
    assert draw("{% pagination page %}", page=page, request=RequestFactory().get("/")).strip() == ""


def test_downloads_take_the_filters_but_not_the_page():
    request = RequestFactory().get("/?q=a+b%26c&page=3")
    drawn = draw('{% downloads csv="/list.csv" %}', request=request)
    assert 'href="/list.csv?q=a+b%26c"' in drawn


def test_sorting_turns_round_and_says_so():
    first = draw('{% sort_header "Title" "title" %}', request=RequestFactory().get("/?q=x&page=4"))
    again = draw('{% sort_header "Title" "title" %}', request=RequestFactory().get("/?sort=title"))
    back = draw('{% sort_header "Title" "title" %}', request=RequestFactory().get("/?sort=-title"))
    assert 'aria-sort="none"' in first
    assert 'href="?q=x&amp;sort=title"' in first
    assert 'aria-sort="ascending"' in again
    assert 'href="?sort=-title"' in again
    assert 'aria-sort="descending"' in back
    assert 'href="?sort=title"' in back


def table(**more: Any) -> Table:
    columns = [Column("Contract"), Column("Committed (£)", "money"), Column("Hours", "number")]
    rows = [("Roads", Decimal("1200.50"), Decimal("0")), ("Care", Decimal(300), None)]
    return Table(**{"caption": "Contracts", "columns": columns, "rows": rows, **more})


def test_a_table_shows_nought_and_says_what_is_not_reported():
    drawn = draw(
        "{% data_table table %}", table=table(total=("Total", Decimal("1500.50"), Decimal(0)))
    )
    found = outline(drawn)
    assert found.count("£1,200.50") == 1
    assert found.count("£1,500.50") == 1
    assert found.count("0") == 2
    assert found.count("Not reported") == 1
    assert sum(tag[0] == "caption" for tag in found if isinstance(tag, tuple)) == 1
    headers = [
        dict(tag[1]).get("scope") for tag in found if isinstance(tag, tuple) and tag[0] == "th"
    ]
    assert headers == ["col", "col", "col", "row", "row", "row"]


def test_an_empty_table_says_what_to_do():
    drawn = draw("{% data_table table %}", table=table(rows=[], empty="Award a tender first."))
    assert "Award a tender first." in drawn
    assert "<table" not in drawn


def test_a_table_escapes_what_people_typed():
    drawn = draw("{% data_table table %}", table=table(rows=[("<b>x</b>", None, None)]))
    assert "<b>" not in drawn
