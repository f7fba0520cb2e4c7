"""The figures that are counts: contracts, commitments, procurements, and the average weighting."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from reporting.figures.rules.positions import Position
from reporting.figures.rules.shapes import OWN_PEOPLE, Definition, Kind, Opens
from socialvalue.core.money import count_text, pounds, quantity_text


def _count(name: str) -> Callable[[Position], Decimal | None]:
    return lambda position: position.counts.get(name)


def _on_track_beside(position: Position) -> str:
    tracked = position.counts.get("commitments_tracked")
    return "" if tracked is None else f"of {count_text(tracked, 'commitment')} that can be tracked"


def _known(name: str, what: str) -> Callable[[Position], str]:
    """Of how many contracts the answer is known."""

    def beside(position: Position) -> str:
        known, rows = position.counts.get(f"{name}_known"), position.counts.get("contracts_valued")
        if known is None or rows is None:
            return ""
        contracts = "contract" if rows == 1 else "contracts"
        return f"{what} is known for {quantity_text(known)} of {quantity_text(rows)} {contracts}"

    return beside


def _asked_beside(position: Position) -> str:
    asked = position.counts.get("procurements_with_social_value")
    begun = position.counts.get("procurements_count")
    if asked is None or begun is None:
        return ""
    return f"{quantity_text(asked)} of {count_text(begun, 'procurement')}"


def _followed_beside(position: Position) -> str:
    followed, judged = (position.counts.get(name) for name in ("routes_complying", "routes_judged"))
    if followed is None or judged is None:
        return ""
    return f"{quantity_text(followed)} of {quantity_text(judged)} that can be judged"


def _forecast_beside(position: Position) -> str:
    """``between £10 and £20, of £25 promised by 3 of 5 commitments``"""
    low, high, promised, seen, of = (
        position.counts.get(f"forecast_{name}")
        for name in ("low", "high", "promised", "commitments", "of")
    )
    if low is None or high is None or promised is None or seen is None or of is None:
        return ""
    between = f"between {pounds(low)} and {pounds(high)}, " if low != high else ""
    return (
        f"{between}of {pounds(promised)} promised by {quantity_text(seen)} of "
        f"{count_text(of, 'commitment')}"
    )


def _delivery_beside(position: Position) -> str:
    verified, planned = (
        position.counts.get(name) for name in ("verified_to_date", "planned_to_date")
    )
    if verified is None or planned is None:
        return ""
    return f"{pounds(verified)} of {pounds(planned)} planned to date"


CONTRACT_VALUES = "Contracts, and what suppliers say of themselves"
NOT_PAYMENTS = (
    "It is the value of the contracts without VAT, not what was paid. Where a value includes VAT, "
    "20% is taken off."
)


SAYS_ITSELF = "A supplier's administrator says it under its organisation."


def _value_share(
    name: str, label: str, whom: str, counts: str, what: str, known: str
) -> Definition:
    """``known``: who says what it rests on, so that a reader of "not reported" knows whom to ask."""
    return Definition(
        name,
        label,
        f"The part of the value of the contracts running in the period that is with {whom}.",
        Kind.PERCENT,
        "%",
        f"Value of contracts with {counts}, divided by the value of all contracts running in the period, times 100. "
        f"{NOT_PAYMENTS} {known} With no contract of which it is known, the figure is not reported.",
        _count(name),
        source=CONTRACT_VALUES,
        visible_to=OWN_PEOPLE,
        opens=Opens.CONTRACTS,
        beside=_known(name, what),
        for_region=False,
    )


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
    Definition(
        "social_value_asked_share",
        "Share of procurements that ask for social value",
        "How many of the procurements begun in the period ask for at least one social value measure.",
        Kind.PERCENT,
        "%",
        "Procurements that ask for social value divided by procurements begun in the period, times 100.",
        _count("social_value_asked_share"),
        source="Procurements and tenders",
        visible_to=OWN_PEOPLE,
        opens=Opens.PROCUREMENTS,
        beside=_asked_beside,
        for_region=False,
    ),
    Definition(
        "routes_followed_share",
        "Share of procurements whose route was followed",
        "How many of the procurements begun in the period went the way their route asks, or say why not.",
        Kind.PERCENT,
        "%",
        "Procurements whose route was followed, or departed from with a recorded reason, divided by those that can be "
        "judged, times 100. Not yet due and not known are left out.",
        _count("routes_followed_share"),
        source="The compliance register",
        visible_to=OWN_PEOPLE,
        opens=Opens.PROCUREMENTS,
        beside=_followed_beside,
        for_region=False,
    ),
    Definition(
        "delivery_share",
        "Delivery against plan",
        "How much of what the plans of running contracts say should be delivered by today has been verified.",
        Kind.PERCENT,
        "%",
        "Verified to date divided by planned to date of the contracts running in the period, times 100. Today counts, "
        "whatever the period.",
        _count("delivery_share"),
        source="Action plans and the roll-up cells of each contract",
        visible_to=OWN_PEOPLE,
        opens=Opens.CONTRACTS,
        beside=_delivery_beside,
        for_region=False,
        from_money=True,
    ),
    Definition(
        "forecast_total",
        "Forecast to the end of the contracts",
        "What the contracts running in the period will have delivered at their end if every commitment goes on as it "
        "went.",
        Kind.MONEY,
        "£",
        "Sum over the commitments that add up and have a quarter behind them: the quantity at the end at the pace so "
        "far, at the commitment's own value. The low end takes the slowest of the last four quarters of each, the high "
        "end the fastest. Commitments without a forecast are left out on both sides.",
        _count("forecast_total"),
        source="Action plans, and verified ledger entries of each commitment",
        visible_to=OWN_PEOPLE,
        opens=Opens.CONTRACTS,
        beside=_forecast_beside,
        for_region=False,
    ),
    _value_share(
        "local_value_share",
        "Contract value with local suppliers",
        "suppliers in the authority's own place",
        "suppliers whose place, or where a place is not said whose postcode district, is the authority's own",
        "the supplier's place",
        "A supplier's administrator enters the first half of its postcode under its organisation; the authority's own "
        "place is in the list of authorities that the platform was set up with.",
    ),
    _value_share(
        "sme_value_share",
        "Contract value with SMEs",
        "small and medium-sized enterprises",
        "suppliers that say they are an SME",
        "the size of the supplier",
        SAYS_ITSELF,
    ),
    _value_share(
        "vcse_value_share",
        "Contract value with VCSEs",
        "voluntary, community and social enterprises",
        "suppliers that say they are a VCSE",
        "the size of the supplier",
        SAYS_ITSELF,
    ),
)
