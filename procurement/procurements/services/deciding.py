"""The one place that writes a route decision."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from procurement.policies.rules import RouteResult
from procurement.policies.vocabulary import Route
from procurement.procurements.models import Procurement, RouteDecision, RouteOverride
from procurement.procurements.queries import lot_of, parts_by_category, route_now
from procurement.procurements.rules import parts_text
from procurement.procurements.vocabulary import DecisionStage, ProcurementDeed
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.periods import uk_date

PROPORTION = " The second figure follows from the first in the proportion of the estimate."
"""Of an award: with several VAT rates, only the estimate has both figures of its own."""


def decide(
    actor: Actor,
    procurement: Procurement,
    stage: DecisionStage,
    *,
    amount: Decimal | None = None,
    basis: str = "",
    source: str = "estimate",
    remark: str = "",
    approved: RouteOverride | None = None,
) -> RouteDecision:
    """Decide the route and keep the decision for ever. ``amount`` None: the estimate. RuleBroken names the field.

    ``approved``: an override that was approved just now. One that was approved before stays while the rule still says
    what it said then, and lapses for good when the rule says something else.
    """
    parts = parts_by_category(procurement)
    lot = lot_of(procurement.pk)
    result = route_now(procurement, parts=parts, amount=amount, basis=basis)
    if lot is not None:
        remark += f" It is lot {lot.number} of {lot.procurement.reference}: the whole decides, not its own value."
    if amount is not None and lot is None and result.estimate.other is not None:
        remark += PROPORTION
    before = (
        RouteDecision.objects.filter(procurement=procurement)
        .select_related("override__asked_by", "override__answered_by")
        .order_by("-id")
        .first()
    )
    earlier = before.override if before is not None and approved is None else None
    override = approved if approved is not None else earlier
    if override is not None and override.from_route != result.route:
        override = None
    decision = RouteDecision.objects.create(
        procurement=procurement,
        stage=stage,
        decided_at=clock.now(),
        decided_by_id=actor.user_id,
        inputs=_inputs(procurement, parts, result, source),
        policy_version_id=result.policy_version_id,
        band_id=result.band_id,
        threshold_id=result.threshold_id,
        compared_amount=result.compared_amount,
        compared_basis=result.compared_basis,
        net_amount=result.net,
        gross_amount=result.gross,
        route=result.route if override is None else override.to_route,
        replaced_route="" if override is None else result.route,
        override=override,
        weighting_min_percent=result.weighting_min_percent,
        weighting_max_percent=result.weighting_max_percent,
        pass_fail_allowed=result.pass_fail_allowed,
        explanation=result.explanation + remark + _override_sentence(override, earlier, result),
        # A line is crossed when the rule itself says otherwise than before; an override crosses none.
        crossed_line=before is not None and _rules_own(before) != result.route,
    )
    record(
        actor=actor,
        deed=ProcurementDeed.ROUTED,
        sentence=f"{decision.get_stage_display()}: {decision.get_route_display()}. {decision.explanation}",
        target=procurement,
        procurement_id=procurement.pk,
        before={"route": before.route} if before else None,
        after={
            "route": decision.route,
            "replaced_route": decision.replaced_route,
            "crossed_line": decision.crossed_line,
        },
    )
    return decision


def _rules_own(decision: RouteDecision) -> str:
    return decision.replaced_route or decision.route


def _override_sentence(
    override: RouteOverride | None, earlier: RouteOverride | None, result: RouteResult
) -> str:
    """Who overrode the rule and why; or that an override lapses. Begins with a space."""
    if override is not None:
        asked, answered = override.asked_by, override.answered_by
        at = override.answered_at
        day = uk_date(at.astimezone(clock.LONDON).date()) if at else ""
        return (
            f" Overridden in the open: {Route(override.to_route).label} instead of "
            f"{Route(override.from_route).label}. {asked} asked for it: {_sentence(override.reason)} "
            f"{answered} approved it on {day}: {_sentence(override.answer)}"
        )
    if earlier is not None:
        return (
            f" The override to {Route(earlier.to_route).label} lapses: it was approved while the rule said "
            f"{Route(earlier.from_route).label}, and the rule now says {result.route_label}."
        )
    return ""


def _sentence(words: str) -> str:
    """With a stop at its end."""
    return words if words.endswith((".", "!", "?")) else f"{words}."


def _inputs(
    procurement: Procurement, parts: Mapping[str, Decimal], result: RouteResult, source: str
) -> dict[str, str | None]:
    """What the decision was made from, as text, together with the law and the policy as they read on the day."""
    threshold, estimate = result.threshold, result.estimate
    return {
        "authority": procurement.authority.name,
        "category": procurement.category,
        "amount": str(estimate.amount),
        "basis": estimate.basis,
        "amount_from": source,
        "vat_kind": estimate.vat_kind,
        "vat_rate_percent": _text(procurement.vat_rate_percent),
        "vat_rate_used_percent": str(estimate.rate),
        "amount_on_other_basis": _text(estimate.other),
        "estimate_initial": _text(procurement.estimate_initial),
        "estimate_extensions": _text(procurement.estimate_extensions),
        "estimate_options": _text(procurement.estimate_options),
        "is_utilities": "yes" if procurement.is_utilities else "no",
        "parts": parts_text(parts) or None,
        "commenced_on": procurement.commenced_on.isoformat(),
        "policy": result.policy.label,
        "bands_from": result.policy.bands_label,
        "policy_vat_basis": result.policy.vat_basis,
        "threshold_regime": threshold.regime,
        "threshold_amount": str(threshold.amount),
        "threshold_vat_basis": threshold.vat_basis,
        "threshold_effective_from": threshold.effective_from.isoformat(),
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)
