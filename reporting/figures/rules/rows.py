"""Rows that each belong to one contract: the columns they begin with, and how their total begins."""

from __future__ import annotations

from collections.abc import Sequence

from socialvalue.core.tables import Column

CONTRACT_COLUMNS = (Column("Contract", width=40), Column("Reference"), Column("Supplier", width=30))


def contract_total(rows: Sequence[object]) -> tuple[str, str, str]:
    """What stands under these three columns: how many rows there are."""
    return (f"Total, {len(rows)}", "", "")
