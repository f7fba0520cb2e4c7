"""Figures with their names, shares, drawings and workings."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from socialvalue.core import money
from socialvalue.core.charts import bar_width
from socialvalue.core.templatetags.ui.registry import register, row_of


@register.inclusion_tag("components/value.html", takes_context=True)
def value(
    context: Context,
    amount: Decimal | None,
    how_many: Decimal | None = None,
    unit: str = "",
    href: str = "",
) -> dict[str, Any]:
    """Pounds with the quantity beside them, opening to their working. Hides £ in counts-only mode."""
    return {
        "amount": amount,
        "how_many": how_many,
        "unit": unit,
        "href": href,
        "counts_only": bool(context.get("counts_only")),
    }


@register.simple_block_tag
def tiles(content: str) -> SafeString:
    """Holds ``tile`` tags in one row that wraps."""
    return format_html('<ul class="sv-tiles">{}</ul>', content)


@register.inclusion_tag("components/tile.html")
def tile(
    label: str, figure: Any, note: str = "", href: str = "", kind: str = "", unit: str = ""
) -> dict[str, Any]:
    """One number with its name and what it is out of. ``kind``: empty, alert, quiet."""
    return {
        "label": label,
        "figure": figure,
        "note": note,
        "href": href,
        "kind": kind,
        "unit": unit,
        "is_words": not any(letter.isdecimal() for letter in str(figure)),
    }


@register.inclusion_tag("components/progress.html")
def progress(
    done: Decimal | int | None,
    total: Decimal | int | None,
    label: str = "",
    unit: str = "",
    is_money: bool = False,
) -> dict[str, Any]:
    """A bar with its percentage and the two numbers it comes from."""
    has_share = done is not None and total is not None and Decimal(total) > 0
    share = Decimal(done or 0) * 100 / Decimal(total) if has_share and total else None
    show = money.pounds if is_money else money.quantity_text
    return {
        "share": None if share is None else money.percent_text(share),
        "width": bar_width(Decimal(done or 0), Decimal(total or 0)),
        "done": None if done is None else show(Decimal(done)),
        "total": None if total is None else show(Decimal(total)),
        "label": label,
        "unit": unit,
    }


@register.inclusion_tag("components/bar_rows.html")
def bar_rows(
    rows: Iterable[Any], caption: str, unit: str = "", out_of: Decimal | int | None = None
) -> dict[str, Any]:
    """Rows of ``label``, ``number``, ``shown`` and optional ``note`` and ``href``, to one scale.

    A full bar is ``out_of`` (100 for percentages), or the largest number shown.
    """
    shown = [row_of(row, "label", "number", "shown", "note", "href|url") for row in rows]
    largest = (
        Decimal(out_of)
        if out_of
        else max((Decimal(row["number"] or 0) for row in shown), default=Decimal(0))
    )
    for row in shown:
        row["width"] = bar_width(Decimal(row["number"] or 0), largest)
    return {"rows": shown, "caption": caption, "unit": unit}


@register.inclusion_tag("components/chart.html")
def chart(drawing: Any, level: int = 2, show_title: bool = True) -> dict[str, Any]:
    """A ``core.charts.Chart``: heading, drawing for wide and narrow screens, and its table."""
    return {"chart": drawing, "level": level, "show_title": show_title}


@register.inclusion_tag("components/working.html")
def working(
    lines: Iterable[Any], result: str = "", summary: str = "How this is worked out"
) -> dict[str, Any]:
    """The sum behind a figure, line by line: ``(what, how much)`` or ``(what, how much, source)``."""
    shown = [row_of(line, "what|label", "figure|shown", "source") for line in lines]
    return {
        "has_sources": any(line["source"] for line in shown),
        "lines": shown,
        "result": result,
        "summary": summary,
    }


@register.inclusion_tag("components/figure_link.html")
def figure_link(text: str, href: str, meaning: str = "") -> dict[str, Any]:
    """A figure that opens to the rows under it; ``meaning`` says what it counts."""
    return {"text": text, "href": href, "meaning": meaning}
