"""Starting the plan of a contract."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import IntegrityError, transaction

from procurement.action_plans import rules
from procurement.action_plans.models import ActionPlan, Milestone
from procurement.action_plans.permissions import START_REASON, can_start
from procurement.action_plans.services.parts import keep_revision, milestone, post_first, visible
from procurement.action_plans.vocabulary import PlanDeed
from procurement.awards import queries as awards
from socialvalue.audit.services import record
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotAllowed, RuleBroken


@transaction.atomic
def start_plan(*, actor: Actor, contract_id: int) -> ActionPlan:
    """The plan of a contract, with every commitment spread evenly over its quarters.

    The plan that exists when there is one. What adds up is posted to the ledger as committed, one
    entry a milestone. NotVisible for a stranger, NotAllowed without the role, RuleBroken once the contract is closed.
    """
    contract = visible(actor, contract_id)
    if not can_start(actor, contract):
        raise NotAllowed(START_REASON)
    if contract.has_ended and not ActionPlan.objects.filter(contract_id=contract.id).exists():
        raise RuleBroken("The contract is closed, so nothing is planned any more.")
    return started(actor, contract)


def started(actor: Actor, contract: awards.ContractBrief) -> ActionPlan:
    """The plan, made if there is none. The caller has shown that the actor may."""
    existing = ActionPlan.objects.filter(contract_id=contract.id).first()
    if existing is not None:
        return existing
    try:
        with transaction.atomic():
            plan = ActionPlan.objects.create(contract_id=contract.id)
    except IntegrityError:
        # Somebody started it at the same moment: theirs is the plan.
        return ActionPlan.objects.get(contract_id=contract.id)
    quarters = rules.quarters_of(contract.starts_on, contract.ends_on)
    commitments = awards.commitments_of(contract.id)
    milestones = _create_milestones(plan, contract, commitments, quarters)
    post_first(actor, contract, plan, commitments, milestones)
    keep_revision(actor, plan, "Spread evenly over the quarters of the contract.")
    record(
        actor=actor,
        deed=PlanDeed.STARTED,
        sentence=f"Started the action plan: {len(commitments)} commitments over "
        f"{len(quarters)} quarters.",
        target=plan,
        procurement_id=contract.procurement_id,
        after={"commitments": len(commitments), "quarters": len(quarters)},
    )
    return plan


def _create_milestones(
    plan: ActionPlan,
    contract: awards.ContractBrief,
    commitments: Sequence[awards.CommitmentInfo],
    quarters: Sequence[date],
) -> list[Milestone]:
    rows = []
    for commitment in commitments:
        shares = rules.spread(commitment.quantity, quarters, adds_up=commitment.measure.adds_up)
        for quarter, quantity in shares.items():
            row = milestone(plan, contract, commitment, quarter)
            row.quantity = quantity
            rows.append(row)
    return Milestone.objects.bulk_create(rows)
