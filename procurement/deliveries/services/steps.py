"""Steps that several deeds share: who may, what moves, what is posted, what is recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import F

from procurement.awards import queries as awards
from procurement.awards.rules import NOT_SIGNED
from procurement.awards.vocabulary import ContractStatus
from procurement.deliveries.models import Claim, Evidence
from procurement.deliveries.permissions import CLAIM_REASON, can_claim, can_see_claim, is_buying
from procurement.deliveries.queries import has_evidence
from procurement.deliveries.rules import figure_names, posting_for
from procurement.deliveries.vocabulary import COUNTED_AS_CLAIMED, ClaimStatus, DeliveryDeed
from procurement.ledger.queries import entries_ever, standing_entries
from procurement.ledger.rules import reverse
from procurement.ledger.services import post_entries
from procurement.ledger.vocabulary import Basis
from socialvalue.audit.services import record
from socialvalue.core.actor import Actor
from socialvalue.core.conflicts import differences
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from socialvalue.core.money import measured, quantity_text
from socialvalue.core.periods import quarter_label
from toms.valuation.rules import value_of

if TYPE_CHECKING:
    from procurement.awards.models import Contract
    from procurement.awards.queries import CommitmentInfo


DECIDED_MEANWHILE = "Somebody decided on this claim, or changed it, after you opened it. It stands now as: {status}."


def contract_to_claim(actor: Actor, contract_id: int) -> Contract:
    """The supplier's own contract. NotVisible and NotAllowed for others; RuleBroken before it is signed."""
    contract = awards.contract_for(actor, contract_id)
    if not can_claim(actor, contract):
        raise NotAllowed(CLAIM_REASON)
    if contract.status == ContractStatus.AWARDED:
        raise RuleBroken(NOT_SIGNED)
    return contract


def hold(contract: Contract) -> None:
    """Whoever else reports of this contract waits until the transaction ends, so that what is read stays true."""
    rows = type(contract).objects.select_for_update(of=("self",), no_key=True)
    rows.only("pk").get(pk=contract.pk)


def locked_claim(claim_id: int) -> Claim | None:
    return Claim.objects.select_for_update(of=("self",)).filter(pk=claim_id).first()


def claim_to_change(actor: Actor, claim_id: int) -> Claim:
    claim = locked_claim(claim_id)
    if claim is None or not can_see_claim(actor, claim):
        raise NotVisible
    if not can_claim(actor, claim):
        raise NotAllowed(CLAIM_REASON)
    return claim


def claim_to_decide(actor: Actor, claim_id: int) -> Claim:
    claim = locked_claim(claim_id)
    if claim is None or not can_see_claim(actor, claim):
        raise NotVisible
    if not is_buying(actor, claim):
        raise NotAllowed("Only the buying authority can decide on a claim.")
    return claim


def person_of(actor: Actor) -> int:
    if actor.user_id is None:
        raise NotAllowed(CLAIM_REASON)
    return actor.user_id


def move(
    claim: Claim,
    expected_version: int,
    allowed: Sequence[ClaimStatus],
    labels: Mapping[str, str] | None = None,
    **changes: str | int | Decimal | datetime | None,
) -> None:
    """Compare and set: Conflict when the claim has another version or status than the person saw.

    ``labels`` name the fields, beside the status, whose difference the person is shown.
    """
    moved = Claim.objects.filter(pk=claim.pk, version=expected_version, status__in=allowed).update(
        version=F("version") + 1, **changes
    )
    if not moved:
        raise Conflict(
            DECIDED_MEANWHILE.format(status=ClaimStatus(claim.status).label.lower()),
            changed=_what_differs(claim, labels or {}, changes),
        )
    claim.refresh_from_db()


def _what_differs(
    claim: Claim, labels: Mapping[str, str], sent: Mapping[str, object]
) -> dict[str, tuple[str, str]]:
    named = {"status": "Status", **labels}
    return differences(
        named,
        {name: getattr(claim, name) for name in named},
        sent,
        words={"status": lambda value: str(ClaimStatus(value).label)},
    )


def labels_of(commitment: CommitmentInfo) -> dict[str, str]:
    """The figures and words of a claim as its form names them."""
    names = figure_names(commitment.measure)
    figures = {"quantity": names.quantity} | ({"denominator": names.whole} if names.whole else {})
    return figures | {"narrative": "What was delivered, where and for whom"}


def attach(claim: Claim, evidence_ids: Sequence[int]) -> None:
    wanted = set(evidence_ids)
    attached = Evidence.objects.filter(
        pk__in=wanted,
        supplier_id=claim.supplier_id,
        contract_id=claim.contract_id,
        claim__isnull=True,
    ).update(claim=claim)
    if attached != len(wanted):
        raise RuleBroken(
            "One of the files belongs to another claim. Choose it again from your device",
            field="file",
        )


def post_claimed(actor: Actor, claim: Claim, commitment: CommitmentInfo) -> None:
    posting = posting_for(
        claim,
        commitment,
        basis=Basis.CLAIMED,
        quantity=claim.quantity,
        denominator=claim.denominator,
        posting_key=f"claim:{claim.pk}:version:{claim.version}",
    )
    post_entries(actor=actor, postings=[posting])
    post_evidenced(actor, claim)


def reverse_claimed(actor: Actor, claim: Claim, reason: str) -> None:
    """Nothing is claimed any more, and so nothing evidenced."""
    for basis in (Basis.CLAIMED, Basis.EVIDENCED):
        _reverse_standing(actor, claim, basis, reason)


def _reverse_standing(actor: Actor, claim: Claim, basis: Basis, reason: str) -> None:
    postings = [
        reverse(entry, f"claim:{claim.pk}:reverses:{entry.pk}", reason)
        for entry in standing_entries(basis=basis, claim_id=claim.pk)
    ]
    post_entries(actor=actor, postings=postings)


NOTHING_SHOWS_IT = "Nothing shows the delivery any more."


def post_evidenced(actor: Actor, claim: Claim) -> None:
    """What stands claimed stands as evidenced too from the first file or confirmation on, and until the last is gone.

    For every deed that changes what shows a claim, in its transaction and after the claim is held: evidenced never
    changes without an entry, so the totals follow it as they follow the rest. Twice changes nothing.
    """
    stands = standing_entries(basis=Basis.EVIDENCED, claim_id=claim.pk)
    shows = claim.status in COUNTED_AS_CLAIMED and bool(has_evidence([claim.pk]))
    if stands and not shows:
        _reverse_standing(actor, claim, Basis.EVIDENCED, NOTHING_SHOWS_IT)
    if shows and not stands:
        number = entries_ever(basis=Basis.EVIDENCED, claim_id=claim.pk) + 1
        posting = posting_for(
            claim,
            awards.commitment_info(claim.commitment_id),
            basis=Basis.EVIDENCED,
            quantity=claim.quantity,
            denominator=claim.denominator,
            posting_key=f"claim:{claim.pk}:evidenced:{number}",
        )
        post_entries(actor=actor, postings=[posting])


def worth_of(commitment: CommitmentInfo, quantity: Decimal) -> int:
    return value_of(
        quantity=quantity,
        unit_value=commitment.unit_value,
        attribution_percent=commitment.attribution_percent,
        additionality=commitment.measure.additionality,
    ).value_pence


def in_words(claim: Claim, commitment: CommitmentInfo) -> str:
    measure = commitment.measure
    if claim.denominator is not None:
        amount = f"{quantity_text(claim.quantity)} of {quantity_text(claim.denominator)}"
    else:
        amount = measured(claim.quantity, measure.unit)
    return f"{amount} for {measure.label}, {quarter_label(claim.quarter)}"


def facts_of(claim: Claim) -> dict[str, str | None]:
    return {
        "status": claim.status,
        "quantity": str(claim.quantity),
        "denominator": None if claim.denominator is None else str(claim.denominator),
        "value_pence": str(claim.value_pence),
    }


def keep_record(
    actor: Actor,
    claim: Claim,
    contract: Contract,
    deed: DeliveryDeed,
    sentence: str,
    before: dict[str, str | None] | dict[str, str] | None = None,
) -> None:
    record(
        actor=actor,
        deed=deed,
        sentence=sentence,
        target=claim,
        procurement_id=contract.procurement_id,
        before=before,
        after=facts_of(claim),
    )
