"""The one place that writes a route decision."""

from __future__ import annotations

from decimal import Decimal

from procurement.policies import queries as policies
from procurement.policies.rules import RouteResult
from procurement.procurements.models import Procurement, RouteDecision
from procurement.procurements.vocabulary import DecisionStage, ProcurementDeed
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor


def decide(
    actor: Actor,
    procurement: Procurement,
    stage: DecisionStage,
    *,
    amount: Decimal | None = None,
    basis: str = "",
    source: str = "estimate",
    remark: str = "",
) -> RouteDecision:
    """Decide the route and keep the decision for ever. ``amount`` None: the estimate. RuleBroken names the field."""
    if amount is None:
        amount, basis = procurement.estimate, procurement.estimate_basis
    result = policies.decide(
        authority_id=procurement.authority_id,
        category=procurement.category,
        amount=amount,
        basis=basis,
        vat_rate_percent=procurement.vat_rate_percent,
        commenced_on=procurement.commenced_on,
    )
    before = RouteDecision.objects.filter(procurement=procurement).order_by("-id").first()
    decision = RouteDecision.objects.create(
        procurement=procurement,
        stage=stage,
        decided_at=clock.now(),
        decided_by_id=actor.user_id,
        inputs=_inputs(procurement, result, source),
        policy_version_id=result.policy_version_id,
        band_id=result.band_id,
        threshold_id=result.threshold_id,
        compared_amount=result.compared_amount,
        compared_basis=result.compared_basis,
        net_amount=result.net,
        gross_amount=result.gross,
        route=result.route,
        weighting_min_percent=result.weighting_min_percent,
        weighting_max_percent=result.weighting_max_percent,
        pass_fail_allowed=result.pass_fail_allowed,
        explanation=result.explanation + remark,
        crossed_line=before is not None and before.route != result.route,
    )
    record(
        actor=actor,
        deed=ProcurementDeed.ROUTED,
        sentence=f"{decision.get_stage_display()}: {result.route_label}. {decision.explanation}",
        target=procurement,
        procurement_id=procurement.pk,
        before={"route": before.route} if before else None,
        after={"route": result.route, "crossed_line": decision.crossed_line},
    )
    return decision


def _inputs(procurement: Procurement, result: RouteResult, source: str) -> dict[str, str | None]:
    """What the decision was made from, as text, together with the law and the policy as they read on the day."""
    rate = procurement.vat_rate_percent
    threshold = result.threshold
    return {
        "authority": procurement.authority.name,
        "category": procurement.category,
        "amount": str(result.estimate.amount),
        "basis": result.estimate.basis,
        "amount_from": source,
        "vat_rate_percent": None if rate is None else str(rate),
        "vat_rate_used_percent": str(result.estimate.rate),
        "commenced_on": procurement.commenced_on.isoformat(),
        "policy": result.policy.label,
        "bands_from": result.policy.bands_label,
        "policy_vat_basis": result.policy.vat_basis,
        "threshold_regime": threshold.regime,
        "threshold_amount": str(threshold.amount),
        "threshold_vat_basis": threshold.vat_basis,
        "threshold_effective_from": threshold.effective_from.isoformat(),
    }
