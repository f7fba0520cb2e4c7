"""Lines through time: each with its own dash and mark."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.utils.html import format_html
from django.utils.safestring import SafeString

from socialvalue.core.charts.drawing import (
    BRAND,
    INK,
    MUTED,
    Chart,
    Series,
    check,
    description_of,
    frame,
    has_no_figures,
    joined,
    line,
    looks_for,
    said,
    table_of,
    words,
    wrapped,
)
from socialvalue.core.charts.scale import TENTH, ZERO, Scale, short_label, tick_labels

LEFT, RIGHT, TOP = 66, 22, 26
# Dash and mark in the order of the series; the last, the one that counts, is whole.
DASHES = {"light": "2 5", "hatch": "9 5", "dots": "9 4 2 4", "solid": ""}
LETTER = Decimal("7.2")


def line_through_time(
    *,
    title: str,
    categories: Sequence[str],
    series: Sequence[Series],
    unit: str = "£",
    uid: str,
    table_heading: str = "Period",
    note: str = "",
    has_total: bool = False,
) -> Chart:
    """A line a series over periods in order; a period not reported is a gap. ValueError on uneven series."""
    check(categories, series)
    looks = looks_for(len(series))
    return Chart(
        title=title,
        svg=_draw(title, categories, series, looks, unit, uid, width=720, height=240),
        narrow_svg=_draw(
            title, categories, series, looks, unit, f"{uid}-narrow", width=344, height=220
        ),
        table=table_of(
            caption=title,
            heading=table_heading,
            categories=categories,
            series=series,
            unit=unit,
            has_total=has_total,
        ),
        note=note,
        is_empty=has_no_figures(series),
    )


def _draw(
    title: str,
    categories: Sequence[str],
    series: Sequence[Series],
    looks: Sequence[str],
    unit: str,
    uid: str,
    *,
    width: int,
    height: int,
) -> SafeString:
    scale = Scale.of((value for one in series for value in one.values), height)
    parts: list[SafeString] = []
    for tick, label in zip(scale.ticks, tick_labels(scale.ticks, unit), strict=True):
        y = TOP + height - scale.at(tick)
        parts.append(line(LEFT, y, width - RIGHT, y))
        parts.append(words(label, LEFT - 9, y + 5, anchor="end", colour=MUTED))
    gap = Decimal(width - LEFT - RIGHT - 24) / max(len(categories) - 1, 1)
    xs = [(LEFT + 12 + gap * index).quantize(TENTH) for index in range(len(categories))]
    base = TOP + height - scale.at(ZERO)
    parts.append(line(LEFT, base, width - RIGHT, base, INK))
    labels, deep = _period_labels(categories, xs, gap, TOP + height, width)
    parts += labels
    for one, look in zip(series, looks, strict=True):
        others = [each for each in series if each is not one]
        parts += _one_line(one, others, look, categories, xs, scale, unit, TOP + height)
    bottom = TOP + height + 17 * deep + 26
    keys, keys_height = _keys(series, looks, bottom, width)
    parts.append(keys)
    return frame(
        parts,
        uid=uid,
        width=width,
        height=bottom + keys_height,
        title=title,
        description=description_of(categories, series, unit),
    )


def _period_labels(
    categories: Sequence[str], xs: Sequence[Decimal], gap: Decimal, bottom: int, width: int
) -> tuple[list[SafeString], int]:
    """Every label, or every second or third when they would touch; the last is always there."""
    every = 1
    while every < len(categories) and gap * every < 58:
        every += 1
    parts, deep = [], 1
    for index, (category, x) in enumerate(zip(categories, xs, strict=True)):
        if (len(categories) - 1 - index) % every:
            continue
        lines = wrapped(category, max(int(gap * every / LETTER), 8))
        deep = max(deep, len(lines))
        half = max(len(text) for text in lines) * LETTER / 2
        middle = max(min(x, width - half), half).quantize(TENTH)  # never cut off at an edge
        parts += [
            words(text, middle, bottom + 21 + 17 * row, anchor="middle")
            for row, text in enumerate(lines)
        ]
    return parts, deep


def _one_line(
    one: Series,
    others: Sequence[Series],
    look: str,
    categories: Sequence[str],
    xs: Sequence[Decimal],
    scale: Scale,
    unit: str,
    bottom: int,
) -> list[SafeString]:
    parts: list[SafeString] = []
    run: list[str] = []
    marks: list[SafeString] = []
    last: int | None = None
    for index, (category, x, value) in enumerate(zip(categories, xs, one.values, strict=True)):
        if value is None:
            parts += _path(run, look)
            run = []
            continue
        y = bottom - scale.at(value)
        run.append(f"{x} {y}")
        marks.append(_mark(x, y, look, f"{category}, {one.name}: {said(value, unit)}"))
        last = index
    parts += _path(run, look)
    parts += marks
    if last is not None:
        parts.append(_last_label(one, others, last, xs[last], scale, unit, bottom))
    return parts


def _last_label(
    one: Series,
    others: Sequence[Series],
    index: int,
    x: Decimal,
    scale: Scale,
    unit: str,
    bottom: int,
) -> SafeString:
    """The last figure of a line: above its mark, or below when another line runs close above."""
    value = one.values[index] or ZERO
    y = bottom - scale.at(value)
    above = [
        bottom - scale.at(other)
        for other in (each.values[index] for each in others)
        if other is not None
    ]
    is_crowded = any(y - 34 < other <= y for other in above)
    return words(
        short_label(value, unit),
        x,
        y + 22 if is_crowded else y - 11,
        anchor="middle",
        size=13,
        bold=True,
    )


def _path(run: Sequence[str], look: str) -> list[SafeString]:
    if len(run) < 2:
        return []
    dash = format_html(' stroke-dasharray="{}"', DASHES[look]) if DASHES[look] else ""
    return [
        format_html(
            '<path class="sv-mark-line" d="M{}" fill="none" stroke="{}" stroke-width="2.5" stroke-linejoin="round"{}/>',
            "L".join(run),
            BRAND,
            dash,
        )
    ]


def _mark(x: Decimal, y: Decimal, look: str, title: str) -> SafeString:
    """Circle, diamond, triangle or square, so that the lines differ without their colour."""
    shape = {
        "light": f"M{x - 5} {y}L{x} {y - 5}L{x + 5} {y}L{x} {y + 5}Z",
        "hatch": f"M{x - 5} {y + 4}L{x} {y - 5}L{x + 5} {y + 4}Z",
        "dots": f"M{x - 4} {y - 4}h8v8h-8Z",
        "solid": f"M{x - 4} {y}a4 4 0 1 0 8 0a4 4 0 1 0 -8 0Z",
    }[look]
    fill = BRAND if look == "solid" else "#fff"
    return format_html(
        '<path class="sv-mark-point{}" d="{}" fill="{}" stroke="{}" stroke-width="2"><title>{}</title></path>',
        " sv-mark-solid" if look == "solid" else "",
        shape,
        fill,
        BRAND,
        title,
    )


def _keys(
    series: Sequence[Series], looks: Sequence[str], y: int, width: int
) -> tuple[SafeString, int]:
    parts: list[SafeString] = []
    left, row = LEFT, 0
    for one, look in zip(series, looks, strict=True):
        need = 46 + 8 * len(one.name) + 20
        if left > LEFT and left + need > width:
            left, row = LEFT, row + 1
        top = Decimal(y + row * 24 + 8)
        parts += _path([f"{left} {top}", f"{left + 34} {top}"], look)
        parts.append(_mark(Decimal(left + 17), top, look, one.name))
        parts.append(words(one.name, left + 42, top + 5))
        left += need
    return joined(parts), (row + 1) * 24
