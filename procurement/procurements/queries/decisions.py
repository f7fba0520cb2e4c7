"""The route of one procurement: decided, and as it would be decided now."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from procurement.policies import queries as policies
from procurement.policies.rules import RouteResult
from procurement.procurements.models import Procurement, RouteDecision
from procurement.procurements.queries.records import (
    estimate_of,
    lot_of,
    parts_by_category,
    procurement_for,
)
from procurement.procurements.rules import in_proportion
from socialvalue.core.actor import Actor
from socialvalue.core.errors import RuleBroken


def latest_decision(procurement_id: int) -> RouteDecision | None:
    """The decision that holds now. Takes no actor: the caller has shown that the procurement may be seen."""
    return (
        RouteDecision.objects.filter(procurement_id=procurement_id)
        .select_related("policy_version__policy", "band", "threshold", "procurement")
        .order_by("-id")
        .first()
    )


def route_now(
    procurement: Procurement,
    *,
    parts: Mapping[str, Decimal] | None = None,
    amount: Decimal | None = None,
    basis: str = "",
) -> RouteResult:
    """The rule's own answer from what is recorded, with ``amount`` in place of the estimate where it is given.

    A lot goes the way of the whole, whatever its own value. RuleBroken when no route can be decided. Takes no actor:
    the caller has shown that the procurement may be seen.
    """
    if lot := lot_of(procurement.pk):
        return route_now(lot.procurement)
    if parts is None:
        parts = parts_by_category(procurement)
    other = procurement.estimate_other
    if amount is None:
        amount, basis = procurement.estimate, procurement.estimate_basis
    elif other is not None:
        other = in_proportion(amount, basis, estimate_of(procurement))
    return policies.decide(
        authority_id=procurement.authority_id,
        category=procurement.category,
        amount=amount,
        basis=basis,
        vat_rate_percent=procurement.vat_rate_percent,
        other_amount=other,
        is_utilities=procurement.is_utilities,
        parts=parts or None,
        commenced_on=procurement.commenced_on,
    )


def routed_now(procurement: Procurement) -> RouteResult | None:
    """The same; None when no route can be decided any more."""
    try:
        return route_now(procurement)
    except RuleBroken:
        return None


def advice_for(actor: Actor, procurement_id: int) -> RouteResult | None:
    """The route as the rule would decide it now from what is recorded; None when it no longer can be."""
    return routed_now(procurement_for(actor, procurement_id))


def decisions_of(actor: Actor, procurement_id: int) -> list[RouteDecision]:
    """Every decision on a procurement the actor may see, newest first, with its band, policy and threshold."""
    procurement_for(actor, procurement_id)
    return list(
        RouteDecision.objects.filter(procurement_id=procurement_id)
        .select_related(
            "policy_version__policy",
            "band__version__policy",
            "threshold",
            "decided_by",
            "procurement",
            "override__asked_by",
            "override__answered_by",
        )
        .order_by("-id")
    )
