"""The board as a table to keep."""

from __future__ import annotations

from procurement.evaluations.queries.board import Board, BoardRow
from socialvalue.core.money import from_pence
from socialvalue.core.tables import Column, Table, Value

GATE = {True: "Passed", False: "Not passed"}


def board_table(board: Board) -> Table:
    """One row a bid, as on the page; points only once the bids are ranked."""
    return Table(
        "Bids by rank" if board.is_ranked else "Bids",
        [
            Column("Bidder", width=40), Column("Rank", "number"), Column("Gate"),
            Column("Why not passed", width=60), Column("Price (£, excluding VAT)", "money"),
            Column("Measures offered", "number"), Column("Claims ruled out", "number"),
            Column("Social value offered (£)", "money", is_social_value=True),
            Column("Social value that counts (£)", "money", is_social_value=True),
            Column("Quantities (points)", "number"), Column("Answers (points)", "number"),
            Column("Total (of 100)", "number"), Column("Of the award (points)", "number"),
            Column("Whole award (of 100)", "number"), Column("Rank of the whole award", "number"),
        ],
        [_row(row, has_points=not board.is_pass_fail) for row in board.rows],
        empty="No bids were submitted.",
    )  # fmt: skip


def _row(row: BoardRow, *, has_points: bool) -> tuple[Value, ...]:
    is_scored = row.rank is not None and has_points
    return (
        row.supplier_name, row.rank, GATE[row.is_passed], row.reason, row.price, row.lines, row.ruled_out,
        from_pence(row.offered_pence), from_pence(row.scored_pence),
        row.quantitative if is_scored else None, row.qualitative if is_scored else None,
        row.total if is_scored else None, row.award_points if is_scored else None,
        row.whole_points, row.whole_rank,
    )  # fmt: skip
