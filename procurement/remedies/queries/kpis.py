"""KPIs of a contract, year by year, and what is due."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from procurement.awards import queries as awards
from procurement.awards.permissions import Parties
from procurement.policies import queries as policies
from procurement.procurements import queries as procurements
from procurement.remedies.models import ContractKpi, KpiRating
from procurement.remedies.permissions import can_manage, is_buying
from procurement.remedies.rules import (
    ContractYear,
    KpiLaw,
    contract_years,
    kpis_asked,
    rating_state,
)
from procurement.remedies.vocabulary import KpiWord
from socialvalue.accounts.permissions import allowed
from socialvalue.accounts.vocabulary import Deed
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible

LINE = "kpi_publication_gt"
"""The dated line of law in the table of thresholds, as the duties know it."""


@dataclass(frozen=True, slots=True)
class RatingView:
    rating: str
    reason: str
    at: datetime
    by: str

    @property
    def label(self) -> str:
        return KpiWord(self.rating).label


@dataclass(frozen=True, slots=True)
class YearView:
    """One year of one KPI: its ratings, the latest first, and whether it is due."""

    year: ContractYear
    ratings: tuple[RatingView, ...]
    state: str

    @property
    def may_rate(self) -> bool:
        return self.state != "not_due"


@dataclass(frozen=True, slots=True)
class KpiView:
    id: int
    name: str
    target: str
    commitment_label: str
    is_ended: bool
    years: tuple[YearView, ...]


@dataclass(frozen=True, slots=True)
class KpiPage:
    contract: awards.ContractBrief
    kpis: tuple[KpiView, ...]
    law: str
    is_asked: bool
    """By the law."""
    to_set: int
    may_set: bool

    @property
    def overdue(self) -> int:
        """Years that are over and not rated, over all KPIs that are still rated."""
        return sum(year.state == "overdue" for kpi in self.kpis for year in kpi.years)


def kpis_of(actor: Actor, contract_id: int) -> KpiPage:
    """The KPIs of a contract to either party, and to the authority what the law asks. NotVisible for anybody else."""
    contract = awards.contract_for(actor, contract_id)
    brief = awards.contract_brief(contract_id)
    years, today = contract_years(brief.starts_on, brief.last_day), clock.today()
    rows = list(ContractKpi.objects.filter(contract_id=contract_id).order_by("ended_at", "id"))
    ratings: dict[tuple[int, object], list[RatingView]] = {}
    for one in KpiRating.objects.filter(kpi__in=rows).select_related("rated_by").order_by("-id"):
        view = RatingView(one.rating, one.reason, one.rated_at, str(one.rated_by))
        ratings.setdefault((one.kpi_id, one.year_from), []).append(view)
    infos = awards.commitment_infos(row.commitment_id for row in rows if row.commitment_id)
    kpis = tuple(
        KpiView(
            id=row.pk,
            name=row.name,
            target=row.target,
            commitment_label=infos[row.commitment_id].measure.label if row.commitment_id else "",
            is_ended=row.ended_at is not None,
            years=tuple(
                _year(year, ratings.get((row.pk, year.first), []), row, today) for year in years
            ),
        )
        for row in rows
    )
    law = _law(actor, brief, contract)
    to_set, why = kpis_asked(law, sum(not kpi.is_ended for kpi in kpis)) if law else (0, "")
    return KpiPage(
        contract=brief,
        kpis=kpis,
        law=why,
        is_asked=law is not None and law.is_asked,
        to_set=to_set,
        may_set=can_manage(actor, contract),
    )


def kpi_year(actor: Actor, kpi_id: int, year_slug: str) -> tuple[KpiPage, KpiView, YearView]:
    """One year of one KPI, to be rated. NotVisible when there is none."""
    row = ContractKpi.objects.filter(pk=kpi_id).first()
    if row is None:
        raise NotVisible
    page = kpis_of(actor, row.contract_id)
    kpi = next(kpi for kpi in page.kpis if kpi.id == kpi_id)
    year = next((one for one in kpi.years if one.year.slug == year_slug), None)
    if year is None:
        raise NotVisible
    return page, kpi, year


def kpis_overdue(actor: Actor) -> list[tuple[int, str, int]]:
    """Contracts of the actor's authority with years of KPIs to rate: id, title, how many. Three queries."""
    if not allowed(actor, Deed.MANAGE_CONTRACT):
        return []
    rows = list(
        ContractKpi.objects.filter(
            contract__authority_id=actor.organisation_id, ended_at__isnull=True
        ).order_by("contract_id", "id")
    )
    if not rows:
        return []
    rated = set(KpiRating.objects.filter(kpi__in=rows).values_list("kpi_id", "year_from"))
    briefs = awards.contract_briefs(row.contract_id for row in rows)
    today, missing = clock.today(), Counter[int]()
    for row in rows:
        brief = briefs[row.contract_id]
        missing[row.contract_id] += sum(
            set_on(row) <= year.last < today and (row.pk, year.first) not in rated
            for year in contract_years(brief.starts_on, brief.last_day)
        )
    return [(pk, briefs[pk].title, number) for pk, number in missing.items() if number]


def _year(year: ContractYear, ratings: list[RatingView], row: ContractKpi, today: date) -> YearView:
    state = rating_state(year, today, set_on(row), is_rated=bool(ratings))
    if row.ended_at is not None and state in ("due", "overdue"):
        state = "not_due"
    return YearView(year, tuple(ratings), state)


def set_on(row: ContractKpi) -> date:
    """The day in London from which it is rated."""
    return row.set_at.astimezone(clock.LONDON).date()


def _law(actor: Actor, brief: awards.ContractBrief, contract: Parties) -> KpiLaw | None:
    """What the Procurement Act asks; only the authority is told, because it is the authority's duty."""
    if not is_buying(actor, contract):
        return None
    dated = procurements.dated_procurement(actor, brief.procurement_id)
    if dated is None:
        return None
    rows = [row for row in policies.threshold_rows() if row.category == LINE]
    line = next((row.amount for row in rows if row.holds_on(dated.commenced_on)), None)
    return KpiLaw(
        value_gross=dated.value_gross,
        line=line if dated.threshold.regime == "PA2023" else None,
        category=dated.category,
    )
