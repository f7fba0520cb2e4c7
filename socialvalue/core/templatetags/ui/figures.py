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

LONGEST_FIGURE = 32
"""Characters. What is longer is a sentence, and is set as one."""


def _hides_pounds(context: Context) -> bool:
    return bool(context.get("counts_only"))


@register.inclusion_tag("components/value.html", takes_context=True)
def value(
    context: Context,
    amount: Decimal | str | None,
    how_many: Decimal | int | str | None = None,
    unit: str = "",
    href: str = "",
    working: Any = None,
    meaning: str = "",
    absent: str = "Not reported",
) -> dict[str, Any]:
    """Pounds of social value with the quantity beside them, opening to their working or to the rows they sum.

    ``working`` is a ``toms.valuation.rules.Working`` or lines as ``working`` takes them: the figure opens to it in
    place. ``href`` is where the rows of a sum are. ``how_many`` is a number in ``unit``, or words. ``meaning`` says
    what the figure is, for those who hear it. ``absent`` stands where there is no amount. Counts only shows the
    quantity alone, or ``absent`` when there is none.
    """
    hidden = _hides_pounds(context)
    shown = amount if isinstance(amount, str) else None if amount is None else money.pounds(amount)
    quantity = _quantity(how_many, unit)
    steps = _steps(working)
    return {
        "shown": "" if hidden else shown or "",
        # A pound counted as a pound is said once.
        "quantity": money.without_sign(quantity)
        if hidden
        else ""
        if quantity == shown
        else quantity,
        "absent": absent if (not quantity if hidden else shown is None) else "",
        "href": href,
        "steps": [] if hidden else steps,
        "result": shown,
        "has_sources": any(line["source"] for line in steps),
        "meaning": meaning,
        "counts_only": hidden,
    }


def _quantity(how_many: Decimal | int | str | None, unit: str) -> str:
    if how_many is None or isinstance(how_many, str):
        return how_many or ""
    return money.measured(Decimal(how_many), unit)


def _steps(working: Any) -> list[dict[str, Any]]:
    """The lines of a sum, from a working or from anything that lists them."""
    lines = getattr(working, "lines", working) or ()
    steps = [row_of(line, "what|label", "figure|shown", "source") for line in lines]
    for step in steps:
        step["is_words"] = len(str(step["figure"])) > LONGEST_FIGURE
    return steps


@register.simple_tag(takes_context=True)
def counted(context: Context, text: Any) -> SafeString:
    """A quantity that is already words. One of money, ``£500``, is no valuation; counts only writes ``500 pounds``."""
    shown = str(text)
    return format_html(
        '<span class="sv-quantity">{}</span>',
        money.without_sign(shown) if _hides_pounds(context) else shown,
    )


@register.simple_tag(takes_context=True)
def told(context: Context, sentence: str) -> str:
    """A sentence that may tell ``£1,200 of social value``; counts only withholds the figure."""
    return money.without_social_value(sentence) if _hides_pounds(context) else sentence


@register.simple_block_tag
def tiles(content: str) -> SafeString:
    """Holds ``tile`` tags in one row that wraps."""
    return format_html('<ul class="sv-tiles">{}</ul>', content)


@register.inclusion_tag("components/tile.html", takes_context=True)
def tile(
    context: Context,
    label: str,
    figure: Any,
    note: str = "",
    href: str = "",
    kind: str = "",
    unit: str = "",
    is_social_value: bool = False,
    how_many: Decimal | int | None = None,
    counted: str = "",
) -> dict[str, Any]:
    """One number with its name and what it is out of. ``kind``: empty, alert, quiet.

    ``is_social_value``: the figure is pounds of social value, and ``how_many`` ``counted`` is what it is made of
    (``12``, ``"entry|entries"``), shown under it. Counts only shows that instead, or no tile when there is none.
    """
    if is_social_value:
        figure = money.pounds(figure) if isinstance(figure, Decimal | int) else figure
    is_hidden = is_social_value and _hides_pounds(context)
    quantity = "" if how_many is None else money.quantity_text(Decimal(how_many))
    one, _, many = counted.partition("|")
    counted = many if many and how_many != 1 else one
    if is_hidden:
        figure, unit = quantity, counted
    return {
        "label": label,
        "figure": figure,
        "note": note,
        "href": href,
        "kind": kind,
        "unit": unit,
        "made_of": f"{quantity} {counted}".strip() if quantity and not is_hidden else "",
        "is_shown": not is_hidden or quantity,
        "is_words": not any(letter.isdecimal() for letter in str(figure)),
    }


@register.inclusion_tag("components/progress.html", takes_context=True)
def progress(
    context: Context,
    done: Decimal | int | None,
    total: Decimal | int | None,
    label: str = "",
    unit: str = "",
    is_money: bool = False,
    is_quantity: bool = False,
    href: str = "",
) -> dict[str, Any]:
    """A bar with its percentage and the two numbers it comes from, which open at ``href``.

    Pounds (``is_money``) are not drawn when only counts are shown, unless they are a quantity of money.
    """
    is_hidden = _hides_pounds(context)
    if is_money and is_hidden:
        if not is_quantity:
            return {"is_hidden": True}
        is_money, unit = False, "pounds"
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
        "href": href,
        "is_quantity": is_quantity or not is_money,
    }


@register.inclusion_tag("components/bar_rows.html", takes_context=True)
def bar_rows(
    context: Context,
    rows: Iterable[Any],
    caption: str,
    unit: str = "",
    out_of: Decimal | int | None = None,
    is_social_value: bool = False,
) -> dict[str, Any]:
    """Rows of ``label``, ``number``, ``shown`` and optional ``note`` and ``href``, to one scale.

    A full bar is ``out_of`` (100 for percentages), or the largest number shown. ``is_social_value``: the numbers are
    pounds of social value, and not drawn when only counts are shown.
    """
    if is_social_value and _hides_pounds(context):
        return {"rows": []}
    shown = [row_of(row, "label", "number", "shown", "note", "href|url") for row in rows]
    largest = (
        Decimal(out_of)
        if out_of
        else max((Decimal(row["number"] or 0) for row in shown), default=Decimal(0))
    )
    for row in shown:
        row["width"] = bar_width(Decimal(row["number"] or 0), largest)
    return {"rows": shown, "caption": caption, "unit": unit}


@register.inclusion_tag("components/chart.html", takes_context=True)
def chart(
    context: Context,
    drawing: Any,
    level: int = 2,
    show_title: bool = True,
    is_social_value: bool = False,
) -> dict[str, Any]:
    """A ``core.charts.Chart``: heading, drawing for wide and narrow screens, and its table.

    ``is_social_value``: its axis is pounds of social value, and it is not drawn when only counts are shown.
    """
    is_hidden = _hides_pounds(context)
    return {
        "chart": drawing,
        "level": level,
        "show_title": show_title,
        "is_social_value": is_social_value,
        "is_hidden": is_social_value and is_hidden,
        "counts_only": is_hidden,
    }


@register.inclusion_tag("components/working.html", takes_context=True)
def working(
    context: Context,
    lines: Any,
    result: str = "",
    summary: str = "How this is worked out",
) -> dict[str, Any]:
    """The sum behind a figure, line by line: ``(what, how much)`` or ``(what, how much, source)``.

    ``value … working=`` is the shorter way where the figure itself is shown. Not drawn when only counts are shown.
    """
    shown = _steps(lines)
    return {
        "has_sources": any(line["source"] for line in shown),
        "steps": shown,
        "result": result,
        "summary": summary,
        "is_hidden": _hides_pounds(context),
    }


@register.inclusion_tag("components/figure_link.html", takes_context=True)
def figure_link(
    context: Context,
    text: str,
    href: str,
    meaning: str = "",
    is_social_value: bool = False,
) -> dict[str, Any]:
    """A figure that opens to the rows under it; ``meaning`` says what it counts.

    Pounds of social value (``is_social_value``) become words when only counts are shown: the rows still open.
    """
    is_hidden = is_social_value and _hides_pounds(context)
    return {"text": "See the rows" if is_hidden else text, "href": href, "meaning": meaning}
