"""The rectification plan: the supplier proposes it, the authority agrees it, steps are ticked when they are done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from procurement.awards import queries as awards
from procurement.remedies.models import RectificationPlan, RectificationStep
from procurement.remedies.permissions import (
    MANAGE_REASON,
    SUPPLY_REASON,
    can_manage,
    can_supply,
    why_not_agree_plan,
)
from procurement.remedies.rules import check_steps, check_text
from procurement.remedies.rules.texts import Step
from procurement.remedies.services.steps import (
    bump,
    check_unfinished,
    locked_shortfall,
)
from procurement.remedies.vocabulary import RemedyDeed, ShortfallStatus
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from socialvalue.core.periods import uk_date

AGREED_ALREADY = "The rectification plan is agreed already. Its steps can be ticked."


@transaction.atomic
def propose_plan(
    *,
    actor: Actor,
    shortfall_id: int,
    expected_version: int,
    cause: str,
    recover_by: date,
    steps: Sequence[Step],
) -> RectificationPlan:
    """Propose how to catch up, or put another proposal in place of the one that stands.

    In place of an agreed plan it takes the agreement away, because the authority agreed to another one; the steps that
    are done stay. NotAllowed for anybody but the supplier; RuleBroken without cause, step or a day to come; Conflict
    when the shortfall is finished or changed meanwhile.
    """
    row = locked_shortfall(actor, shortfall_id)
    if not can_supply(actor, row):
        raise NotAllowed(SUPPLY_REASON)
    check_unfinished(row, expected_version)
    cause = check_text(cause, "Enter why less was delivered than planned", field="cause")
    plan = RectificationPlan.objects.filter(shortfall=row).first()
    before = _told(plan) if plan else {}
    done = _keep_done(plan) if plan else 0
    ends_on = awards.contract_brief(row.contract_id).last_day
    check_steps(steps, recover_by, clock.today(), ends_on, done)
    instead = (
        f" instead of the plan that was agreed, by {uk_date(plan.recover_by)}"
        if plan and plan.agreed_at
        else ""
    )
    plan = plan or RectificationPlan(shortfall=row, version=0)
    plan.agreed_at = plan.agreed_by_id = None
    plan.cause, plan.recover_by = cause, recover_by
    plan.proposed_at, plan.proposed_by_id = clock.now(), actor.person_id
    plan.version += 1
    plan.save()
    RectificationStep.objects.bulk_create(
        RectificationStep(
            plan=plan,
            number=number,
            what=step.what.strip(),
            owner=step.owner.strip(),
            due_on=step.due_on,
        )
        for number, step in enumerate(steps, done + 1)
    )
    bump(row, status=ShortfallStatus.OPEN)
    record(
        actor=actor,
        deed=RemedyDeed.PLAN_PROPOSED,
        sentence=f"Proposed to catch up by {uk_date(recover_by)} in {len(steps)} "
        f"step{'' if len(steps) == 1 else 's'}{instead}.",
        target=row,
        procurement_id=row.contract.procurement_id,
        before=before,
        after=_told(plan),
    )
    return plan


@transaction.atomic
def agree_plan(*, actor: Actor, shortfall_id: int, expected_version: int) -> RectificationPlan:
    """Agree the proposed plan: the shortfall is being put right from now on.

    NotAllowed without the contract manager's role or for one's own; Conflict when it is agreed or changed since.
    """
    row = locked_shortfall(actor, shortfall_id)
    if not can_manage(actor, row):
        raise NotAllowed(MANAGE_REASON)
    if row.status == ShortfallStatus.RECTIFYING:
        raise Conflict(AGREED_ALREADY)
    check_unfinished(row, expected_version)
    plan = RectificationPlan.objects.filter(shortfall=row).first()
    if plan is None:
        raise RuleBroken("The supplier has not proposed a plan yet. Ask for one in a message.")
    if why_not := why_not_agree_plan(actor, row, plan.proposed_by_id):
        raise NotAllowed(why_not)
    plan.agreed_at, plan.agreed_by_id = clock.now(), actor.person_id
    plan.version += 1
    plan.save()
    bump(row, status=ShortfallStatus.RECTIFYING)
    record(
        actor=actor,
        deed=RemedyDeed.PLAN_AGREED,
        sentence=f"Agreed the rectification plan: caught up by {uk_date(plan.recover_by)}.",
        target=row,
        procurement_id=row.contract.procurement_id,
        before={"status": ShortfallStatus.OPEN},
        after={"status": row.status, "plan": plan.pk},
    )
    return plan


@transaction.atomic
def mark_step(*, actor: Actor, shortfall_id: int, number: int) -> RectificationStep:
    """Tick a step of an agreed plan as done today. Either party may; Conflict when it is ticked already."""
    row = locked_shortfall(actor, shortfall_id)
    if not (can_supply(actor, row) or can_manage(actor, row)):
        raise NotAllowed("Only the supplier or a contract manager can tick a step.")
    check_unfinished(row)
    if row.status != ShortfallStatus.RECTIFYING:
        raise RuleBroken("The plan is not agreed yet. Steps are ticked once it is.")
    step = RectificationStep.objects.filter(plan__shortfall=row, number=number).first()
    if step is None:
        raise NotVisible
    if step.done_on is not None:
        raise Conflict(f"This step was ticked on {uk_date(step.done_on)} already.")
    step.done_on = clock.today()
    step.save()
    record(
        actor=actor,
        deed=RemedyDeed.STEP_DONE,
        sentence=f"Ticked step {number} as done: {step.what}",
        target=row,
        procurement_id=row.contract.procurement_id,
        after={"step": number, "done_on": step.done_on.isoformat()},
    )
    return step


def _keep_done(plan: RectificationPlan) -> int:
    """Steps that are done stay, numbered from 1; the others go. Returns how many stay."""
    RectificationStep.objects.filter(plan=plan, done_on__isnull=True).delete()
    done = list(RectificationStep.objects.filter(plan=plan).order_by("number"))
    for number, step in enumerate(done, 1):
        step.number = number
        step.save(update_fields=["number"])
    return len(done)


def _told(plan: RectificationPlan) -> dict[str, object]:
    return {
        "cause": plan.cause,
        "recover_by": plan.recover_by.isoformat(),
        "steps": [
            [step.what, step.owner, step.due_on.isoformat()]
            for step in RectificationStep.objects.filter(plan=plan)
        ],
    }
