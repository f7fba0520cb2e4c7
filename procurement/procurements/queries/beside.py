"""What stands beside the decisions on one procurement, read once for its page."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from procurement.policies.rules import RouteResult
from procurement.procurements.models import Procurement, RouteDecision, RouteOverride
from procurement.procurements.queries.considering import Consideration, consideration_by
from procurement.procurements.queries.decisions import routed_now
from procurement.procurements.queries.lots import Lots, lots_by
from procurement.procurements.queries.overrides import Deviation, deviations_of, overrides_of
from procurement.procurements.queries.records import parts_by_category
from procurement.procurements.queries.similar import aggregation_by
from procurement.procurements.rules import Together, parts_text
from procurement.procurements.vocabulary import ProcurementStatus
from socialvalue.core.actor import Actor

BEFORE_PUBLICATION = (ProcurementStatus.DRAFT, ProcurementStatus.ROUTED)


@dataclass(frozen=True, slots=True)
class Beside:
    """``together`` is asked before publication only: after it nothing can be put together any more."""

    lots: Lots
    together: Together | None
    overrides: tuple[RouteOverride, ...]
    consideration: Consideration
    deviations: tuple[Deviation, ...]
    parts: str


def beside_decisions(
    actor: Actor, procurement: Procurement, decision: RouteDecision | None
) -> Beside:
    """Lots, the warning, overrides and records of a procurement that the actor was shown, by its latest decision."""

    @cache
    def route() -> RouteResult | None:
        return routed_now(procurement)

    pk = procurement.pk
    parts = parts_by_category(procurement)
    is_before = procurement.status in BEFORE_PUBLICATION
    return Beside(
        lots=lots_by(procurement, decision, route),
        together=aggregation_by(actor, procurement, route()) if is_before else None,
        overrides=tuple(overrides_of(actor, pk)),
        consideration=consideration_by(pk, decision, parts),
        deviations=tuple(deviations_of([pk]).get(pk, [])),
        parts=parts_text(parts),
    )
