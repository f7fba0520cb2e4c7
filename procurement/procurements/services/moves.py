"""Moving a procurement through its stages. Later rooms call these when their own deed is done."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F

from procurement.events import procurement_withdrawn
from procurement.policies.rules import Estimate, check_estimate
from procurement.procurements.models import Procurement, RouteDecision
from procurement.procurements.permissions import OFFICER, why_not_withdraw
from procurement.procurements.queries import consideration_missing, procurement_for
from procurement.procurements.rules import MISSING
from procurement.procurements.services.deciding import decide
from procurement.procurements.services.overrides import close_requests
from procurement.procurements.vocabulary import DecisionStage, ProcurementDeed, ProcurementStatus
from socialvalue.audit.services import record
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed, RuleBroken

MOVED = {
    ProcurementStatus.DIVIDED: "is tendered in lots, each by itself",
    ProcurementStatus.PUBLISHED: "went out to tender",
    ProcurementStatus.EVALUATING: "closed, and its bids are being evaluated",
    ProcurementStatus.AWARDED: "was awarded",
    ProcurementStatus.COMPLETE: "is complete",
}


def move(
    actor: Actor,
    procurement_id: int,
    expected: ProcurementStatus,
    to: ProcurementStatus,
    **more: Any,
) -> Procurement:
    """Compare-and-set on the status. Conflict when the procurement does not stand where it should."""
    procurement = procurement_for(actor, procurement_id)
    done = Procurement.objects.filter(pk=procurement.pk, status=expected).update(
        status=to, version=F("version") + 1, **more
    )
    procurement.refresh_from_db()
    if done and expected == ProcurementStatus.ROUTED:
        close_requests(actor, procurement)
    if not done:
        raise Conflict(
            f"{procurement.reference} is {procurement.get_status_display().lower()}, "
            f"not {expected.label.lower()}. Open it again to see what happened."
        )
    record(
        actor=actor,
        deed=ProcurementDeed.MOVED,
        sentence=f"{procurement.reference} {MOVED[to]}.",
        target=procurement,
        procurement_id=procurement.pk,
        before={"status": expected.value},
        after={"status": to.value},
    )
    return procurement


@transaction.atomic
def mark_published(*, actor: Actor, procurement_id: int) -> Procurement:
    """The tender is out: decided again with the estimate as it stands. The caller has checked the right to publish.

    RuleBroken while the record asked for by the Social Value Act is missing.
    """
    procurement = move(actor, procurement_id, ProcurementStatus.ROUTED, ProcurementStatus.PUBLISHED)
    decision = decide(actor, procurement, DecisionStage.PUBLICATION)
    if consideration_missing(procurement.pk, decision):
        raise RuleBroken(f"{MISSING}, before it is published.")
    return procurement


@transaction.atomic
def mark_evaluating(*, actor: Actor, procurement_id: int) -> Procurement:
    """The bids are open."""
    return move(actor, procurement_id, ProcurementStatus.PUBLISHED, ProcurementStatus.EVALUATING)


@transaction.atomic
def mark_awarded(
    *, actor: Actor, procurement_id: int, award_value: Decimal, award_basis: str, awarded_on: date
) -> Procurement:
    """The contract is awarded: decided again with its value. RuleBroken when the value cannot be routed."""
    check_estimate(Estimate(award_value, award_basis))
    procurement = move(
        actor,
        procurement_id,
        ProcurementStatus.EVALUATING,
        ProcurementStatus.AWARDED,
        award_value=award_value,
        award_basis=award_basis,
        awarded_on=awarded_on,
    )
    decide(
        actor,
        procurement,
        DecisionStage.AWARD,
        amount=award_value,
        basis=award_basis,
        source="award value",
    )
    return procurement


@transaction.atomic
def mark_complete(*, actor: Actor, procurement_id: int) -> Procurement:
    """The contract has ended and its promises are settled."""
    return move(actor, procurement_id, ProcurementStatus.AWARDED, ProcurementStatus.COMPLETE)


@transaction.atomic
def decide_again(
    *,
    actor: Actor,
    procurement_id: int,
    stage: DecisionStage,
    amount: Decimal | None = None,
    basis: str | None = None,
) -> RouteDecision:
    """A new decision beside the old ones; ``crossed_line`` says when the route differs from the one before."""
    procurement = procurement_for(actor, procurement_id)
    if not (OFFICER.allows(actor) or actor.is_system):
        raise NotAllowed(OFFICER.reason)
    return decide(
        actor,
        procurement,
        stage,
        amount=amount,
        basis=basis or procurement.estimate_basis,
        source="award value" if amount is not None else "estimate",
    )


@transaction.atomic
def withdraw_procurement(*, actor: Actor, procurement_id: int, reason: str) -> Procurement:
    """Stop a procurement that is not awarded. The reason stays in its history; nothing is deleted.

    Everybody invited to its tender is told that it is withdrawn, not why.
    """
    procurement = procurement_for(actor, procurement_id)
    if not OFFICER.allows(actor):
        raise NotAllowed(why_not_withdraw(actor, procurement))
    if why_not := why_not_withdraw(actor, procurement):
        raise RuleBroken(why_not)
    reason = reason.strip()
    if not reason:
        raise RuleBroken("Say why it is withdrawn.", field="reason")
    before = procurement.status
    done = Procurement.objects.filter(pk=procurement.pk, status=before).update(
        status=ProcurementStatus.WITHDRAWN, version=F("version") + 1
    )
    if not done:
        raise Conflict(
            "This procurement moved on at the same moment. Open it again to see what happened."
        )
    procurement.refresh_from_db()
    close_requests(actor, procurement)
    record(
        actor=actor,
        deed=ProcurementDeed.WITHDRAWN,
        sentence=f"{procurement.reference} was withdrawn: {reason}",
        target=procurement,
        procurement_id=procurement.pk,
        before={"status": before},
        after={"status": procurement.status, "reason": reason},
    )
    procurement_withdrawn.send(sender=Procurement, procurement_id=procurement.pk)
    return procurement
