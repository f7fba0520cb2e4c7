"""Grouped bars: upright for wide screens and paper, lying rows for narrow screens."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.utils.safestring import SafeString

from socialvalue.core.charts.drawing import (
    INK,
    MUTED,
    Chart,
    Series,
    block,
    check,
    description_of,
    frame,
    has_no_figures,
    legend,
    line,
    looks_for,
    said,
    table_of,
    words,
    wrapped,
)
from socialvalue.core.charts.scale import TENTH, ZERO, Scale, short_label, tick_labels

WIDE, PLOT_HEIGHT, LEFT, RIGHT, TOP = 720, 250, 66, 8, 26
NARROW, ROW, GAP = 344, 22, 18
LETTER = Decimal("7.2")  # about the width of a letter at 14 units


def grouped_bars(
    *,
    title: str,
    categories: Sequence[str],
    series: Sequence[Series],
    unit: str = "£",
    uid: str,
    table_heading: str = "Theme",
    note: str = "",
    has_total: bool = True,
) -> Chart:
    """Bars for each category, one a series. ``uid`` must be unique on the page. ValueError on uneven series."""
    check(categories, series)
    looks = looks_for(len(series))
    return Chart(
        title=title,
        svg=_upright(title, categories, series, looks, unit, uid),
        narrow_svg=_lying(title, categories, series, looks, unit, f"{uid}-narrow"),
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


def _upright(
    title: str,
    categories: Sequence[str],
    series: Sequence[Series],
    looks: Sequence[str],
    unit: str,
    uid: str,
) -> SafeString:
    scale = Scale.of((value for one in series for value in one.values), PLOT_HEIGHT)
    parts: list[SafeString] = []
    for tick, label in zip(scale.ticks, tick_labels(scale.ticks, unit), strict=True):
        y = TOP + PLOT_HEIGHT - scale.at(tick)
        parts.append(line(LEFT, y, WIDE - RIGHT, y))
        parts.append(words(label, LEFT - 9, y + 5, anchor="end", colour=MUTED))
    room = Decimal(WIDE - LEFT - RIGHT) / max(len(categories), 1)
    lines_of_text = 1
    for index, category in enumerate(categories):
        start = LEFT + room * index
        parts += _group(index, category, series, looks, unit, uid, start, room, scale)
        label_lines = wrapped(category, max(int(room / LETTER), 6))
        lines_of_text = max(lines_of_text, len(label_lines))
        middle = (start + room / 2).quantize(TENTH)
        parts += [
            words(text, middle, TOP + PLOT_HEIGHT + 21 + 17 * row, anchor="middle")
            for row, text in enumerate(label_lines)
        ]
    base = TOP + PLOT_HEIGHT - scale.at(ZERO)
    parts.append(line(LEFT, base, WIDE - RIGHT, base, INK))
    bottom = TOP + PLOT_HEIGHT + 17 * lines_of_text + 24
    keys, height = legend(
        [one.name for one in series], looks, uid=uid, x=LEFT, y=bottom, width=WIDE - LEFT
    )
    parts.append(keys)
    return frame(
        parts,
        uid=uid,
        width=WIDE,
        height=bottom + height,
        title=title,
        description=description_of(categories, series, unit),
    )


def _group(
    index: int,
    category: str,
    series: Sequence[Series],
    looks: Sequence[str],
    unit: str,
    uid: str,
    start: Decimal,
    room: Decimal,
    scale: Scale,
) -> list[SafeString]:
    """The bars of one category, with their figures above where there is room for all of them."""
    count = len(series)
    thick = min(Decimal(46), (room - 18 - 4 * (count - 1)) / count).quantize(TENTH)
    left = start + (room - thick * count - 4 * (count - 1)) / 2
    labels = [
        "" if value is None else short_label(value, unit)
        for value in (one.values[index] for one in series)
    ]
    has_room = all(len(label) * LETTER <= thick + 4 for label in labels)
    base = TOP + PLOT_HEIGHT - scale.at(ZERO)
    parts = []
    for order, (one, look, label) in enumerate(zip(series, looks, labels, strict=True)):
        value = one.values[index]
        x = (left + order * (thick + 4)).quantize(TENTH)
        middle = (x + thick / 2).quantize(TENTH)
        if value is None:
            short = one.absent_short
            parts.append(words(short, middle, base - 6, anchor="middle", size=13, colour=MUTED))
            continue
        end = TOP + PLOT_HEIGHT - scale.at(value)
        said_here = f"{category}, {one.name}: {said(value, unit)}"
        parts.append(
            block(x, min(base, end), thick, abs(base - end), look=look, uid=uid, words=said_here)
        )
        if has_room:
            above = end - 6 if value >= 0 else end + 15
            parts.append(words(label, middle, above, anchor="middle", size=13))
    return parts


def _lying(
    title: str,
    categories: Sequence[str],
    series: Sequence[Series],
    looks: Sequence[str],
    unit: str,
    uid: str,
) -> SafeString:
    values = [value for one in series for value in one.values if value is not None]
    labels = [short_label(value, unit) for value in values]
    keep = max((len(label) for label in labels), default=0) * 8 + 16
    scale = Scale.of(values, NARROW - keep)
    zero = scale.at(ZERO)
    keys, y = legend([one.name for one in series], looks, uid=uid, x=1, y=2, width=NARROW - 2)
    parts = [keys]
    y += 8
    for index, category in enumerate(categories):
        for text in wrapped(category, 42):
            y += 18
            parts.append(words(text, 0, y, size=15, bold=True))
        y += 6
        for one, look in zip(series, looks, strict=True):
            parts += _lying_row(category, one, index, look, unit, uid, y, scale, zero)
            y += ROW
        y += GAP
    return frame(
        parts,
        uid=uid,
        width=NARROW,
        height=y,
        title=title,
        description=description_of(categories, series, unit),
    )


def _lying_row(
    category: str,
    one: Series,
    index: int,
    look: str,
    unit: str,
    uid: str,
    y: int,
    scale: Scale,
    zero: Decimal,
) -> list[SafeString]:
    value = one.values[index]
    if value is None:
        return [words(one.absent.capitalize(), zero + 6, y + 14, size=15, colour=MUTED)]
    end = scale.at(value)
    bar = block(
        min(zero, end) + 1,
        y,
        abs(end - zero),
        ROW - 5,
        look=look,
        uid=uid,
        words=f"{category}, {one.name}: {said(value, unit)}",
    )
    return [bar, words(short_label(value, unit), max(end, zero) + 8, y + 14, size=15)]
