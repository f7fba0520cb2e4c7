"""The rows under a counted figure. The total row of each table is the figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from reporting.figures.rules.definitions import Definition, Opens
from reporting.figures.rules.progress import ContractProgress
from reporting.figures.rules.tables import TRACK_WORDS
from socialvalue.core.tables import Column, Table


@dataclass(frozen=True, slots=True)
class BegunProcurement:
    """A procurement begun in the period. ``weightings`` are those of its published tenders, in percent."""

    id: int
    reference: str
    title: str
    commenced_on: date
    asks: bool
    weightings: tuple[Decimal, ...] = ()


def average(weightings: Sequence[Decimal]) -> Decimal | None:
    """The unrounded mean; None of nothing."""
    return sum(weightings, Decimal(0)) / len(weightings) if weightings else None


def counts(
    contracts: Sequence[ContractProgress], begun: Sequence[BegunProcurement]
) -> dict[str, Decimal | None]:
    """Every count by figure name; an average of nothing is None."""
    return {
        "contracts_live": Decimal(len(contracts)),
        "commitments_count": Decimal(sum(row.commitment_count for row in contracts)),
        "commitments_tracked": Decimal(sum(len(row.commitments) for row in contracts)),
        "commitments_on_track": Decimal(sum(row.on_track for row in contracts)),
        "procurements_count": Decimal(len(begun)),
        "procurements_with_social_value": Decimal(sum(row.asks for row in begun)),
        "average_weighting": average([one for row in begun for one in row.weightings]),
    }


def counted_contracts(caption: str, rows: Sequence[ContractProgress]) -> Table:
    """The contracts of the period with how many commitments each has, can be tracked, and is on track with."""
    return Table(
        caption,
        (
            Column("Contract", width=40),
            Column("Reference"),
            Column("Supplier", width=30),
            Column("Commitments", "number"),
            Column("That can be tracked", "number"),
            Column("On track", "number"),
            Column("Status"),
        ),
        [
            (
                row.title,
                row.reference,
                row.supplier_name,
                row.commitment_count,
                len(row.commitments),
                row.on_track,
                TRACK_WORDS[row.track],
            )
            for row in rows
        ],
        total=(
            f"Total, {len(rows)}",
            "",
            "",
            sum(row.commitment_count for row in rows),
            sum(len(row.commitments) for row in rows),
            sum(row.on_track for row in rows),
            "",
        ),
        empty="No contract ran in this period.",
    )


def counted_procurements(caption: str, rows: Sequence[BegunProcurement]) -> Table:
    """The procurements begun in the period, whether each asks for social value, and its weighting."""
    return Table(
        caption,
        (
            Column("Procurement", width=40),
            Column("Reference"),
            Column("Commenced", "date"),
            Column("Asks for social value"),
            Column("Weighting (%)", "percent"),
        ),
        [
            (
                row.title,
                row.reference,
                row.commenced_on,
                "Yes" if row.asks else "No",
                average(row.weightings),
            )
            for row in rows
        ],
        total=(
            f"Total, {len(rows)}",
            "",
            "",
            f"{sum(row.asks for row in rows)} of {len(rows)}",
            average([one for row in rows for one in row.weightings]),
        ),
        empty="No procurement began in this period.",
    )


def rows_under(
    definition: Definition, begun: Sequence[BegunProcurement]
) -> tuple[BegunProcurement, ...]:
    """The procurements that this figure counts."""
    if definition.name == "procurements_with_social_value":
        return tuple(row for row in begun if row.asks)
    if definition.name == "average_weighting":
        return tuple(row for row in begun if row.weightings)
    return tuple(begun)


def is_of_contracts(definition: Definition) -> bool:
    return definition.opens == Opens.CONTRACTS
