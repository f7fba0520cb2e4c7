"""Tables, their sorting and their pages."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.paginator import Page
from django.template import Context

from socialvalue.core import money, periods
from socialvalue.core.tables import Column, Table, Value
from socialvalue.core.templatetags.ui.filters import uk_datetime
from socialvalue.core.templatetags.ui.registry import register, with_query


@dataclass(frozen=True)
class Cell:
    """One cell as it is shown."""

    text: str
    is_numeric: bool
    href: str = ""
    heading: str = ""
    is_price: bool = False
    """It names pounds that are no social value."""


def shown_value(column: Column, value: Value) -> str:
    """A table value as text. Nought is "0"; not reported is a dash with words for a screen reader."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime.datetime):
        return uk_datetime(value)
    if isinstance(value, datetime.date):
        return periods.uk_date(value)
    if isinstance(value, Decimal | int):
        number = Decimal(value)
        if column.kind == "money":
            return money.pounds(number)
        if column.kind == "percent":
            return money.percent_text(number)
        return money.quantity_text(number)
    return str(value)


def _cells(table: Table, row: Sequence[Value], href: str = "") -> Iterator[Cell]:
    for index, (column, value) in enumerate(zip(table.columns, row, strict=True)):
        shown = shown_value(column, value)
        is_link = index == 0 or (column.is_social_value and shown)
        yield Cell(
            shown,
            column.is_numeric,
            href if is_link else "",
            column.heading,
            "£" in shown and not column.is_social_value,
        )


@register.inclusion_tag("components/data_table.html", takes_context=True)
def data_table(
    context: Context,
    table: Table,
    caption_size: str = "m",
    small: bool = False,
    hide_caption: bool = False,
    stack: bool = False,
) -> dict[str, Any]:
    """A ``core.tables.Table``: caption, figures to the right, totals row, empty state.

    ``stack`` makes its rows cards on a narrow screen, where it otherwise scrolls sideways; not for one with a total.
    """
    if context.get("counts_only"):
        table = table.counts_only()
    links = [*table.links, *[""] * (len(table.rows) - len(table.links))]
    return {
        "table": table,
        "rows": [
            list(_cells(table, row, href)) for row, href in zip(table.rows, links, strict=True)
        ],
        "total": list(_cells(table, table.total)) if table.total else None,
        "caption_size": caption_size,
        "small": small,
        "hide_caption": hide_caption,
        "stack": stack,
    }


@register.inclusion_tag("components/sort_header.html", takes_context=True)
def sort_header(
    context: Context,
    label: str,
    key: str,
    numeric: bool = False,
    parameter: str = "sort",
    is_price: bool = False,
) -> dict[str, Any]:
    """A column heading that sorts: ``?sort=key``, then ``?sort=-key``, keeping the other filters."""
    chosen = context["request"].GET.get(parameter, "")
    direction = {key: "ascending", f"-{key}": "descending"}.get(chosen, "none")
    target = f"-{key}" if chosen == key else key
    return {
        "label": label,
        "numeric": numeric,
        "is_price": is_price,
        "direction": direction,
        "href": with_query(context, **{parameter: target, "page": None}),
    }


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: Context, page: Page[Any], parameter: str = "page") -> dict[str, Any]:
    """Page links that keep every filter. Draws nothing for a single page."""
    pages = page.paginator.num_pages
    shown = [n for n in range(1, pages + 1) if n in (1, pages) or abs(n - page.number) <= 2]
    items: list[dict[str, Any]] = []
    for position, number in enumerate(shown):
        if position and number - shown[position - 1] > 1:
            items.append({"ellipsis": True})
        items.append(
            {
                "number": number,
                "href": with_query(context, **{parameter: number}),
                "current": number == page.number,
            }
        )
    return {
        "items": items if pages > 1 else [],
        "previous": with_query(context, **{parameter: page.number - 1})
        if page.has_previous()
        else "",
        "next": with_query(context, **{parameter: page.number + 1}) if page.has_next() else "",
    }


@register.inclusion_tag("components/result_count.html")
def result_count(page: Page[Any], one: str, many: str = "") -> dict[str, Any]:
    """``Showing 26 to 50 of 112 procurements``."""
    total = page.paginator.count
    return {"page": page, "total": total, "noun": one if total == 1 else many or f"{one}s"}
