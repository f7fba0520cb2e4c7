"""One party asks to change the contract, the other agrees or refuses. An agreed request changes contract and plan."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import transaction

from procurement.action_plans import queries as plan_queries
from procurement.action_plans import services as plans
from procurement.awards import queries as awards
from procurement.awards import services as award_services
from procurement.awards.rules import Change, check_change
from procurement.awards.vocabulary import ChangeKind
from procurement.remedies.models import ChangeRequest
from procurement.remedies.permissions import (
    ASK_REASON,
    can_ask,
    can_see_contract,
    is_buying,
    why_not_answer,
)
from procurement.remedies.queries.changes import measures_to_add, request_sentence
from procurement.remedies.rules import check_text
from procurement.remedies.services.steps import CHANGED
from procurement.remedies.vocabulary import RemedyDeed, RequestStatus
from socialvalue.accounts.permissions import acts_for
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from socialvalue.core.money import measured

WITHDRAW_REASON = "Only the party that asked can withdraw its request."


@transaction.atomic
def ask_change(
    *,
    actor: Actor,
    contract_id: int,
    kind: str,
    reason: str,
    from_quarter: date,
    commitment_id: int | None = None,
    measure_id: int | None = None,
    quantity: Decimal | None = None,
    ends_on: date | None = None,
) -> ChangeRequest:
    """Ask the other party for a change. Nothing changes until it agrees.

    NotAllowed for who speaks for neither party; NotVisible for a foreign commitment or measure; RuleBroken for what
    cannot be; Conflict when the same is asked already.
    """
    contract = awards.contract_for(actor, contract_id)
    if not can_ask(actor, contract):
        raise NotAllowed(ASK_REASON)
    brief = awards.contract_brief(contract_id)
    if not brief.is_live:
        raise RuleBroken(
            "Only a running contract is changed. This one is not signed yet, or closed."
        )
    reason = check_text(reason, "Enter the reason for the change", field="reason")
    row = ChangeRequest(
        contract_id=contract_id,
        authority_id=contract.authority_id,
        supplier_id=contract.supplier_id,
        kind=kind,
        commitment_id=commitment_id if kind == ChangeKind.QUANTITY else None,
        measure_id=measure_id if kind == ChangeKind.ADDED else None,
        quantity=quantity if kind != ChangeKind.EXTENSION else None,
        ends_on=ends_on if kind == ChangeKind.EXTENSION else None,
        from_quarter=from_quarter,
        reason=reason,
        asked_at=clock.now(),
        asked_by_id=actor.person_id,
        asking_id=contract.authority_id if is_buying(actor, contract) else contract.supplier_id,
    )
    _check_possible(row, brief)
    if _same_waits(row):
        raise Conflict(
            "The same change is asked for already and waits for an answer. Open it first."
        )
    row.save()
    _record(actor, row, RemedyDeed.CHANGE_ASKED, f"Asked for a change. {request_sentence(row)}")
    return row


@transaction.atomic
def agree_change(
    *, actor: Actor, request_id: int, expected_version: int, remark: str = ""
) -> ChangeRequest:
    """Agree what the other party asked: the contract changes, and its plan from that quarter on.

    NotAllowed for the party that asked; RuleBroken when it can no longer be done so; Conflict when it is answered.
    """
    row = _to_answer(actor, request_id, expected_version)
    said = request_sentence(row)  # as it was asked: afterwards it stands already
    change = award_services.apply_change(
        actor=actor,
        contract_id=row.contract_id,
        kind=row.kind,
        reason=row.reason,
        asked_by_id=row.asked_by_id,
        from_quarter=row.from_quarter,
        commitment_id=row.commitment_id,
        measure_id=row.measure_id,
        quantity=row.quantity,
        ends_on=row.ends_on,
    )
    plans.plan_again(actor=actor, contract_id=row.contract_id, change=change)
    row.change_id = change.pk
    _answer(actor, row, RequestStatus.AGREED, remark)
    _record(actor, row, RemedyDeed.CHANGE_AGREED, f"Agreed the change that was asked for. {said}")
    return row


@transaction.atomic
def refuse_change(
    *, actor: Actor, request_id: int, expected_version: int, remark: str
) -> ChangeRequest:
    """Refuse what the other party asked, with the reason. Nothing changes."""
    row = _to_answer(actor, request_id, expected_version)
    remark = check_text(remark, "Enter why you refuse the change", field="remark")
    _answer(actor, row, RequestStatus.REFUSED, remark)
    _record(actor, row, RemedyDeed.CHANGE_REFUSED, f"Refused the change: {remark}")
    return row


@transaction.atomic
def withdraw_change(*, actor: Actor, request_id: int, expected_version: int) -> ChangeRequest:
    """Take one's own party's request back. Conflict when the other party has answered it."""
    row = _locked(actor, request_id)
    if not can_ask(actor, row) or not acts_for(actor, row.asking_id):
        raise NotAllowed(WITHDRAW_REASON)
    _check_waits(row, expected_version)
    _answer(actor, row, RequestStatus.WITHDRAWN, "")
    _record(actor, row, RemedyDeed.CHANGE_WITHDRAWN, "Withdrew the request for a change.")
    return row


# --- parts ------------------------------------------------------------------------------------


def _locked(actor: Actor, request_id: int) -> ChangeRequest:
    found = (
        ChangeRequest.objects.select_for_update(of=("self",))
        .select_related("contract", "authority", "supplier", "asked_by")
        .filter(pk=request_id)
        .first()
    )
    if found is None or not can_see_contract(actor, found):
        raise NotVisible
    return found


def _to_answer(actor: Actor, request_id: int, expected_version: int) -> ChangeRequest:
    row = _locked(actor, request_id)
    if why_not := why_not_answer(actor, row, row.asking_id):
        raise NotAllowed(why_not)
    _check_waits(row, expected_version)
    return row


def _check_waits(row: ChangeRequest, expected_version: int) -> None:
    if row.status != RequestStatus.ASKED:
        raise Conflict(
            f"This request is {row.get_status_display().lower()} already, by {row.decided_by}. "
            "Open it again to see what happened."
        )
    if row.version != expected_version:
        raise Conflict(CHANGED)


def _answer(actor: Actor, row: ChangeRequest, status: str, remark: str) -> None:
    row.status = status
    row.decided_at, row.decided_by_id = clock.now(), actor.person_id
    row.deciding_id = row.authority_id if is_buying(actor, row) else row.supplier_id
    row.remark = remark.strip()
    row.version += 1
    row.save()


def _check_possible(row: ChangeRequest, brief: awards.ContractBrief) -> None:
    """What would be refused when it is agreed is said now."""
    standing = None
    if row.kind == ChangeKind.QUANTITY:
        if row.commitment_id is None:
            raise RuleBroken("Select the commitment that is to change", field="commitment")
        info = awards.commitment_info(row.commitment_id)
        if info.contract_id != row.contract_id:
            raise NotVisible
        standing = info.quantity
        _check_past(row, info)
    if row.kind == ChangeKind.ADDED:
        if row.measure_id is None:
            raise RuleBroken("Select the measure that is to be added", field="measure")
        if row.measure_id not in {measure.id for measure in measures_to_add(row.contract_id)}:
            raise NotVisible
    check_change(
        Change(
            kind=row.kind,
            reason=row.reason,
            from_quarter=row.from_quarter,
            starts_on=brief.starts_on,
            ends_on=brief.ends_on,
            today=clock.today(),
            quantity_before=standing,
            quantity=row.quantity,
            new_end=row.ends_on,
        )
    )


def _check_past(row: ChangeRequest, info: awards.CommitmentInfo) -> None:
    """What was planned before the change begins stays, so no less can be asked for."""
    if not info.measure.adds_up or row.quantity is None:
        return
    past = sum(
        (
            one.quantity
            for one in plan_queries.milestones_of([row.contract_id])
            if one.commitment_id == info.id and one.quarter < row.from_quarter
        ),
        Decimal(0),
    )
    if row.quantity < past:
        held = measured(past, info.measure.unit)
        raise RuleBroken(
            f"The quarters before hold {held} already, and they stay. Enter {held} or more, or begin earlier",
            field="quantity",
        )


def _same_waits(row: ChangeRequest) -> bool:
    waiting = ChangeRequest.objects.filter(
        contract_id=row.contract_id, kind=row.kind, status=RequestStatus.ASKED
    )
    about = (row.commitment_id, row.measure_id)
    return about in waiting.values_list("commitment_id", "measure_id")


def _record(actor: Actor, row: ChangeRequest, deed: RemedyDeed, sentence: str) -> None:
    record(
        actor=actor,
        deed=deed,
        sentence=sentence,
        target=row,
        procurement_id=row.contract.procurement_id,
        after={
            "kind": row.kind,
            "commitment": row.commitment_id,
            "measure": row.measure_id,
            "quantity": "" if row.quantity is None else str(row.quantity),
            "ends_on": "" if row.ends_on is None else row.ends_on.isoformat(),
            "from_quarter": row.from_quarter.isoformat(),
            "reason": row.reason,
            "status": row.status,
            "remark": row.remark,
            "change": row.change_id,
        },
    )
