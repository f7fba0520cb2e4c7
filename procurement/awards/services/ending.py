"""The end of a contract."""

from __future__ import annotations

from django.db import transaction

from procurement.awards.models import Contract
from procurement.awards.permissions import END_REASON, can_end
from procurement.awards.queries import contract_for
from procurement.awards.rules import NOT_SIGNED
from procurement.awards.vocabulary import AwardDeed, ContractStatus
from procurement.procurements import services as procurements
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed, RuleBroken
from socialvalue.core.periods import uk_date


@transaction.atomic
def end_contract(*, actor: Actor, contract_id: int, terminated_because: str = "") -> Contract:
    """Close a live contract whose end date has passed; its procurement is complete.

    ``terminated_because`` closes it before that day: the room of remedies gives it, once a termination is approved.
    Today is then its last day, and nothing falls due, is planned or can be claimed for quarters after it.
    NotAllowed without the contract manager's role; RuleBroken before the end or when it was never signed; Conflict
    when closed.
    """
    contract = contract_for(actor, contract_id)
    if not can_end(actor, contract):
        raise NotAllowed(END_REASON)
    if contract.status == ContractStatus.AWARDED:
        raise RuleBroken(NOT_SIGNED)
    today = clock.today()
    ended_on = min(today, contract.ends_on)
    if today <= contract.ends_on and not terminated_because:
        raise RuleBroken(
            f"The contract runs until {uk_date(contract.ends_on)}. Close it after that day."
        )
    moved = Contract.objects.filter(pk=contract.pk, status=ContractStatus.LIVE).update(
        status=ContractStatus.ENDED, ended_on=ended_on
    )
    if not moved:
        raise Conflict("The contract is closed already.")
    contract.refresh_from_db()
    procurements.mark_complete(actor=actor, procurement_id=contract.procurement_id)
    record(
        actor=actor,
        deed=AwardDeed.ENDED,
        sentence=f"Terminated the contract. {terminated_because}".strip()
        if terminated_because
        else "Closed the contract.",
        target=contract,
        procurement_id=contract.procurement_id,
        before={"status": ContractStatus.LIVE},
        after={"status": ContractStatus.ENDED, "ended_on": ended_on.isoformat()},
    )
    return contract
