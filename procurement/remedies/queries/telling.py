"""What letters are written about: steps that are not done, and years of KPIs that are over and not rated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from procurement.awards import queries as awards
from procurement.remedies.models import ContractKpi, KpiRating, RectificationStep
from procurement.remedies.queries.kpis import set_on
from procurement.remedies.rules import contract_years
from procurement.remedies.vocabulary import ShortfallStatus
from socialvalue.accounts.permissions import is_buyer, is_supplier
from socialvalue.core.actor import Actor


@dataclass(frozen=True, slots=True)
class OpenStep:
    """One step of an agreed rectification plan that is not done."""

    id: int
    contract_id: int
    shortfall_id: int
    number: int
    what: str
    due_on: date


@dataclass(frozen=True, slots=True)
class RatingDue:
    """A year of a KPI that is over. ``ended_on`` is its last day."""

    kpi_id: int
    contract_id: int
    name: str
    year_from: date
    ended_on: date


def open_steps(actor: Actor) -> list[OpenStep]:
    """Steps that the actor's supplier agreed to and has not done, of running contracts; one query."""
    if not is_supplier(actor):
        return []
    rows = RectificationStep.objects.filter(
        done_on__isnull=True,
        plan__agreed_at__isnull=False,
        plan__shortfall__status=ShortfallStatus.RECTIFYING,
        plan__shortfall__supplier_id__in=actor.organisation_ids,
        plan__shortfall__contract__status="live",
    ).select_related("plan__shortfall")
    return [
        OpenStep(
            id=row.pk,
            contract_id=row.plan.shortfall.contract_id,
            shortfall_id=row.plan.shortfall_id,
            number=row.number,
            what=row.what,
            due_on=row.due_on,
        )
        for row in rows.order_by("due_on", "pk")
    ]


def ratings_due(actor: Actor, on: date) -> list[RatingDue]:
    """Years of the KPIs of the actor's authority that ended before a day and are not rated. Three queries."""
    if not is_buyer(actor):
        return []
    rows = list(
        ContractKpi.objects.filter(
            contract__authority_id=actor.organisation_id, ended_at__isnull=True
        ).order_by("contract_id", "id")
    )
    rated = set(KpiRating.objects.filter(kpi__in=rows).values_list("kpi_id", "year_from"))
    briefs = awards.contract_briefs(row.contract_id for row in rows)
    return [
        RatingDue(row.pk, row.contract_id, row.name, year.first, year.last)
        for row in rows
        for brief in (briefs[row.contract_id],)
        for year in contract_years(brief.starts_on, brief.last_day)
        if set_on(row) <= year.last < on and (row.pk, year.first) not in rated
    ]
