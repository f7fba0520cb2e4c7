"""One procurement, as its own authority may see it, and its brief for later rooms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from procurement.policies.rules import Estimate
from procurement.procurements.models import Procurement, ProcurementPart, RouteDecision
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


def parts_by_category(procurement: Procurement) -> dict[str, Decimal]:
    """The parts of a mixed contract on the estimate's basis; empty when it is not mixed."""
    rows = ProcurementPart.objects.filter(procurement=procurement).order_by("category")
    return dict(rows.values_list("category", "amount"))


def stored_values(procurement: Procurement) -> dict[str, Any]:
    """What is kept under each name of ``FIELDS``; ``parts`` as amounts by category."""
    columns = {name: getattr(procurement, name) for name in FIELDS if name != "parts"}
    return columns | {"parts": parts_by_category(procurement)}


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
