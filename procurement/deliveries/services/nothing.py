"""Nothing was delivered in a quarter: said, and taken back."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction

from procurement.awards import queries as awards
from procurement.deliveries.models import Claim, ClaimDraft, NilReturn
from procurement.deliveries.permissions import CLAIM_REASON, can_claim, can_see_claim
from procurement.deliveries.queries import promise_of
from procurement.deliveries.rules import check_quarter
from procurement.deliveries.services.steps import contract_to_claim, person_of
from procurement.deliveries.vocabulary import ClaimStatus, DeliveryDeed
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotAllowed, NotVisible, RuleBroken
from socialvalue.core.periods import quarter_label

if TYPE_CHECKING:
    from procurement.awards.models import Contract

LIVE = (ClaimStatus.SUBMITTED, ClaimStatus.RETURNED, ClaimStatus.VERIFIED)


@transaction.atomic
def report_nothing(
    *, actor: Actor, commitment_id: int, quarter: date, reason: str = ""
) -> NilReturn:
    """Say that nothing was delivered of a commitment in a quarter. It posts nothing; saying it twice is once.

    NotVisible for another supplier's commitment, NotAllowed for the buyer, RuleBroken for a quarter that has not
    begun, and where something is claimed.
    """
    commitment = awards.commitment_info(commitment_id)
    contract = contract_to_claim(actor, commitment.contract_id)
    check_quarter(quarter, promise_of(commitment, contract), clock.today())
    if Claim.objects.filter(commitment_id=commitment_id, quarter=quarter, status__in=LIVE).exists():
        raise RuleBroken(
            f"Something is claimed for {quarter_label(quarter)}. Withdraw it first if nothing was delivered"
        )
    found, is_new = NilReturn.objects.get_or_create(
        commitment_id=commitment_id,
        quarter=quarter,
        defaults={
            "contract_id": contract.pk,
            "authority_id": contract.authority_id,
            "supplier_id": contract.supplier_id,
            "reason": reason.strip()[:500],
            "made_at": clock.now(),
            "made_by_id": person_of(actor),
        },
    )
    if is_new:
        ClaimDraft.objects.filter(commitment_id=commitment_id, quarter=quarter).delete()
        _note(actor, found, contract, DeliveryDeed.NIL_REPORTED, "Reported nothing")
    return found


@transaction.atomic
def take_back_nothing(*, actor: Actor, nil_id: int) -> tuple[int, date]:
    """Undo it. Returns the contract and the quarter it was said of. NotVisible when there is none any more."""
    found = NilReturn.objects.select_for_update(of=("self",)).filter(pk=nil_id).first()
    if found is None or not can_see_claim(actor, found):
        raise NotVisible("This is taken back already.")
    if not can_claim(actor, found):
        raise NotAllowed(CLAIM_REASON)
    contract = awards.contract_for(actor, found.contract_id)
    take_back(actor, found.commitment_id, found.quarter, contract, "")
    return found.contract_id, found.quarter


def take_back(
    actor: Actor, commitment_id: int, quarter: date, contract: Contract, why: str
) -> None:
    """The word that nothing was delivered goes, with a record of it, if it stands."""
    for found in NilReturn.objects.filter(commitment_id=commitment_id, quarter=quarter):
        _note(
            actor,
            found,
            contract,
            DeliveryDeed.NIL_TAKEN_BACK,
            "Took back the report of nothing",
            why,
        )
        found.delete()


def _note(
    actor: Actor, nil: NilReturn, contract: Contract, deed: DeliveryDeed, what: str, why: str = ""
) -> None:
    measure = awards.commitment_info(nil.commitment_id).measure
    sentence = f"{what} for {measure.label}, {quarter_label(nil.quarter)}. {why}".strip()
    facts = {"commitment_id": nil.commitment_id, "quarter": nil.quarter.isoformat()}
    is_said = deed == DeliveryDeed.NIL_REPORTED
    record(
        actor=actor,
        deed=deed,
        sentence=sentence,
        target=nil,
        procurement_id=contract.procurement_id,
        before={} if is_said else facts,
        after=facts if is_said else {},
    )
