"""Charts of the dashboards, from the same amounts as their tables."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from reporting.figures.rules.tables import Amounts
from socialvalue.core.charts import Chart, Series, Tile, grouped_bars, tile_map
from socialvalue.core.money import from_pence


def amounts_chart(
    title: str, heading: str, lines: Sequence[Amounts], *, uid: str, money: bool, note: str = ""
) -> Chart:
    """Committed, claimed and verified beside each other; without £, numbers of ledger entries."""

    def series(name: str, basis: str) -> Series:
        if money:
            return Series(name, [from_pence(getattr(line.pence, basis)) for line in lines])
        return Series(name, [Decimal(getattr(line.entries, basis)) for line in lines])

    return grouped_bars(
        title=title,
        categories=[line.label for line in lines],
        series=[
            series("Committed", "committed"),
            series("Claimed", "claimed"),
            series("Verified", "verified"),
        ],
        unit="£" if money else "",
        uid=uid,
        table_heading=heading,
        note=note,
    )


def share_map(title: str, tiles: Sequence[Tile], *, note: str = "") -> Chart:
    """Verified as a share of committed for each member authority."""
    return tile_map(
        title=title,
        tiles=tiles,
        uid="members",
        unit="%",
        figure_name="Verified of committed",
        note=note,
        is_share=True,
    )
