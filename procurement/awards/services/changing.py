"""What both parties agreed to change while the contract runs. The award and its commitments stay as they were."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from procurement.awards.models import Commitment, Contract, ContractChange
from procurement.awards.permissions import (
    CHANGE_REASON,
    OWN_CHANGE_REASON,
    can_agree_change,
    can_approve,
)
from procurement.awards.queries import commitment_info, commitments_of, contract_for
from procurement.awards.rules import NOT_SIGNED, Change, change_sentence, check_change
from procurement.awards.vocabulary import AwardDeed, ChangeKind, ContractStatus
from procurement.tenders import queries as tender_queries
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from toms.frameworks.queries import measure_infos
from toms.proxies.queries import unit_value
from toms.valuation.rules import value_of

if TYPE_CHECKING:
    from procurement.awards.queries import CommitmentInfo
    from toms.frameworks.queries import MeasureInfo

HUNDRED = Decimal(100)


@transaction.atomic
def apply_change(
    *,
    actor: Actor,
    contract_id: int,
    kind: str,
    reason: str,
    asked_by_id: int,
    from_quarter: date,
    commitment_id: int | None = None,
    measure_id: int | None = None,
    quantity: Decimal | None = None,
    ends_on: date | None = None,
    is_remedy: bool = False,
) -> ContractChange:
    """Record what ``asked_by_id`` asked and ``actor``, who acts for the other party, agrees.

    A commitment that stands keeps its own unit value and attribution; one that is added (``measure_id``) is valued
    as the award would have valued it: with the edition, place and sector of the tender, on the day that counted
    then. ``is_remedy``: a substitution that the contract provides, decided by an approver. An extension moves the
    end of the contract. The plan is planned again by ``action_plans.plan_again``.

    NotVisible for others than the parties; NotAllowed without the contract manager's or the supplier administrator's
    role, or for what one asked oneself; RuleBroken for what cannot be; Conflict when the contract is closed.
    """
    contract = _locked(actor, contract_id)
    # A substitution that the contract provides is decided by the authority's approver: both agreed to it by signing.
    may = (
        can_approve(actor, contract.authority_id)
        if is_remedy
        else can_agree_change(actor, contract)
    )
    if not may:
        raise NotAllowed(CHANGE_REASON)
    if actor.user_id == asked_by_id:
        raise NotAllowed(OWN_CHANGE_REASON)
    if contract.status == ContractStatus.AWARDED:
        raise RuleBroken(f"{NOT_SIGNED} Change it once it is.")
    if contract.status == ContractStatus.ENDED:
        raise Conflict("The contract is closed, so it no longer changes.")
    standing = _standing(contract, kind, commitment_id)
    check_change(
        Change(
            kind=kind,
            reason=reason,
            from_quarter=from_quarter,
            starts_on=contract.starts_on,
            ends_on=contract.ends_on,
            today=clock.today(),
            quantity_before=standing.quantity if standing else None,
            quantity=quantity,
            new_end=ends_on if kind == ChangeKind.EXTENSION else None,
        )
    )
    change = ContractChange(
        contract=contract,
        kind=kind,
        from_quarter=from_quarter,
        reason=reason.strip(),
        asked_by_id=asked_by_id,
        agreed_by_id=actor.person_id,
        agreed_at=clock.now(),
    )
    if ends_on is not None and kind == ChangeKind.EXTENSION:
        change.ends_on_before, change.ends_on_after = contract.ends_on, ends_on
        Contract.objects.filter(pk=contract.pk).update(ends_on=ends_on)
    elif quantity is not None:
        added = None if standing else _added(contract, measure_id, quantity)
        change.commitment_id = added.pk if added else commitment_id
        change.quantity_before = standing.quantity if standing else None
        change.quantity_after = quantity
        change.value_pence_after = (
            added.value_pence if added else _worth(standing, quantity) if standing else 0
        )
    change.save()
    _record(actor, contract, change)
    return change


def _locked(actor: Actor, contract_id: int) -> Contract:
    contract_for(actor, contract_id)
    return Contract.objects.select_for_update(of=("self",)).get(pk=contract_id)


def _standing(contract: Contract, kind: str, commitment_id: int | None) -> CommitmentInfo | None:
    """The commitment that is to change; None for what changes none. NotVisible for a foreign one."""
    if kind != ChangeKind.QUANTITY:
        return None
    if commitment_id is None:
        raise RuleBroken("Choose the commitment that is to change.", field="commitment")
    found = commitment_info(commitment_id)
    if found.contract_id != contract.pk:
        raise NotVisible
    return found


def _worth(standing: CommitmentInfo, quantity: Decimal) -> int:
    return value_of(
        quantity=quantity,
        unit_value=standing.unit_value,
        attribution_percent=standing.attribution_percent,
        additionality=standing.measure.additionality,
    ).value_pence


def _added(contract: Contract, measure_id: int | None, quantity: Decimal) -> Commitment:
    """A commitment of its own. RuleBroken for a measure of another edition, or one that is promised already."""
    measure = measure_infos([measure_id]).get(measure_id) if measure_id else None
    if measure is None:
        raise RuleBroken("Choose the measure that is to be added.", field="measure")
    promised = commitments_of(contract.pk)
    if any(row.measure.id == measure.id for row in promised):
        raise RuleBroken(
            f"{measure.label} is promised already. Change its quantity instead.", field="measure"
        )
    tender = tender_queries.tender_brief(contract.award.bid.tender_id)
    if measure.edition_id not in {tender.edition_id, *(row.edition_id for row in promised)}:
        raise RuleBroken(
            "The contract is valued with the edition of its tender. Choose a measure of that edition.",
            field="measure",
        )
    return _commit(contract, measure, quantity, tender)


def _commit(
    contract: Contract, measure: MeasureInfo, quantity: Decimal, tender: tender_queries.TenderBrief
) -> Commitment:
    # As in an award: only what adds up can be posted in pounds; a rate is counted, never valued.
    unit = (
        unit_value(measure, place=tender.place, on=tender.valued_on, sector=tender.sector)
        if measure.adds_up
        else None
    )
    working = value_of(
        quantity=quantity,
        unit_value=unit.amount if unit else None,
        attribution_percent=HUNDRED,
        additionality=measure.additionality,
    )
    return Commitment.objects.create(
        contract=contract,
        offer_line_id=None,
        measure_id=measure.id,
        edition_id=measure.edition_id,
        quantity=quantity,
        unit_value=unit.amount if unit else None,
        unit_value_source=unit.cited[:500] if unit else "",
        place=unit.place if unit else "",
        attribution_percent=HUNDRED,
        value_pence=working.value_pence,
    )


def _record(actor: Actor, contract: Contract, change: ContractChange) -> None:
    info = commitment_info(change.commitment_id) if change.commitment_id else None
    said = change_sentence(
        kind=change.kind,
        label=info.measure.label if info else "",
        unit=info.measure.unit if info else "",
        before=change.quantity_before,
        after=change.quantity_after,
        ends_before=change.ends_on_before,
        ends_after=change.ends_on_after,
    )
    record(
        actor=actor,
        deed=AwardDeed.CHANGED,
        sentence=f"Changed the contract, as both parties agreed. {said}",
        target=contract,
        procurement_id=contract.procurement_id,
        before={
            "quantity": _text(change.quantity_before),
            "ends_on": _text(change.ends_on_before),
        },
        after={
            "quantity": _text(change.quantity_after),
            "ends_on": _text(change.ends_on_after),
            "from_quarter": change.from_quarter.isoformat(),
            "reason": change.reason,
            "asked_by": change.asked_by_id,
        },
    )


def _text(value: Decimal | date | None) -> str:
    return "" if value is None else str(value)
