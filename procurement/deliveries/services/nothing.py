"""Nothing was delivered in a quarter: said, and taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from procurement.awards import queries as awards
from procurement.deliveries.models import Claim, ClaimDraft, NilReturn
from procurement.deliveries.permissions import CLAIM_REASON, can_claim, can_see_claim
from procurement.deliveries.queries import promise_of
from procurement.deliveries.rules import check_quarter, check_reason
from procurement.deliveries.services.steps import contract_to_claim, hold, person_of
from procurement.deliveries.vocabulary import ClaimStatus, DeliveryDeed
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotAllowed, NotVisible, RuleBroken
from socialvalue.core.periods import quarter_label

if TYPE_CHECKING:
    from procurement.awards.models import Contract

FIELDS = (
    "commitment_id", "contract_id", "authority_id", "supplier_id", "quarter", "reason", "made_at", "made_by_id",
)  # fmt: skip
LIVE = (ClaimStatus.SUBMITTED, ClaimStatus.RETURNED, ClaimStatus.VERIFIED)


@transaction.atomic
def report_nothing(
    *, actor: Actor, commitment_id: int, quarter: date, reason: str = ""
) -> NilReturn:
    """Say that nothing was delivered of a commitment in a quarter. It posts nothing; saying it twice is once.

    NotVisible for another supplier's commitment, NotAllowed for the buyer, RuleBroken for a quarter that has not
    begun, where something is claimed, and for a reason that is too long or holds a postcode.
    """
    check_reason(reason)
    commitment = awards.commitment_info(commitment_id)
    contract = contract_to_claim(actor, commitment.contract_id)
    check_quarter(quarter, promise_of(commitment, contract), clock.today())
    hold(contract)
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
            "reason": reason.strip(),
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


def take_back_for(claims: QuerySet[Claim]) -> list[dict[str, str | int]]:
    """What the claims of a file take back at once, as it can be said again when the file is undone."""
    claimed = claims.filter(commitment_id=OuterRef("commitment_id"), quarter=OuterRef("quarter"))
    found = NilReturn.objects.filter(Exists(claimed))
    kept = [
        row | {"quarter": row["quarter"].isoformat(), "made_at": row["made_at"].isoformat()}
        for row in found.values(*FIELDS)
    ]
    found.delete()
    return kept


def say_again(kept: Sequence[Mapping[str, Any]]) -> None:
    """What ``take_back_for`` gave, except where something else was claimed or said meanwhile."""
    about = {row["commitment_id"] for row in kept}
    claims = Claim.objects.filter(commitment_id__in=about, status__in=LIVE)
    claimed = set(claims.values_list("commitment_id", "quarter"))
    rows = [
        NilReturn(**{**row, "quarter": day, "made_at": datetime.fromisoformat(row["made_at"])})
        for row in kept
        if (row["commitment_id"], day := date.fromisoformat(row["quarter"])) not in claimed
    ]
    NilReturn.objects.bulk_create(rows, ignore_conflicts=True)


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
