"""What the supplier does: claim, mend, withdraw."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from procurement.awards import queries as awards
from procurement.deliveries.models import Claim, ClaimDraft
from procurement.deliveries.queries import promise_of
from procurement.deliveries.rules import MAX_FILES, Delivery, check_delivery, district_of
from procurement.deliveries.services.evidence import take_out
from procurement.deliveries.services.nothing import take_back
from procurement.deliveries.services.shared import allocate_parts, check_parts, release_parts
from procurement.deliveries.services.steps import (
    attach,
    claim_to_change,
    contract_to_claim,
    facts_of,
    hold,
    in_words,
    keep_record,
    labels_of,
    move,
    person_of,
    post_claimed,
    post_evidenced,
    reverse_claimed,
    worth_of,
)
from procurement.deliveries.vocabulary import ClaimStatus, DeliveryDeed
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, RuleBroken
from socialvalue.core.periods import quarter_label
from toms.frameworks.vocabulary import Aggregation

if TYPE_CHECKING:
    from procurement.awards.models import Contract
    from procurement.awards.queries import CommitmentInfo


ONE_A_QUARTER = (Aggregation.LAST, Aggregation.NONE)
LIVE = (ClaimStatus.SUBMITTED, ClaimStatus.RETURNED, ClaimStatus.VERIFIED)


@transaction.atomic
def submit_claim(
    *,
    actor: Actor,
    commitment_id: int,
    quarter: date,
    quantity: Decimal,
    submission_key: str,
    narrative: str = "",
    evidence_ids: Sequence[int] = (),
    denominator: Decimal | None = None,
    postcode_district: str = "",
    allocations: Sequence[tuple[int, Decimal]] = (),
) -> Claim:
    """Say what was delivered of a commitment in a quarter, and post it as claimed. Words and files may come later.

    ``allocations`` are parts of shared deliveries that this claim counts: their ids and quantities.
    It takes back the word that nothing was delivered, and the draft that stood for it. The same ``submission_key``
    again gives the claim it made the first time and posts nothing; with another figure it is a Conflict. For a rate
    ``quantity`` is the numerator. NotVisible for another supplier's commitment, NotAllowed for the buyer, RuleBroken
    with every fault of the form.
    """
    commitment = awards.commitment_info(commitment_id)
    contract = contract_to_claim(actor, commitment.contract_id)
    hold(contract)
    sent_before = Claim.objects.filter(submission_key=submission_key).first()
    if sent_before is not None:
        return _same(sent_before, commitment_id, contract, (quarter, quantity, denominator))
    district = district_of(postcode_district)
    delivery = Delivery(quarter, quantity, denominator, narrative, len(set(evidence_ids)), district)
    check_delivery(delivery, promise_of(commitment, contract), clock.today())
    _check_alone(commitment, quarter)
    claim = Claim(
        commitment_id=commitment_id,
        contract_id=contract.pk,
        authority_id=contract.authority_id,
        supplier_id=contract.supplier_id,
        quarter=quarter,
        quantity=quantity,
        denominator=denominator,
        value_pence=worth_of(commitment, quantity),
        narrative=narrative.strip(),
        postcode_district=district,
        status=ClaimStatus.SUBMITTED,
        submission_key=submission_key,
        submitted_at=clock.now(),
        submitted_by_id=person_of(actor),
    )
    try:
        with transaction.atomic():
            claim.save(force_insert=True)
    except IntegrityError:
        # The same form was sent twice at once, and the other one came first.
        sent_before = Claim.objects.get(submission_key=submission_key)
        return _same(sent_before, commitment_id, contract, (quarter, quantity, denominator))
    attach(claim, evidence_ids)
    take_back(actor, commitment_id, quarter, contract, "A claim was sent.")
    ClaimDraft.objects.filter(commitment_id=commitment_id, quarter=quarter).delete()
    post_claimed(actor, claim, commitment)
    allocate_parts(actor, claim, allocations)
    keep_record(
        actor,
        claim,
        contract,
        DeliveryDeed.CLAIM_SUBMITTED,
        f"Claimed {in_words(claim, commitment)}.",
    )
    return claim


@transaction.atomic
def resubmit_claim(
    *,
    actor: Actor,
    claim_id: int,
    expected_version: int,
    quantity: Decimal,
    narrative: str = "",
    evidence_ids: Sequence[int] = (),
    denominator: Decimal | None = None,
    postcode_district: str | None = None,
    removed_ids: Sequence[int] = (),
) -> Claim:
    """Send a returned claim again, mended. ``evidence_ids`` are files to add; those it has stay, except
    ``removed_ids``: a wrong file goes for good, and the history says which it was.

    Without a ``postcode_district`` the one it has stays; an empty one takes it away. Conflict when it is not returned
    any more, or was changed since ``expected_version``.
    """
    claim = claim_to_change(actor, claim_id)
    commitment = awards.commitment_info(claim.commitment_id)
    contract = awards.contract_for(actor, claim.contract_id)
    has = set(claim.evidence.values_list("pk", flat=True))
    added = set(evidence_ids) - has
    files = len(has - set(removed_ids)) + len(added)
    district = (
        claim.postcode_district if postcode_district is None else district_of(postcode_district)
    )
    delivery = Delivery(claim.quarter, quantity, denominator, narrative, files, district)
    check_delivery(delivery, promise_of(commitment, contract), clock.today())
    before = facts_of(claim)
    move(
        claim,
        expected_version,
        (ClaimStatus.RETURNED,),
        labels=labels_of(commitment),
        status=ClaimStatus.SUBMITTED,
        quantity=quantity,
        denominator=denominator,
        value_pence=worth_of(commitment, quantity),
        narrative=narrative.strip(),
        postcode_district=district,
        submitted_at=clock.now(),
    )
    attach(claim, sorted(added))
    take_out(actor, claim, removed_ids)
    check_parts(claim)
    post_claimed(actor, claim, commitment)
    keep_record(
        actor,
        claim,
        contract,
        DeliveryDeed.CLAIM_RESUBMITTED,
        f"Sent again: {in_words(claim, commitment)}.",
        before,
    )
    return claim


@transaction.atomic
def withdraw_claim(*, actor: Actor, claim_id: int, expected_version: int) -> Claim:
    """Take back a claim nobody has decided on. What was posted for it is reversed."""
    claim = claim_to_change(actor, claim_id)
    contract = awards.contract_for(actor, claim.contract_id)
    was = claim.status
    move(
        claim,
        expected_version,
        (ClaimStatus.SUBMITTED, ClaimStatus.RETURNED),
        status=ClaimStatus.WITHDRAWN,
        decided_at=clock.now(),
    )
    reverse_claimed(actor, claim, "Withdrawn by the supplier.")
    release_parts(actor, claim, "Withdrawn")
    keep_record(
        actor, claim, contract, DeliveryDeed.CLAIM_WITHDRAWN, "Withdrew the claim.", {"status": was}
    )
    return claim


@transaction.atomic
def attach_evidence(*, actor: Actor, claim_id: int, evidence_ids: Sequence[int]) -> Claim:
    """Add files that are kept already to a claim that is sent and not decided on; its figures stay as they are.

    RuleBroken for more files than a claim holds; Conflict once it is decided on or taken back.
    """
    claim = claim_to_change(actor, claim_id)
    contract = awards.contract_for(actor, claim.contract_id)
    if claim.status not in (ClaimStatus.SUBMITTED, ClaimStatus.RETURNED):
        raise Conflict(
            f"This claim stands now as: {claim.get_status_display().lower()}. Nothing can be added to it any more."
        )
    added = set(evidence_ids)
    if not added:
        raise RuleBroken("Choose a photo or another file", field="file")
    if claim.evidence.count() + len(added) > MAX_FILES:
        raise RuleBroken(
            f"A claim holds {MAX_FILES} files at most. Put them together in one document",
            field="file",
        )
    attach(claim, sorted(added))
    post_evidenced(actor, claim)
    files = "a file" if len(added) == 1 else f"{len(added)} files"
    keep_record(actor, claim, contract, DeliveryDeed.EVIDENCE_ADDED, f"Added {files} to the claim.")
    return claim


def _same(
    claim: Claim,
    commitment_id: int,
    contract: Contract,
    figures: tuple[date, Decimal, Decimal | None],
) -> Claim:
    """The claim this key made, if it is this supplier's for this commitment and says the same."""
    if claim.commitment_id != commitment_id or claim.supplier_id != contract.supplier_id:
        raise Conflict("This form was sent for something else already. Open the claim form again.")
    if (claim.quarter, claim.quantity, claim.denominator) != figures:
        raise Conflict(
            f"This form was sent already, as claim {claim.pk}, with another figure. Sent again, it adds to that claim."
        )
    return claim


def _check_alone(commitment: CommitmentInfo, quarter: date) -> None:
    """A figure that is not added up stands once a quarter."""
    if commitment.measure.aggregation not in ONE_A_QUARTER:
        return
    if Claim.objects.filter(commitment_id=commitment.id, quarter=quarter, status__in=LIVE).exists():
        raise RuleBroken(
            f"There is a figure for {quarter_label(quarter)} already. Withdraw it, or mend it if it was returned",
            field="quarter",
        )
