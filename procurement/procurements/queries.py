"""Procurements as their own authority may see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from procurement.policies import queries as policies
from procurement.policies.rules import RouteResult
from procurement.policies.vocabulary import Route
from procurement.procurements.models import LightTouchNote, NoticeImport, Procurement, RouteDecision
from procurement.procurements.permissions import can_see
from procurement.procurements.vocabulary import DecisionStage
from socialvalue.accounts.permissions import is_buyer
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible, RuleBroken
from socialvalue.core.tables import Column, Table
from toms.priorities import queries as priorities


def procurement_for(actor: Actor, procurement_id: int) -> Procurement:
    """One procurement of the actor's own authority. NotVisible for any other."""
    found = (
        Procurement.objects.select_related("authority", "owner").filter(pk=procurement_id).first()
    )
    if found is None or not (can_see(actor, found) or actor.is_system):
        raise NotVisible
    return found


@dataclass(frozen=True, slots=True)
class ProcurementBrief:
    """What a later room may know of a procurement whose visibility it has shown itself."""

    id: int
    reference: str
    title: str
    authority_id: int
    authority_name: str
    category: str
    cpv: str
    estimate: Decimal
    basis: str
    commenced_on: date
    starts_on: date | None
    ends_on: date | None
    status: str
    route: str
    is_demonstration: bool


def procurement_brief(procurement_id: int) -> ProcurementBrief:
    """NotVisible when there is none. Takes no actor: the caller has shown that it may be seen."""
    return procurement_briefs([procurement_id])[procurement_id]


class _Briefs(dict[int, ProcurementBrief]):
    def __missing__(self, key: int) -> ProcurementBrief:
        raise NotVisible


def procurement_briefs(ids: Sequence[int]) -> dict[int, ProcurementBrief]:
    """The briefs of these procurements by id, in one query."""
    rows = with_routes(Procurement.objects.filter(pk__in=set(ids))).select_related("authority")
    return _Briefs(
        (
            row.pk,
            ProcurementBrief(
                row.pk, row.reference, row.title, row.authority_id, row.authority.name, row.category, row.cpv,
                row.estimate, row.estimate_basis, row.commenced_on, row.starts_on, row.ends_on, row.status,
                row.route or "", row.is_demonstration,
            ),
        )
        for row in rows
    )  # fmt: skip


def with_routes(rows: QuerySet[Procurement]) -> QuerySet[Any]:
    """Adds ``route`` (of the latest decision), ``first_route`` (before any award) and ``award_route``."""
    decisions = RouteDecision.objects.filter(procurement=OuterRef("pk")).order_by("-id")
    award = decisions.filter(stage=DecisionStage.AWARD)
    before = decisions.exclude(stage=DecisionStage.AWARD)
    return rows.annotate(
        route=Subquery(decisions.values("route")[:1]),
        first_route=Subquery(before.values("route")[:1]),
        award_route=Subquery(award.values("route")[:1]),
    )


def latest_decision(procurement_id: int) -> RouteDecision | None:
    """The decision that holds now. Takes no actor: the caller has shown that the procurement may be seen."""
    return (
        RouteDecision.objects.filter(procurement_id=procurement_id)
        .select_related("policy_version__policy", "band", "threshold")
        .order_by("-id")
        .first()
    )


def advice_for(actor: Actor, procurement_id: int) -> RouteResult | None:
    """The route as it would be decided now from what is recorded; None when it no longer can be."""
    found = procurement_for(actor, procurement_id)
    try:
        return policies.decide(
            authority_id=found.authority_id,
            category=found.category,
            amount=found.estimate,
            basis=found.estimate_basis,
            vat_rate_percent=found.vat_rate_percent,
            commenced_on=found.commenced_on,
        )
    except RuleBroken:
        return None


def decisions_of(actor: Actor, procurement_id: int) -> list[RouteDecision]:
    """Every decision on a procurement the actor may see, newest first, with its band, policy and threshold."""
    procurement_for(actor, procurement_id)
    return list(
        RouteDecision.objects.filter(procurement_id=procurement_id)
        .select_related("policy_version__policy", "band", "threshold", "decided_by")
        .order_by("-id")
    )


def light_touch_note(actor: Actor, procurement_id: int) -> LightTouchNote | None:
    """The finished note of a procurement the actor may see, if there is one."""
    procurement_for(actor, procurement_id)
    return (
        LightTouchNote.objects.filter(procurement_id=procurement_id)
        .select_related("finished_by", "procurement__authority")
        .first()
    )


def objective_names(codes: Sequence[str]) -> list[str]:
    """What the codes of a note stand for; an unknown code as it is."""
    known = priorities.names()
    return [known.get(code, code) for code in codes]


# --- the list ---------------------------------------------------------------------------------

SORTS = {
    "title": ("title",),
    "reference": ("reference",),
    "estimate": ("estimate",),
    "commenced": ("commenced_on",),
    "status": ("status",),
    "route": ("route",),
    "award": ("award_value",),
}


@dataclass(frozen=True, slots=True)
class ProcurementFilter:
    """What the list is narrowed to; empty means everything. ``sort`` is a key of ``SORTS``, with ``-`` for down."""

    q: str = ""
    route: str = ""
    status: str = ""
    directorate: str = ""
    source: str = ""
    crossed: bool = False
    sort: str = ""


def procurement_list(actor: Actor, wanted: ProcurementFilter | None = None) -> QuerySet[Any]:
    """The procurements of the actor's authority that fit, each with its routes. Nothing for anybody else."""
    rows = with_routes(_visible(actor))
    wanted = wanted or ProcurementFilter()
    if wanted.q:
        rows = rows.filter(
            Q(title__icontains=wanted.q)
            | Q(reference__icontains=wanted.q)
            | Q(description__icontains=wanted.q)
            | Q(ocid__iexact=wanted.q)
            | Q(cpv__startswith=wanted.q)
        )
    for field in ("route", "status", "directorate", "source"):
        if value := getattr(wanted, field):
            rows = rows.filter(**{field: value})
    if wanted.crossed:
        crossed = RouteDecision.objects.filter(crossed_line=True).values("procurement")
        rows = rows.filter(pk__in=crossed)
    return rows.order_by(*_order(wanted.sort))


def _visible(actor: Actor) -> QuerySet[Procurement]:
    if not is_buyer(actor):
        return Procurement.objects.none()
    return Procurement.objects.filter(authority_id=actor.organisation_id)


def _order(sort: str) -> tuple[str, ...]:
    fields = SORTS.get(sort.removeprefix("-"), ())
    if not fields:
        return ("-commenced_on", "-id")
    sign = "-" if sort.startswith("-") else ""
    return (*(sign + name for name in fields), "-id")


def directorates(actor: Actor) -> list[str]:
    """The directorates that the authority's procurements name, for filtering."""
    rows = _visible(actor).exclude(directorate="").order_by("directorate")
    return list(rows.values_list("directorate", flat=True).distinct())


def procurement_table(actor: Actor, wanted: ProcurementFilter) -> Table:
    """Every row of the filtered list, for CSV and XLSX."""
    columns = [
        Column("Reference"), Column("Title", width=50), Column("Category"), Column("CPV code"),
        Column("Directorate", width=24), Column("Status"), Column("Source"), Column("Commenced", "date"),
        Column("Estimate (£)", "money"), Column("Estimate VAT basis"), Column("Route", width=20),
        Column("Award value (£)", "money"), Column("Award VAT basis"), Column("Route at award", width=20),
        Column("Starts", "date"), Column("Ends", "date"), Column("OCID", width=52),
    ]  # fmt: skip
    rows = [
        (
            row.reference, row.title, row.get_category_display(), row.cpv, row.directorate,
            row.get_status_display(), row.get_source_display(), row.commenced_on, row.estimate,
            row.get_estimate_basis_display(), _route_label(row.first_route), row.award_value,
            row.get_award_basis_display(), _route_label(row.award_route), row.starts_on, row.ends_on,
            row.ocid or "",
        )
        for row in procurement_list(actor, wanted)
    ]  # fmt: skip
    return Table("Procurements", columns, rows)


def _route_label(route: str | None) -> str:
    return Route(route).label if route else ""


def counts_by_route(
    authority_ids: Sequence[int], *, first: date | None = None, last: date | None = None
) -> dict[str, int]:
    """How many procurements went each way, by the latest decision; every route has a count. Days are of commencement.

    Takes no actor: a dashboard has shown that it may count these authorities.
    """
    rows = Procurement.objects.filter(authority_id__in=set(authority_ids))
    if first is not None:
        rows = rows.filter(commenced_on__gte=first)
    if last is not None:
        rows = rows.filter(commenced_on__lte=last)
    counted = with_routes(rows).order_by().values("route").annotate(how_many=Count("pk"))
    found = {row["route"]: row["how_many"] for row in counted}
    return {route.value: found.get(route.value, 0) for route in Route}


# --- notices ----------------------------------------------------------------------------------


def notice_import(actor: Actor, import_id: int) -> NoticeImport:
    """An uploaded file of the actor's own authority. NotVisible for any other."""
    found = NoticeImport.objects.filter(pk=import_id, authority_id=actor.organisation_id).first()
    if found is None or not is_buyer(actor):
        raise NotVisible
    return found
