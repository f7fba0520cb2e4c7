"""The pipeline: what an authority expects to buy, and whether it must be told to the market."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q

from procurement.policies import queries as policies
from procurement.policies.rules import CATEGORY_WORDS, Estimate, ThresholdRow
from procurement.policies.vocabulary import Category
from procurement.procurements.models import PlannedProcurement, YearlySpend
from procurement.procurements.rules.pipeline import (
    CONTRACT_LINE,
    SPEND_LINE,
    PipelineStand,
    is_in_notice,
    needs_notice,
    pipeline_stand,
    reporting_period,
)
from procurement.procurements.vocabulary import PlanStage
from socialvalue.accounts.permissions import acts_for, is_buyer
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible
from socialvalue.core.periods import FinancialYear
from socialvalue.core.tables import Column, Table

PLAN_SORTS = ("title", "estimate", "notice", "starts", "status")


@dataclass(frozen=True, slots=True)
class PlanFilter:
    """What the pipeline is narrowed to. ``sort`` is one of ``PLAN_SORTS``, with ``-`` for down."""

    q: str = ""
    status: str = ""
    category: str = ""
    directorate: str = ""
    in_notice: bool = False
    sort: str = "notice"


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One planned procurement with its value on both VAT bases."""

    plan: PlannedProcurement
    net: Decimal
    gross: Decimal
    in_notice: bool
    """Belongs in the pipeline notice of the year."""
    is_late: bool
    """Its notice was expected before today and it is not started."""

    @property
    def category(self) -> str:
        return CATEGORY_WORDS[Category(self.plan.category)].capitalize()


def plan_for(actor: Actor, plan_id: int) -> PlannedProcurement:
    """One planned procurement of the actor's own authority. NotVisible for any other."""
    found = (
        PlannedProcurement.objects.select_related("authority", "procurement")
        .filter(pk=plan_id)
        .first()
    )
    if found is None or not (is_buyer(actor) and acts_for(actor, found.authority_id)):
        raise NotVisible
    return found


def plan_estimate(plan: PlannedProcurement) -> Estimate:
    return Estimate(plan.estimate, plan.estimate_basis, plan.vat_rate_percent)


def plan_list(actor: Actor, wanted: PlanFilter | None = None) -> list[PlanLine]:
    """The pipeline of the actor's authority that fits. Nothing for anybody else."""
    if not is_buyer(actor):
        return []
    wanted = wanted or PlanFilter()
    rows = PlannedProcurement.objects.filter(authority_id=actor.organisation_id).select_related(
        "authority", "procurement"
    )
    if wanted.q:
        rows = rows.filter(
            Q(title__icontains=wanted.q)
            | Q(description__icontains=wanted.q)
            | Q(cpv__startswith=wanted.q)
        )
    for field in ("status", "category", "directorate"):
        if value := getattr(wanted, field):
            rows = rows.filter(**{field: value})
    today = clock.today()
    year = FinancialYear.of(today)
    lines = _lines_of(year)
    spend = _spend(actor, year)
    line = (
        lines.get(CONTRACT_LINE)
        if needs_notice(spend.amount if spend else None, lines.get(SPEND_LINE))
        else None
    )
    found = [_line(row, year, line, today) for row in rows.order_by("id")]
    if wanted.in_notice:
        found = [one for one in found if one.in_notice]
    key = wanted.sort.removeprefix("-")
    found.sort(key=_SORTS.get(key, _SORTS["notice"]), reverse=wanted.sort.startswith("-"))
    return found


_SORTS: dict[str, Any] = {
    "title": lambda one: (one.plan.title.lower(), one.plan.pk),
    "estimate": lambda one: (one.gross, one.plan.pk),
    "notice": lambda one: (one.plan.notice_expected_on, one.plan.pk),
    "starts": lambda one: (one.plan.starts_expected_on, one.plan.pk),
    "status": lambda one: (one.plan.status, one.plan.notice_expected_on, one.plan.pk),
}


def _line(
    row: PlannedProcurement, year: FinancialYear, line: ThresholdRow | None, today: date
) -> PlanLine:
    estimate = plan_estimate(row)
    is_planned = row.status == PlanStage.PLANNED
    return PlanLine(
        row,
        estimate.net,
        estimate.gross,
        row.status != PlanStage.DROPPED
        and is_in_notice(estimate, row.notice_expected_on, year, line),
        is_planned and row.notice_expected_on < today,
    )


def plan_directorates(actor: Actor) -> list[str]:
    """The directorates that the pipeline names, for filtering."""
    rows = PlannedProcurement.objects.filter(authority_id=actor.organisation_id)
    named = rows.exclude(directorate="").order_by("directorate")
    return list(named.values_list("directorate", flat=True).distinct())


# --- the yearly notice ------------------------------------------------------------------------


def pipeline_now(actor: Actor, year: FinancialYear | None = None) -> PipelineStand:
    """How the pipeline notice of a financial year stands for the actor's authority; without a year, this one."""
    today = clock.today()
    year = year or FinancialYear.of(today)
    spend = _spend(actor, year)
    return pipeline_stand(
        year,
        today,
        spend.amount if spend else None,
        spend.pipeline_published_on if spend else None,
        _lines_of(year).get(SPEND_LINE),
    )


def spend_of(actor: Actor, year: FinancialYear) -> YearlySpend | None:
    """What the actor's authority expects to pay in a year, if it is recorded."""
    return _spend(actor, year)


def spends(actor: Actor) -> list[tuple[FinancialYear, YearlySpend]]:
    """What was recorded year by year, newest first."""
    if not is_buyer(actor):
        return []
    rows = YearlySpend.objects.filter(authority_id=actor.organisation_id)
    found = rows.select_related("recorded_by").order_by("-year_starts_on")
    return [(FinancialYear.of(row.year_starts_on), row) for row in found]


def _spend(actor: Actor, year: FinancialYear) -> YearlySpend | None:
    if not is_buyer(actor):
        return None
    return YearlySpend.objects.filter(
        authority_id=actor.organisation_id, year_starts_on=year.first_day
    ).first()


def _lines_of(year: FinancialYear) -> dict[str, ThresholdRow]:
    """The two amounts of the law as they stand on the last day the notice can be published."""
    rows = policies.threshold_rows()
    day = reporting_period(year)[0]
    names = (SPEND_LINE, CONTRACT_LINE)
    return {row.category: row for row in rows if row.category in names and row.holds_on(day)}


# --- out --------------------------------------------------------------------------------------


def plan_table(actor: Actor, lines: Sequence[PlanLine]) -> Table:
    """The fields of a pipeline notice (UK1), for CSV and XLSX."""
    columns = [
        Column("Authority", width=30), Column("Title", width=50), Column("Description", width=60),
        Column("Category"), Column("CPV code"), Column("Estimated value excluding VAT (£)", "money"),
        Column("Estimated value including VAT (£)", "money"), Column("Tender notice expected", "date"),
        Column("Contract starts", "date"), Column("Contract ends", "date"),
        Column("Suitable for small and medium-sized enterprises"),
        Column("Suitable for voluntary, community and social enterprises"), Column("Directorate", width=24),
        Column("In the pipeline notice"), Column("Status"), Column("Procurement"),
        Column("Reason if dropped", width=40),
    ]  # fmt: skip
    rows = [
        (
            one.plan.authority.name, one.plan.title, one.plan.description, one.category,
            one.plan.cpv, one.net, one.gross, one.plan.notice_expected_on, one.plan.starts_expected_on,
            one.plan.ends_expected_on, one.plan.suits_sme, one.plan.suits_vcse, one.plan.directorate,
            one.in_notice, one.plan.get_status_display(),
            one.plan.procurement.reference if one.plan.procurement else "", one.plan.dropped_reason,
        )
        for one in lines
    ]  # fmt: skip
    return Table(f"Pipeline of {actor.organisation_name}", columns, rows)


def plan_release(actor: Actor, lines: Sequence[PlanLine]) -> dict[str, Any]:
    """The same as JSON, each part named as in the open contracting standard and its United Kingdom extensions."""
    first, last = reporting_period(FinancialYear.of(clock.today()))
    return {
        "buyer": {"name": actor.organisation_name},
        "reportingPeriod": {"startDate": first.isoformat(), "endDate": last.isoformat()},
        "count": len(lines),
        "planned": [_release(one) for one in lines],
    }


def _release(one: PlanLine) -> dict[str, Any]:
    plan = one.plan
    period = {"startDate": plan.starts_expected_on.isoformat()}
    if plan.ends_expected_on:
        period["endDate"] = plan.ends_expected_on.isoformat()
    release: dict[str, Any] = {
        "id": f"plan-{plan.pk}",
        "title": plan.title,
        "description": plan.description,
        "status": plan.status,
        "mainProcurementCategory": plan.category,
        # As text: a number of JSON is a float to most who read it.
        "value": {"amount": str(one.net), "amountGross": str(one.gross), "currency": "GBP"},
        "communication": {"futureNoticeDate": plan.notice_expected_on.isoformat()},
        "contractPeriod": period,
        "suitability": {"sme": plan.suits_sme, "vcse": plan.suits_vcse},
        "inPipelineNotice": one.in_notice,
    }
    if plan.cpv:
        release["classification"] = {"scheme": "CPV", "id": plan.cpv}
    return release
