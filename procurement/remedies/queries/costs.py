"""What overseeing costs, beside what was verified in the same months."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum

from procurement.awards import queries as awards
from procurement.ledger import queries as ledger
from procurement.ledger.vocabulary import Basis
from procurement.remedies.models import OversightCost
from procurement.remedies.permissions import can_oversee
from socialvalue.accounts.permissions import is_buyer
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotAllowed
from socialvalue.core.money import from_pence
from socialvalue.core.periods import FinancialYear
from socialvalue.core.tables import Column, Table

SORTS = {"month": "month", "cost": "cost_pence", "contract": "contract__title"}


@dataclass(frozen=True, slots=True)
class CostFilters:
    """What a person asks of the register. ``year`` None: every year; ``contract_id`` 0: of no one contract."""

    text: str = ""
    year: FinancialYear | None = None
    contract_id: int | None = None
    sort: str = ""


@dataclass(frozen=True, slots=True)
class YearLine:
    """Pounds of one financial year: what overseeing cost, and what was verified in it."""

    year: FinancialYear
    cost: Decimal
    verified: Decimal


@dataclass(frozen=True, slots=True)
class CostPage:
    """The register of one authority. ``verified`` is of the same months and the same contract."""

    rows: QuerySet[OversightCost]
    total: Decimal
    hours: Decimal
    verified: Decimal
    years: tuple[YearLine, ...]
    """Latest first, under the filter of the contract."""
    may_record: bool


def costs_page(actor: Actor, filters: CostFilters) -> CostPage:
    """NotAllowed for anybody who is not of an authority."""
    if not is_buyer(actor) or actor.organisation_id is None:
        raise NotAllowed("What overseeing costs is for the authority's eyes.")
    rows = _rows(actor, filters)
    sums = rows.order_by().aggregate(pence=Sum("cost_pence"), hours=Sum("hours"))
    verified = _verified_by_month(actor, filters.contract_id)
    within = [
        pence
        for month, pence in verified.items()
        if filters.year is None or FinancialYear.of(month) == filters.year
    ]
    return CostPage(
        rows=rows,
        total=from_pence(sums["pence"] or 0),
        hours=sums["hours"] or Decimal(0),
        verified=from_pence(sum(within)),
        years=_years(actor, filters, verified),
        may_record=can_oversee(actor, actor.organisation_id),
    )


def costs_table(actor: Actor, filters: CostFilters) -> Table:
    """Exactly what the register shows under these filters, for CSV and XLSX."""
    page = costs_page(actor, filters)
    return Table(
        caption="Cost of overseeing",
        columns=(
            Column("Month", "date"),
            Column("What was done", width=50),
            Column("Contract", width=40),
            Column("Reference"),
            Column("Hours", "number"),
            Column("Rate of an hour (£)", "money"),
            Column("Cost (£)", "money"),
            Column("Recorded by", width=30),
        ),
        rows=[
            (
                row.month,
                row.what,
                row.contract.title if row.contract else "No one contract",
                row.contract.reference if row.contract else "",
                row.hours,
                from_pence(row.rate_pence) if row.rate_pence is not None else None,
                from_pence(row.cost_pence),
                str(row.recorded_by),
            )
            for row in page.rows
        ],
        total=("Total", "", "", "", page.hours, None, page.total, ""),
        empty="No cost matches.",
    )


def oversight_total(authority_id: int, start: date, end: date) -> int:
    """Pence that overseeing cost an authority in the months from ``start`` to ``end``; removed lines do not count.

    No actor: for rooms that have shown visibility themselves.
    """
    total = OversightCost.objects.filter(
        authority_id=authority_id,
        month__gte=start.replace(day=1),
        month__lte=end,
        removed_at__isnull=True,
    ).aggregate(total=Sum("cost_pence"))["total"]
    return int(total or 0)


def cost_choices(actor: Actor) -> list[tuple[int, str]]:
    """The contracts a cost can be of: reference and title."""
    rows = awards.contract_briefs(awards.contract_ids_for(actor)).values()
    return [
        (row.id, f"{row.title} ({row.reference})")
        for row in sorted(rows, key=lambda row: row.title)
    ]


def year_choices(actor: Actor) -> list[FinancialYear]:
    """Financial years with a cost, and this one; latest first."""
    months = OversightCost.objects.filter(
        authority_id=actor.organisation_id, removed_at__isnull=True
    ).values_list("month", flat=True)
    found = {FinancialYear.of(month) for month in set(months)} | {FinancialYear.of(clock.today())}
    return sorted(found, reverse=True)


def _rows(actor: Actor, filters: CostFilters) -> QuerySet[OversightCost]:
    rows = OversightCost.objects.filter(
        authority_id=actor.organisation_id, removed_at__isnull=True
    ).select_related("contract", "recorded_by")
    if filters.year is not None:
        rows = rows.filter(month__gte=filters.year.first_day, month__lte=filters.year.last_day)
    if filters.contract_id is not None:
        wanted = filters.contract_id or None
        rows = rows.filter(contract_id=wanted) if wanted else rows.filter(contract__isnull=True)
    for word in filters.text.split():
        rows = rows.filter(
            Q(what__icontains=word)
            | Q(contract__title__icontains=word)
            | Q(contract__reference__icontains=word)
        )
    key = filters.sort.removeprefix("-")
    sign = "-" if filters.sort.startswith("-") or key not in SORTS else ""
    return rows.order_by(f"{sign}{SORTS.get(key, 'month')}", "-id")


def _verified_by_month(actor: Actor, contract_id: int | None) -> dict[date, int]:
    """Pence verified by the month they were delivered in."""
    ids = awards.contract_ids_for(actor)
    if contract_id is not None:
        ids = [pk for pk in ids if pk == contract_id]
    rows = ledger.sums(basis=Basis.VERIFIED, by=("period",), contract_ids=ids)
    return {row.key[0]: row.value_pence for row in rows}


def _years(actor: Actor, filters: CostFilters, verified: dict[date, int]) -> tuple[YearLine, ...]:
    costs: dict[FinancialYear, int] = {}
    wanted = CostFilters(text=filters.text, contract_id=filters.contract_id)
    for month, pence in _rows(actor, wanted).values_list("month", "cost_pence"):
        year = FinancialYear.of(month)
        costs[year] = costs.get(year, 0) + pence
    values: dict[FinancialYear, int] = {}
    for month, pence in verified.items():
        year = FinancialYear.of(month)
        values[year] = values.get(year, 0) + pence
    years = sorted(costs | values, reverse=True)
    if filters.year is not None:
        years = [year for year in years if year == filters.year]
    return tuple(
        YearLine(year, from_pence(costs.get(year, 0)), from_pence(values.get(year, 0)))
        for year in years
    )
