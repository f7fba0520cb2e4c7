"""Every named figure once: what it means, its unit, how it is worked out, where it comes from, who may see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from procurement.ledger.vocabulary import Basis
from reporting.figures.rules.positions import (
    MeasureFacts,
    Position,
    entries_under,
    measure_pence,
    measure_quantity,
    share_percent,
    total_pence,
)
from socialvalue.core.money import (
    from_pence,
    percent_text,
    pounds,
    pounds_short,
    quantity_text,
    to_pence,
)

NOT_REPORTED = "not reported"
LEDGER = "Ledger entries, through the roll-up cells"
BUYERS = "People of the authority; for a region also its regional analysts"
OWN_PEOPLE = "People of the authority"


class Kind(StrEnum):
    MONEY = "money"
    QUANTITY = "quantity"
    COUNT = "count"
    PERCENT = "percent"


class Opens(StrEnum):
    """Which rows stand under a figure."""

    ENTRIES = "entries"
    CONTRACTS = "contracts"
    PROCUREMENTS = "procurements"


@dataclass(frozen=True, slots=True)
class Definition:
    """One figure. ``compute`` gives it in its unit (pounds for money), None when nothing was reported."""

    name: str
    label: str
    meaning: str
    kind: Kind
    unit: str
    computation: str
    compute: Callable[[Position], Decimal | None]
    source: str = LEDGER
    visible_to: str = BUYERS
    opens: Opens = Opens.ENTRIES
    basis: str = ""
    measures: Callable[[MeasureFacts], bool] | None = None
    beside: Callable[[Position], str] | None = None
    for_region: bool = True
    from_money: bool = False
    """A figure that is made of £ without being £ itself: hidden with them."""

    @property
    def is_money(self) -> bool:
        """Hidden when only counts are shown."""
        return self.kind == Kind.MONEY or self.from_money


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its value. ``shown`` is exact, ``short`` is for tiles, ``beside`` is what it comes from."""

    name: str
    label: str
    meaning: str
    kind: str
    unit: str
    computation: str
    source: str
    visible_to: str
    value: Decimal | None
    shown: str
    short: str
    beside: str = ""
    opens_url: str = ""
    is_money: bool = False

    @property
    def value_pence(self) -> int | None:
        """Whole pence of a money figure."""
        if self.kind != Kind.MONEY or self.value is None:
            return None
        return to_pence(self.value)


def is_local_employment(measure: MeasureFacts) -> bool:
    return measure.is_local_employment


def is_not_local_employment(measure: MeasureFacts) -> bool:
    return not measure.is_local_employment


def is_carbon(measure: MeasureFacts) -> bool:
    return measure.unit == "tCO2e"


def is_work_years(measure: MeasureFacts) -> bool:
    return measure.unit == "FTE-years"


def _pounds_total(basis: str) -> Callable[[Position], Decimal | None]:
    return lambda position: from_pence(total_pence(position, basis))


def _pounds_of(
    basis: str, wanted: Callable[[MeasureFacts], bool]
) -> Callable[[Position], Decimal | None]:
    return lambda position: from_pence(measure_pence(position, basis, wanted))


def _quantity_of(
    basis: str, wanted: Callable[[MeasureFacts], bool]
) -> Callable[[Position], Decimal | None]:
    return lambda position: measure_quantity(position, basis, wanted)


def _count(name: str) -> Callable[[Position], Decimal | None]:
    return lambda position: position.counts.get(name)


def _under(basis: str) -> Callable[[Position], str]:
    def beside(position: Position) -> str:
        count = entries_under(position, basis)
        measures = len({c.measure_id for c in position.cells if c.basis == basis})
        return f"{plural(count, 'ledger entry', 'ledger entries')}, {plural(measures, 'measure')}"

    return beside


def plural(count: int | Decimal, one: str, many: str = "") -> str:
    """``1 entry``, ``2 entries``."""
    return f"{quantity_text(Decimal(count))} {one if count == 1 else many or one + 's'}"


def _share(position: Position) -> Decimal | None:
    return share_percent(
        total_pence(position, Basis.VERIFIED), total_pence(position, Basis.COMMITTED)
    )


def _share_beside(position: Position) -> str:
    verified = pounds(from_pence(total_pence(position, Basis.VERIFIED)))
    return f"{verified} of {pounds(from_pence(total_pence(position, Basis.COMMITTED)))}"


def _on_track_beside(position: Position) -> str:
    tracked = position.counts.get("commitments_tracked")
    return "" if tracked is None else f"of {plural(tracked, 'commitment')} that can be tracked"


def _money(
    name: str, label: str, meaning: str, basis: str, computation: str, **more: object
) -> Definition:
    compute = _pounds_total(basis)
    wanted = more.get("measures")
    if callable(wanted):
        compute = _pounds_of(basis, wanted)
    else:
        more["beside"] = _under(basis)
    return Definition(
        name,
        label,
        meaning,
        Kind.MONEY,
        "£",
        computation,
        compute,
        basis=basis,
        **more,  # type: ignore[arg-type]
    )


def _quantity(
    name: str,
    label: str,
    meaning: str,
    unit: str,
    basis: str,
    wanted: Callable[[MeasureFacts], bool],
) -> Definition:
    return Definition(
        name,
        label,
        meaning,
        Kind.QUANTITY,
        unit,
        f"Sum of the quantities of {basis} entries of the period on every measure counted in {unit}.",
        _quantity_of(basis, wanted),
        basis=basis,
        measures=wanted,
    )


_DEFINITIONS = (
    _money(
        "committed_total",
        "Social value committed",
        "What suppliers have promised in their contracts for delivery in this period.",
        Basis.COMMITTED,
        "Sum of the £ of committed entries whose month lies in the period.",
    ),
    _money(
        "claimed_total",
        "Social value claimed",
        "What suppliers say they delivered in this period, whether or not it has been verified yet.",
        Basis.CLAIMED,
        "Sum of the £ of claimed entries whose month lies in the period.",
    ),
    _money(
        "verified_total",
        "Social value verified",
        "What suppliers delivered in this period and the contract manager has verified against evidence.",
        Basis.VERIFIED,
        "Sum of the £ of verified entries whose month lies in the period, corrections included.",
    ),
    Definition(
        "verified_share",
        "Share of commitments verified",
        "How much of what was promised for this period has been verified.",
        Kind.PERCENT,
        "%",
        "Social value verified divided by social value committed, times 100.",
        _share,
        basis=Basis.VERIFIED,
        beside=_share_beside,
        from_money=True,
    ),
    _money(
        "committed_local_employment",
        "Committed through local employment",
        "The part of the committed social value that is pay of local people.",
        Basis.COMMITTED,
        "Sum of the £ of committed entries of the period on measures marked as local employment.",
        measures=is_local_employment,
    ),
    _money(
        "committed_without_local_employment",
        "Committed without local employment",
        "The committed social value that is not pay of local people.",
        Basis.COMMITTED,
        "Social value committed less the part committed through local employment.",
        measures=is_not_local_employment,
    ),
    _money(
        "verified_local_employment",
        "Verified through local employment",
        "The part of the verified social value that is pay of local people.",
        Basis.VERIFIED,
        "Sum of the £ of verified entries of the period on measures marked as local employment.",
        measures=is_local_employment,
    ),
    _money(
        "verified_without_local_employment",
        "Verified without local employment",
        "The verified social value that is not pay of local people.",
        Basis.VERIFIED,
        "Social value verified less the part verified through local employment.",
        measures=is_not_local_employment,
    ),
    _quantity(
        "tco2e_committed",
        "Emissions to be avoided, committed",
        "Greenhouse gas emissions that suppliers have promised to avoid in this period.",
        "tCO2e",
        Basis.COMMITTED,
        is_carbon,
    ),
    _quantity(
        "tco2e_verified",
        "Emissions avoided, verified",
        "Greenhouse gas emissions avoided in this period, verified against evidence.",
        "tCO2e",
        Basis.VERIFIED,
        is_carbon,
    ),
    _quantity(
        "fte_years_committed",
        "Years of work committed",
        "Full-time-equivalent years of work for local and disadvantaged people promised for this period.",
        "FTE-years",
        Basis.COMMITTED,
        is_work_years,
    ),
    _quantity(
        "fte_years_verified",
        "Years of work verified",
        "Full-time-equivalent years of work for local and disadvantaged people, verified against evidence.",
        "FTE-years",
        Basis.VERIFIED,
        is_work_years,
    ),
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

FIGURES: dict[str, Definition] = {definition.name: definition for definition in _DEFINITIONS}


def shown(definition: Definition, value: Decimal | None) -> str:
    """The exact text of a value; a percentage with one place, beside the numbers it comes from."""
    if value is None:
        return NOT_REPORTED
    if definition.kind == Kind.MONEY:
        return pounds(value)
    if definition.kind == Kind.PERCENT:
        return percent_text(value, 1)
    if definition.kind == Kind.QUANTITY:
        return f"{quantity_text(value)} {definition.unit}"
    return quantity_text(value)


def short(definition: Definition, value: Decimal | None) -> str:
    """The text of a tile."""
    if value is None:
        return "Not reported"
    if definition.kind == Kind.MONEY:
        return pounds_short(value)
    if definition.kind == Kind.PERCENT:
        return percent_text(value)
    return quantity_text(value)


def measured(definition: Definition, position: Position, opens_url: str = "") -> Figure:
    """The figure at this position."""
    value = definition.compute(position)
    return Figure(
        name=definition.name,
        label=definition.label,
        meaning=definition.meaning,
        kind=definition.kind.value,
        unit=definition.unit,
        computation=definition.computation,
        source=definition.source,
        visible_to=definition.visible_to,
        value=value,
        shown=shown(definition, value),
        short=short(definition, value),
        beside=definition.beside(position) if definition.beside and value is not None else "",
        opens_url=opens_url,
        is_money=definition.is_money,
    )
