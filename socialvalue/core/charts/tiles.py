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
)
from socialvalue.core.charts.scale import Scale, short_label, tick_labels

SIZE, GAP = 78, 6
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
    """An authority's square; ``value`` None is "not reported". Columns and rows start at 0."""

    code: str
    name: str
    column: int
    row: int
    value: Decimal | None
    href: str = ""
    absent: str = ""
    """Written where there is no value, when that is not because nothing was reported; about 13 letters fit."""


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
    columns = max((tile.column for tile in tiles), default=0) + 1
    rows = max((tile.row for tile in tiles), default=0) + 1
    width = max(columns * (SIZE + GAP), 344)
    grid_height = rows * (SIZE + GAP)
    parts = [_square(tile, scale, unit, uid) for tile in tiles]
    keys, keys_height = _keys(scale, unit, uid, grid_height + 14, width)
    svg = frame(
        [*parts, keys],
        uid=uid,
        width=width,
        height=grid_height + 14 + keys_height,
        title=title,
        description=description_of(names, series, unit),
        role="group" if any(tile.href for tile in tiles) else "img",
    )
    return Chart(
        title=title,
        svg=svg,
        narrow_svg=SafeString(""),
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


def _shade(value: Decimal, scale: Scale) -> tuple[str, str]:
    step = int(scale.at(value) * len(SHADES) / 100)
    return SHADES[max(0, min(step, len(SHADES) - 1))]


def _square(tile: Tile, scale: Scale, unit: str, uid: str) -> SafeString:
    x, y = tile.column * (SIZE + GAP) + 1, tile.row * (SIZE + GAP) + 1
    spoken = f"{tile.name}: {tile.absent or said(tile.value, unit)}"
    if tile.value is None:
        fill, ink, shown = "#fff", MUTED, tile.absent or "n/r"
    else:
        fill, ink = _shade(tile.value, scale)
        shown = short_label(tile.value, unit)
    drawn = joined(
        [
            format_html(
                '<rect x="{}" y="{}" width="{}" height="{}" rx="4" fill="{}" stroke="{}" stroke-width="1"{}/>',
                x,
                y,
                SIZE - 2,
                SIZE - 2,
                fill,
                BRAND if tile.value is not None else MUTED,
                SafeString(' stroke-dasharray="4 3"') if tile.value is None else "",
            ),
            words(
                tile.code,
                x + SIZE // 2 - 1,
                y + SIZE // 2 - 3,
                anchor="middle",
                size=15,
                colour=ink,
                bold=True,
            ),
            words(
                shown,
                x + SIZE // 2 - 1,
                y + SIZE // 2 + 17,
                anchor="middle",
                size=11 if tile.value is None and tile.absent else 15,
                colour=ink,
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


def _keys(scale: Scale, unit: str, uid: str, y: int, width: int) -> tuple[SafeString, int]:
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
