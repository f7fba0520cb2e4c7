"""The figures that are sums of ledger entries: £, quantities, and the share verified."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

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
from reporting.figures.rules.shapes import Definition, Kind
from socialvalue.core.money import count_text, from_pence, pounds


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


def _under(basis: str) -> Callable[[Position], str]:
    def beside(position: Position) -> str:
        count = entries_under(position, basis)
        measures = len({c.measure_id for c in position.cells if c.basis == basis})
        return f"{count_text(count, 'ledger entry', 'ledger entries')}, {count_text(measures, 'measure')}"

    return beside


def _share(position: Position) -> Decimal | None:
    return share_percent(
        total_pence(position, Basis.VERIFIED), total_pence(position, Basis.COMMITTED)
    )


def _share_beside(position: Position) -> str:
    verified = pounds(from_pence(total_pence(position, Basis.VERIFIED)))
    return f"{verified} of {pounds(from_pence(total_pence(position, Basis.COMMITTED)))}"


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


LEDGER_FIGURES = (
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
        "evidenced_total",
        "Social value evidenced",
        "The part of what suppliers claimed in this period that a file or the group that benefited shows, whether or "
        "not it has been verified yet.",
        Basis.EVIDENCED,
        "Sum of the £ of evidenced entries whose month lies in the period. A claim is evidenced from its first file or "
        "confirmation on, with all that it claims, so evidenced is never more than claimed.",
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
)
