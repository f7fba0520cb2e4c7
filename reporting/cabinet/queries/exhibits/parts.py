"""How an exhibit is written down: with £, and for those who see counts only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from reporting.cabinet.rules.content import Json, chart_json, table_json
from reporting.figures.rules import tables
from reporting.figures.rules.tables import Amounts
from socialvalue.core.money import from_pence
from socialvalue.core.tables import Table

TOTALS = (
    "",
    "committed_total",
    "claimed_total",
    "evidenced_total",
    "verified_total",
    "verified_share",
)
MOST_LINES = 15
"""Lines of a list in the text; the annex has all of them."""


def both(
    money: Table,
    counts: Table | None = None,
    *,
    row_figures: Sequence[str] = (),
    total_figures: Sequence[str] = (),
) -> Json:
    """A table in both variants. Without one of its own for counts only, its £ columns are left out there."""
    return {
        "money": table_json(money, row_figures=row_figures, total_figures=total_figures),
        "counts": None if counts is None else table_json(counts),
    }


def amounts(caption: str, heading: str, lines: Sequence[Amounts], *, is_whole: bool = True) -> Json:
    """The bases of each line. ``is_whole``: the lines add up to the totals of the report."""
    return both(
        tables.amounts_table(caption, heading, lines, money=True),
        tables.amounts_table(caption, heading, lines, money=False),
        total_figures=TOTALS if is_whole and lines else (),
    )


def bars(title: str, heading: str, lines: Sequence[Amounts]) -> Json:
    """The three bases beside each other, in £ and in ledger entries."""
    categories = [line.label for line in lines]
    names = {"Committed": "committed", "Claimed": "claimed", "Verified": "verified"}
    pounds = {k: [from_pence(getattr(a.pence, v)) for a in lines] for k, v in names.items()}
    entries = {k: [Decimal(getattr(a.entries, v)) for a in lines] for k, v in names.items()}
    return {
        "money": chart_json(title, heading, "£", categories, pounds),
        "counts": chart_json(f"{title}, ledger entries", heading, "", categories, entries),
    }


def cut(table: Table, what: str) -> Table:
    """The first lines of a long list, and a caption that says so."""
    how_many = len(table.rows)
    if how_many <= MOST_LINES:
        return table
    return replace(
        table,
        caption=f"{table.caption}, the first {MOST_LINES} of {how_many} {what}",
        rows=table.rows[:MOST_LINES],
    )


def start(text: str) -> str:
    """A figure at the start of a cell."""
    return text[:1].upper() + text[1:]
