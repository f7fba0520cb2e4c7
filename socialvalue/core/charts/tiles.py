"""A tile-grid map: one square a member authority, where it lies roughly, with its figure written on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.html import format_html
from django.utils.safestring import SafeString

from socialvalue.core.charts.drawing import (
    BRAND,
    INK,
    MUTED,
    Chart,
    Series,
    description_of,
    frame,
    joined,
    said,
    table_of,
    words,
    wrapped,
)
from socialvalue.core.charts.scale import Scale, short_label, tick_labels


@dataclass(frozen=True)
class Shape:
    """How large a square and its letters are, in the units of the drawing."""

    size: int
    gap: int
    code: int
    figure: int
    absent: int
    letters: int
    """How many of ``absent`` fit beside each other; more than that goes on a second line."""

    @property
    def step(self) -> int:
        return self.size + self.gap


WIDE = Shape(size=78, gap=6, code=15, figure=15, absent=11, letters=14)
NARROW = Shape(size=42, gap=3, code=12, figure=11, absent=9, letters=9)
"""Drawn about as large as it is shown: letters that shrink with a wide drawing cannot be read on a phone."""

# Fill and the ink that reads on it, from little to much.
SHADES = (
    ("#e6f1ef", INK),
    ("#b5d5d0", INK),
    ("#7db5ad", INK),
    ("#1f7a73", "#fff"),
    ("#00524e", "#fff"),
)


@dataclass(frozen=True)
class Tile:
    """An authority's square; ``value`` None is "not reported". Where columns and rows begin does not matter."""

    code: str
    name: str
    column: int
    row: int
    value: Decimal | None
    href: str = ""
    absent: str = ""
    """Written where there is no value, when that is not because nothing was reported: a word or two."""


def tile_map(
    *,
    title: str,
    tiles: Sequence[Tile],
    uid: str,
    unit: str = "%",
    figure_name: str = "Verified",
    table_heading: str = "Authority",
    note: str = "",
    is_share: bool = False,
) -> Chart:
    """Tiles shaded in five steps with their figures; with ``is_share`` the steps are fifths of 100."""
    known = [tile.value for tile in tiles if tile.value is not None]
    scale = Scale.of([Decimal(100)] if is_share else known, 100)
    names = [f"{tile.name} ({tile.absent})" if tile.absent else tile.name for tile in tiles]
    series = [Series(figure_name, [tile.value for tile in tiles])]
    drawn = [
        _drawing(shape, tiles, scale, unit, name, title, description_of(names, series, unit))
        for shape, name in ((WIDE, uid), (NARROW, f"{uid}-narrow"))
    ]
    return Chart(
        title=title,
        svg=drawn[0],
        narrow_svg=drawn[1],
        table=table_of(
            caption=title,
            heading=table_heading,
            categories=names,
            series=series,
            unit=unit,
            has_total=unit not in {"%"},
            links=[tile.href for tile in tiles],
        ),
        note=note,
        is_empty=not known,
    )


def _drawing(
    shape: Shape,
    tiles: Sequence[Tile],
    scale: Scale,
    unit: str,
    uid: str,
    title: str,
    description: str,
) -> SafeString:
    """The squares without the empty columns and rows before the first, and the steps under them."""
    left = min((tile.column for tile in tiles), default=0)
    top = min((tile.row for tile in tiles), default=0)
    columns = max((tile.column for tile in tiles), default=left) - left + 1
    rows = max((tile.row for tile in tiles), default=top) - top + 1
    width = max(columns * shape.step, 344)
    under = rows * shape.step + 14
    squares = [
        _square(
            tile,
            (tile.column - left) * shape.step + 1,
            (tile.row - top) * shape.step + 1,
            shape,
            scale,
            unit,
        )
        for tile in tiles
    ]
    keys, keys_height = _keys(scale, unit, under)
    return frame(
        [*squares, keys],
        uid=uid,
        width=width,
        height=under + keys_height,
        title=title,
        description=description,
        role="group" if any(tile.href for tile in tiles) else "img",
    )


def _shade(value: Decimal, scale: Scale) -> tuple[str, str]:
    step = int(scale.at(value) * len(SHADES) / 100)
    return SHADES[max(0, min(step, len(SHADES) - 1))]


def _square(tile: Tile, x: int, y: int, shape: Shape, scale: Scale, unit: str) -> SafeString:
    spoken = f"{tile.name}: {tile.absent or said(tile.value, unit)}"
    if tile.value is None:
        fill, ink, shown = "#fff", MUTED, tile.absent or "n/r"
    else:
        fill, ink = _shade(tile.value, scale)
        shown = short_label(tile.value, unit)
    middle, lines = shape.size // 2, wrapped(shown, shape.letters, 2)
    size = shape.absent if tile.value is None and tile.absent else shape.figure
    drawn = joined(
        [
            format_html(
                '<rect x="{}" y="{}" width="{}" height="{}" rx="4" fill="{}" stroke="{}" stroke-width="1"{}/>',
                x,
                y,
                shape.size - 2,
                shape.size - 2,
                fill,
                BRAND if tile.value is not None else MUTED,
                SafeString(' stroke-dasharray="4 3"') if tile.value is None else "",
            ),
            words(
                tile.code,
                x + middle - 1,
                y + middle - 3,
                anchor="middle",
                size=shape.code,
                colour=ink,
                bold=True,
            ),
            *(
                words(
                    line,
                    x + middle - 1,
                    y + middle + size + 2 - 4 * (len(lines) - 1) + number * size,
                    anchor="middle",
                    size=size,
                    colour=ink,
                )
                for number, line in enumerate(lines)
            ),
        ]
    )
    if tile.href:
        return format_html(
            '<a class="sv-map-tile" href="{}"><title>{}</title>{}</a>',
            tile.href,
            spoken,
            drawn,
        )
    return format_html("<g><title>{}</title>{}</g>", spoken, drawn)


def _keys(scale: Scale, unit: str, y: int) -> tuple[SafeString, int]:
    """The five steps from the least to the most, with the figures at both ends."""
    ends = tick_labels([scale.ticks[0], scale.ticks[-1]], unit)
    parts = [words(ends[0], 1, y + 14, colour=MUTED)]
    left = 1 + 8 * len(ends[0]) + 8
    for fill, _ink in SHADES:
        parts.append(
            format_html(
                '<rect x="{}" y="{}" width="26" height="16" fill="{}" stroke="{}" stroke-width="0.7"/>',
                left,
                y + 1,
                fill,
                BRAND,
            )
        )
        left += 26
    parts.append(words(ends[1], left + 8, y + 14, colour=MUTED))
    left += 8 + 8 * len(ends[1]) + 18
    parts.append(words("n/r: not reported", left, y + 14, colour=MUTED))
    return joined(parts), 26
