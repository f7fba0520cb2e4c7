"""One procurement, as its own authority may see it, and its brief for later rooms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, OuterRef, QuerySet, Subquery

from procurement.policies.rules import Estimate
from procurement.procurements.models import (
    Procurement,
    ProcurementLot,
    ProcurementPart,
    RouteDecision,
)
from procurement.procurements.permissions import can_see
from procurement.procurements.rules import FIELDS
from procurement.procurements.vocabulary import DecisionStage
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible


def procurement_for(actor: Actor, procurement_id: int) -> Procurement:
    """One procurement of the actor's own authority. NotVisible for any other."""
    return _one(actor, Procurement.objects.filter(pk=procurement_id))


def with_route(actor: Actor, procurement_id: int) -> Any:
    """The same, with its routes beside it (see ``with_routes``)."""
    return _one(actor, with_routes(Procurement.objects.filter(pk=procurement_id)))


def _one(actor: Actor, rows: QuerySet[Any]) -> Any:
    found = rows.select_related("authority", "owner").first()
    if found is None or not (can_see(actor, found) or actor.is_system):
        raise NotVisible
    return found


def estimate_of(procurement: Procurement) -> Estimate:
    """The estimate as the rules take it, with both figures where several VAT rates apply."""
    return Estimate(
        procurement.estimate,
        procurement.estimate_basis,
        procurement.vat_rate_percent,
        procurement.estimate_other,
    )


def lot_of(procurement_id: int) -> ProcurementLot | None:
    """The lot this procurement is, with the whole it is part of; None when it stands for itself."""
    return (
        ProcurementLot.objects.filter(tendered_as_id=procurement_id)
        .select_related("procurement__authority")
        .first()
    )


def wholes_of(procurement_ids: Sequence[int]) -> dict[int, int]:
    """Procurement to the whole it is a lot of, for those that are lots. One query."""
    rows = ProcurementLot.objects.filter(tendered_as_id__in=set(procurement_ids))
    return {
        lot: whole
        for lot, whole in rows.order_by().values_list("tendered_as_id", "procurement_id")
        if lot is not None
    }


def parts_by_category(procurement: Procurement) -> dict[str, Decimal]:
    """The parts of a mixed contract on the estimate's basis; empty when it is not mixed."""
    rows = ProcurementPart.objects.filter(procurement=procurement).order_by("category")
    return dict(rows.values_list("category", "amount"))


def stored_values(procurement: Procurement) -> dict[str, Any]:
    """What is kept under each name of ``FIELDS``; ``parts`` as amounts by category."""
    columns = {name: getattr(procurement, name) for name in FIELDS if name != "parts"}
    return columns | {"parts": parts_by_category(procurement)}


@dataclass(frozen=True, slots=True)
class PartOf:
    """A lot's place in its whole."""

    number: int
    of: int
    whole_id: int
    whole_reference: str
    whole_title: str

    @property
    def label(self) -> str:
        return f"Lot {self.number} of {self.of}"


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
    part_of: PartOf | None
    """Its place among the lots of a whole; None when it is no lot."""


def procurement_brief(procurement_id: int) -> ProcurementBrief:
    """NotVisible when there is none. Takes no actor: the caller has shown that it may be seen."""
    return procurement_briefs([procurement_id])[procurement_id]


class _Briefs(dict[int, ProcurementBrief]):
    def __missing__(self, key: int) -> ProcurementBrief:
        raise NotVisible


def procurement_briefs(ids: Sequence[int]) -> dict[int, ProcurementBrief]:
    """The briefs of these procurements by id, in one query; in two where there are lots among them."""
    rows = list(
        Procurement.objects.filter(pk__in=set(ids))
        .select_related("authority")
        .annotate(route=_route_of(_decisions()), is_lot=F("lot__id"))
    )
    places = _places([row.pk for row in rows if row.is_lot])
    return _Briefs(
        (
            row.pk,
            ProcurementBrief(
                row.pk, row.reference, row.title, row.authority_id, row.authority.name, row.category, row.cpv,
                row.estimate, row.estimate_basis, row.commenced_on, row.starts_on, row.ends_on, row.status,
                row.route or "", row.is_demonstration, places.get(row.pk),
            ),
        )
        for row in rows
    )  # fmt: skip


def part_of(procurement_id: int) -> PartOf | None:
    """Its place among the lots of a whole. Takes no actor: the caller has shown that it may be seen."""
    return procurement_brief(procurement_id).part_of


def _places(lot_ids: Sequence[int]) -> dict[int | None, PartOf]:
    if not lot_ids:
        return {}
    rows = (
        ProcurementLot.objects.filter(tendered_as_id__in=lot_ids)
        .select_related("procurement")
        .annotate(of=Count("procurement__lots"))
    )
    return {
        row.tendered_as_id: PartOf(
            row.number,
            row.of,
            row.procurement_id,
            row.procurement.reference,
            row.procurement.title,
        )
        for row in rows
    }


def with_routes(rows: QuerySet[Procurement]) -> QuerySet[Any]:
    """Adds ``route`` (of the latest decision), ``first_route`` (before any award) and ``award_route``."""
    decisions = _decisions()
    return rows.annotate(
        route=_route_of(decisions),
        first_route=_route_of(decisions.exclude(stage=DecisionStage.AWARD)),
        award_route=_route_of(decisions.filter(stage=DecisionStage.AWARD)),
    )


def _decisions() -> QuerySet[RouteDecision]:
    return RouteDecision.objects.filter(procurement=OuterRef("pk")).order_by("-id")


def _route_of(decisions: QuerySet[RouteDecision]) -> Subquery:
    return Subquery(decisions.values("route")[:1])
