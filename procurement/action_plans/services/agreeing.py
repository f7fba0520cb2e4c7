"""Agreeing a plan: each of the two parties says yes to the same version."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q

from procurement.action_plans.models import ActionPlan
from procurement.action_plans.permissions import AGREE_REASON, side_of, why_not_agree
from procurement.action_plans.services.parts import locked, visible
from procurement.action_plans.vocabulary import PlanDeed, PlanStatus, Side
from procurement.awards.rules import NOT_SIGNED
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed, RuleBroken
from socialvalue.core.periods import uk_moment


@transaction.atomic
def agree_plan(
    *, actor: Actor, contract_id: int, expected_version: int | None = None
) -> ActionPlan:
    """Agree the plan as it stands, for the party the actor speaks for; agreed when the other has done so too.

    NotAllowed without the contract manager's or the supplier administrator's role, and for who agreed it for the other
    party; RuleBroken while there is no plan or the contract is not signed; Conflict when this party agreed already or
    the plan has changed since ``expected_version``.
    """
    contract = visible(actor, contract_id)
    side = side_of(actor, contract)
    if side is None:
        raise NotAllowed(AGREE_REASON)
    if contract.is_unsigned:
        raise RuleBroken(f"{NOT_SIGNED} Agree the plan once it is.")
    plan = locked(contract_id)
    if why_not := why_not_agree(actor, contract, plan):
        raise NotAllowed(why_not)
    if expected_version is not None and plan.version != expected_version:
        raise Conflict("The plan changed while you were on this page. Read it again, then agree.")
    changes = _yes(side, actor)
    if is_second := _agreed_by_other(plan, side):
        changes |= {"status": PlanStatus.AGREED, "agreed_at": clock.now()}
    moved = ActionPlan.objects.filter(
        _still_open(side), pk=plan.pk, version=plan.version, status=PlanStatus.DRAFT
    ).update(**changes)
    plan.refresh_from_db()
    if not moved:
        raise Conflict(_agreed_already(actor, plan, side))
    who = contract.authority_name if side == Side.AUTHORITY else contract.supplier_name
    record(
        actor=actor,
        deed=PlanDeed.AGREED if is_second else PlanDeed.AGREED_BY_ONE,
        sentence="Agreed the action plan. Both parties have."
        if is_second
        else f"Agreed the action plan for {who}. The other party has not yet.",
        target=plan,
        procurement_id=contract.procurement_id,
        after={"version": plan.version, "side": side},
    )
    return plan


def _yes(side: Side, actor: Actor) -> dict[str, object]:
    if side == Side.AUTHORITY:
        return {"authority_agreed_at": clock.now(), "agreed_by_id": actor.person_id}
    return {"supplier_agreed_at": clock.now(), "supplier_agreed_by_id": actor.person_id}


def _agreed_by_other(plan: ActionPlan, side: Side) -> bool:
    at = plan.supplier_agreed_at if side == Side.AUTHORITY else plan.authority_agreed_at
    return at is not None


def _still_open(side: Side) -> Q:
    if side == Side.AUTHORITY:
        return Q(authority_agreed_at__isnull=True)
    return Q(supplier_agreed_at__isnull=True)


def _agreed_already(actor: Actor, plan: ActionPlan, side: Side) -> str:
    person = plan.agreed_by if side == Side.AUTHORITY else plan.supplier_agreed_by
    moment = plan.authority_agreed_at if side == Side.AUTHORITY else plan.supplier_agreed_at
    # Plans agreed before the supplier was asked name nobody on its side.
    person, moment = person or plan.agreed_by, moment or plan.agreed_at
    who = "You" if person is not None and person.pk == actor.user_id else str(person)
    at = f" on {uk_moment(moment.astimezone(clock.LONDON))}" if moment else ""
    return f"{who} agreed the plan{at}."
