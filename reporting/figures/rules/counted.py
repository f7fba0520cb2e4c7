"""The figures that are counts: contracts, commitments, procurements, and the average weighting."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from reporting.figures.rules.positions import Position
from reporting.figures.rules.shapes import OWN_PEOPLE, Definition, Kind, Opens, plural


def _count(name: str) -> Callable[[Position], Decimal | None]:
    return lambda position: position.counts.get(name)


def _on_track_beside(position: Position) -> str:
    tracked = position.counts.get("commitments_tracked")
    return "" if tracked is None else f"of {plural(tracked, 'commitment')} that can be tracked"


COUNTED_FIGURES = (
    Definition(
        "contracts_live",
        "Contracts running in the period",
        "Contracts with social value commitments that ran on at least one day of the period.",
        Kind.COUNT,
        "contracts",
        "Count of contracts that start on or before the last day and end on or after the first day of the period.",
        _count("contracts_live"),
        source="Contracts",
        visible_to=OWN_PEOPLE,
        opens=Opens.CONTRACTS,
        for_region=False,
    ),
    Definition(
        "commitments_count",
        "Commitments in these contracts",
        "Promises in the contracts that ran in the period, one for each measure of a contract.",
        Kind.COUNT,
        "commitments",
        "Count of commitments of the contracts running in the period.",
        _count("commitments_count"),
        source="Contracts",
        visible_to=OWN_PEOPLE,
        opens=Opens.CONTRACTS,
        for_region=False,
    ),
    Definition(
        "commitments_on_track",
        "Commitments on track",
        "Commitments of running contracts whose verified delivery keeps up with the plan to date.",
        Kind.COUNT,
        "commitments",
        "Count of commitments that add up or are rates, where verified to date is at least 90% of planned to date, "
        "or nothing was planned yet.",
        _count("commitments_on_track"),
        source="Action plans and the roll-up totals of each commitment",
        visible_to=OWN_PEOPLE,
        opens=Opens.CONTRACTS,
        beside=_on_track_beside,
        for_region=False,
    ),
    Definition(
        "procurements_count",
        "Procurements begun",
        "Procurements that commenced in the period and were not withdrawn.",
        Kind.COUNT,
        "procurements",
        "Count of procurements whose commencement date lies in the period, without drafts and withdrawn ones.",
        _count("procurements_count"),
        source="Procurements",
        visible_to=OWN_PEOPLE,
        opens=Opens.PROCUREMENTS,
        for_region=False,
    ),
    Definition(
        "procurements_with_social_value",
        "Procurements that ask for social value",
        "Procurements begun in the period whose published tender asks for at least one social value measure.",
        Kind.COUNT,
        "procurements",
        "Count of procurements begun in the period with a published tender that has requirements.",
        _count("procurements_with_social_value"),
        source="Procurements and tenders",
        visible_to=OWN_PEOPLE,
        opens=Opens.PROCUREMENTS,
        for_region=False,
    ),
    Definition(
        "average_weighting",
        "Average social value weighting",
        "The share of the marks that tenders of the period give to social value, on average.",
        Kind.PERCENT,
        "%",
        "Mean of the weightings of published tenders of procurements begun in the period; pass or fail tenders "
        "have no weighting and are left out.",
        _count("average_weighting"),
        source="Tenders",
        visible_to=OWN_PEOPLE,
        opens=Opens.PROCUREMENTS,
        for_region=False,
    ),
)
