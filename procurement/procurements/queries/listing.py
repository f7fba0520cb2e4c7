"""The list of an authority's procurements, and counts over it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from procurement.policies.vocabulary import Route
from procurement.procurements.models import Procurement, RouteDecision
from procurement.procurements.queries.records import with_routes
from procurement.procurements.vocabulary import ProcurementStatus
from socialvalue.accounts.permissions import is_buyer
from socialvalue.core.actor import Actor
from socialvalue.core.tables import Column, Table

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
    rows = Procurement.objects.filter(authority_id__in=set(authority_ids)).exclude(
        status=ProcurementStatus.DIVIDED  # its lots are counted
    )
    if first is not None:
        rows = rows.filter(commenced_on__gte=first)
    if last is not None:
        rows = rows.filter(commenced_on__lte=last)
    counted = with_routes(rows).order_by().values("route").annotate(how_many=Count("pk"))
    found = {row["route"]: row["how_many"] for row in counted}
    return {route.value: found.get(route.value, 0) for route in Route}
