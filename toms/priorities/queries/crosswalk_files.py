"""The crosswalk and the codes of other families as files."""

from __future__ import annotations

from collections.abc import Sequence

from socialvalue.core.tables import Column, Table
from toms.priorities.queries.aliases import AliasLine
from toms.priorities.queries.crosswalk import CrosswalkRow


def crosswalk_table(region_name: str, rows: Sequence[CrosswalkRow]) -> Table:
    """Every row with why it counts as it does."""
    return Table(
        f"Crosswalk of {region_name}",
        [
            Column("Code"), Column("Measure", width=44), Column("Unit"), Column("Edition", width=32),
            Column("Used by", width=40), Column("How it counts", width=24),
            Column("Regional code"), Column("Regional measure", width=44), Column("Regional unit"),
            Column("Regional units for one", "number"), Column("Why", width=60),
        ],
        [
            (
                row.measure.code, row.measure.title, row.measure.unit, row.edition.name,
                "; ".join(row.authorities), row.standing.label,
                row.target.code if row.target else "",
                row.target.title if row.target else "",
                row.target.unit if row.target else "",
                row.resolved.factor if row.target else None,
                row.resolved.why,
            )
            for row in rows
        ],
    )  # fmt: skip


def alias_table(lines: Sequence[AliasLine]) -> Table:
    return Table(
        "Codes of other families",
        [
            Column("Family", width=24), Column("Code there"), Column("Our code"),
            Column("Our measure", width=44), Column("Our unit"), Column("Certainty", width=60),
        ],
        [
            (line.family, line.alias, line.measure.code, line.measure.title, line.measure.unit, line.certainty)
            for line in lines
        ],
    )  # fmt: skip
