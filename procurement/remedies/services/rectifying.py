"""The rectification plan: the supplier proposes it, the authority agrees it, steps are ticked when they are done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.urls import reverse

from procurement.remedies.models import RectificationPlan, RectificationStep, Shortfall
from procurement.remedies.permissions import (
    MANAGE_REASON,
    SUPPLY_REASON,
    can_manage,
    can_supply,
)
from procurement.remedies.rules import check_steps, check_text
from procurement.remedies.rules.texts import Step
from procurement.remedies.services.steps import (
    bump,
    check_unfinished,
    locked_shortfall,
    write_to_other,
)
from procurement.remedies.vocabulary import RemedyDeed, ShortfallStatus
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from socialvalue.core.periods import uk_date

AGREED_ALREADY = "The rectification plan is agreed already, so it stands. Its steps can be ticked."


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
    """Propose how to catch up, or put another proposal in place of one that is not agreed yet.

    NotAllowed for anybody but the supplier; RuleBroken without cause, step or a day to come; Conflict when the
    shortfall is finished, changed meanwhile, or the plan is agreed.
    """
    row = locked_shortfall(actor, shortfall_id)
    if not can_supply(actor, row):
        raise NotAllowed(SUPPLY_REASON)
    if row.status == ShortfallStatus.RECTIFYING:
        raise Conflict(AGREED_ALREADY)
    check_unfinished(row, expected_version)
    cause = check_text(cause, "Enter why less was delivered than planned", field="cause")
    check_steps(steps, recover_by, clock.today())
    plan = RectificationPlan.objects.filter(shortfall=row).first()
    before = _told(plan) if plan else {}
    plan = plan or RectificationPlan(shortfall=row, version=0)
    plan.cause, plan.recover_by = cause, recover_by
    plan.proposed_at, plan.proposed_by_id = clock.now(), actor.person_id
    plan.version += 1
    plan.save()
    RectificationStep.objects.filter(plan=plan).delete()
    RectificationStep.objects.bulk_create(
        RectificationStep(
            plan=plan,
            number=number,
            what=step.what.strip(),
            owner=step.owner.strip(),
            due_on=step.due_on,
        )
        for number, step in enumerate(steps, 1)
    )
    bump(row)
    record(
        actor=actor,
        deed=RemedyDeed.PLAN_PROPOSED,
        sentence=f"Proposed to catch up by {uk_date(recover_by)} in {len(steps)} "
        f"step{'' if len(steps) == 1 else 's'}.",
        target=row,
        procurement_id=row.contract.procurement_id,
        before=before,
        after=_told(plan),
    )
    _tell(actor, row, "rectification_proposed")
    return plan


@transaction.atomic
def agree_plan(*, actor: Actor, shortfall_id: int, expected_version: int) -> RectificationPlan:
    """Agree the proposed plan: the shortfall is being put right from now on."""
    row = locked_shortfall(actor, shortfall_id)
    if not can_manage(actor, row):
        raise NotAllowed(MANAGE_REASON)
    if row.status == ShortfallStatus.RECTIFYING:
        raise Conflict(AGREED_ALREADY)
    check_unfinished(row, expected_version)
    plan = RectificationPlan.objects.filter(shortfall=row).first()
    if plan is None:
        raise RuleBroken("The supplier has not proposed a plan yet. Ask for one in a message.")
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
    _tell(actor, row, "rectification_agreed")
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


def _told(plan: RectificationPlan) -> dict[str, object]:
    return {
        "cause": plan.cause,
        "recover_by": plan.recover_by.isoformat(),
        "steps": [
            [step.what, step.owner, step.due_on.isoformat()]
            for step in RectificationStep.objects.filter(plan=plan)
        ],
    }


def _tell(actor: Actor, row: Shortfall, template: str) -> None:
    write_to_other(
        actor,
        row,
        template,
        {
            "title": row.contract.title,
            "reference": row.contract.reference,
            "who": actor.organisation_name,
            "path": reverse("procurement:remedies:shortfall", args=[row.pk]),
        },
    )
