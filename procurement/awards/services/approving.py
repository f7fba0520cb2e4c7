"""A second person decides on a proposal. A yes makes the award, the contract and its commitments."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.urls import reverse

from procurement.awards.models import Award, AwardProposal, Commitment, Contract
from procurement.awards.permissions import APPROVE_REASON, why_not_decide
from procurement.awards.queries import why_stale
from procurement.awards.rules import contract_reference
from procurement.awards.services.steps import (
    AWARDED_ALREADY,
    check_waits,
    chosen_bid,
    locked_proposal,
)
from procurement.awards.vocabulary import AwardDeed, ProposalStatus
from procurement.bids import queries as bids
from procurement.evaluations import queries as evaluations
from procurement.evaluations.queries.explanations import explanations_of
from procurement.events import contract_awarded
from procurement.procurements import services as procurements
from procurement.tenders import queries as tender_queries
from procurement.tenders import services as tenders
from procurement.tenders.vocabulary import TenderStatus
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from socialvalue.core.letters import post
from socialvalue.core.money import pounds, pounds_from_pence
from toms.valuation.rules import value_of


@transaction.atomic
def approve_award(*, actor: Actor, proposal_id: int, remark: str = "") -> Contract:
    """Approve another person's proposal, and make the award, the contract to be signed, and its commitments.

    Each offer line above nought that was not ruled out becomes a commitment with the measure, edition, unit value,
    source, place and attribution it was offered with, at its whole quantity; its £ is rounded once. The route is
    decided again on the award value. NotAllowed without the approver's role or for one's own proposal; RuleBroken
    when the bids were ranked again or scored otherwise since; Conflict when it is decided already.
    """
    proposal = locked_proposal(actor, proposal_id, reason=APPROVE_REASON)
    procurement = proposal.procurement
    if why_not := why_not_decide(actor, procurement.authority_id, proposal.proposed_by_id):
        raise NotAllowed(why_not)
    check_waits(proposal)
    tender = tender_queries.tender_of_procurement(actor, procurement.pk)
    if tender is None:
        raise NotVisible
    if tender.status == TenderStatus.AWARDED:
        raise Conflict(AWARDED_ALREADY)
    # First, because it locks the tender: no ranking is made and no score saved from here on.
    tenders.mark_tender_awarded(actor=actor, tender_id=tender.pk)
    if stale := why_stale(proposal, tender.pk):
        raise RuleBroken(stale)
    chosen = chosen_bid(tender, proposal.bid_id)
    _decide(actor, proposal, ProposalStatus.APPROVED, remark)
    contract = _make(actor, proposal, chosen)
    commitments = _commit(contract, tender.pk, proposal.bid_id)
    procurements.mark_awarded(
        actor=actor,
        procurement_id=procurement.pk,
        award_value=proposal.value,
        award_basis=proposal.value_basis,
        awarded_on=clock.today(),
    )
    promised = pounds_from_pence(sum(row.value_pence for row in commitments))
    record(
        actor=actor,
        deed=AwardDeed.AWARDED,
        sentence=f"Awarded the contract to {chosen.supplier_name} for {pounds(proposal.value)}, "
        f"with {len(commitments)} commitments worth {promised} of social value, as proposed by "
        f"{proposal.proposed_by}.",
        target=contract,
        procurement_id=procurement.pk,
        after={
            "bid": proposal.bid_id,
            "rank": chosen.rank,
            "proposal": proposal.pk,
            "reason": proposal.reason,
            "remark": proposal.remark,
            "value": str(proposal.value),
            "value_basis": proposal.value_basis,
            "starts_on": proposal.starts_on.isoformat(),
            "ends_on": proposal.ends_on.isoformat(),
        },
    )
    contract_awarded.send(sender=Contract, contract_id=contract.pk)
    return contract


@transaction.atomic
def refuse_award(*, actor: Actor, proposal_id: int, remark: str) -> AwardProposal:
    """Say no to another person's proposal, with the reason, and write to who proposed it.

    NotAllowed without the approver's role or for one's own proposal; RuleBroken without a reason; Conflict when it
    is decided already.
    """
    proposal = locked_proposal(actor, proposal_id, reason=APPROVE_REASON)
    procurement = proposal.procurement
    if why_not := why_not_decide(actor, procurement.authority_id, proposal.proposed_by_id):
        raise NotAllowed(why_not)
    check_waits(proposal)
    if not remark.strip():
        raise RuleBroken("Enter why you refuse the award", field="remark")
    _decide(actor, proposal, ProposalStatus.REFUSED, remark)
    record(
        actor=actor,
        deed=AwardDeed.REFUSED,
        sentence=f"Refused to award the contract as proposed: {proposal.remark}",
        target=proposal,
        procurement_id=procurement.pk,
        before={"status": ProposalStatus.PROPOSED},
        after={"status": ProposalStatus.REFUSED, "remark": proposal.remark},
    )
    post(
        proposal.proposed_by.email,
        "award_refused",
        {
            "person": str(proposal.proposed_by),
            "title": procurement.title,
            "reference": procurement.reference,
            "approver": actor.name,
            "remark": proposal.remark,
            "path": reverse("procurement:awards:award", args=[procurement.pk]),
        },
    )
    return proposal


# --- parts ------------------------------------------------------------------------------------


def _decide(actor: Actor, proposal: AwardProposal, status: str, remark: str) -> None:
    proposal.status = status
    proposal.decided_by_id, proposal.decided_at = actor.person_id, clock.now()
    proposal.remark = remark.strip()
    proposal.save()


def _make(actor: Actor, proposal: AwardProposal, chosen: evaluations.RankedBid) -> Contract:
    procurement = proposal.procurement
    try:
        with transaction.atomic():
            award = Award.objects.create(
                procurement_id=procurement.pk,
                bid_id=chosen.bid_id,
                supplier_id=chosen.supplier_id,
                reason=proposal.reason,
                decided_at=clock.now(),
                decided_by_id=proposal.proposed_by_id,
                approved_by_id=actor.person_id,
            )
            return Contract.objects.create(
                award=award,
                procurement_id=procurement.pk,
                authority_id=procurement.authority_id,
                supplier_id=chosen.supplier_id,
                reference=contract_reference(procurement.reference),
                title=procurement.title,
                value=proposal.value,
                value_basis=proposal.value_basis,
                starts_on=proposal.starts_on,
                ends_on=proposal.ends_on,
            )
    except IntegrityError as error:
        raise Conflict(AWARDED_ALREADY) from error


def _commit(contract: Contract, tender_id: int, bid_id: int) -> list[Commitment]:
    """The commitments: every line of the bid that counts and offers more than nothing, as it was valued."""
    bid = next(bid for bid in bids.opened_bids(tender_id) if bid.id == bid_id)
    ruled_out = explanations_of(tender_id)[bid_id].ruled_out
    rows = []
    for line in bid.lines:
        if line.quantity <= 0 or line.id in ruled_out:
            continue
        # Only what adds up can be posted to the ledger in pounds; a rate is counted, never valued.
        unit = line.unit_value if line.measure.adds_up else None
        working = value_of(
            quantity=line.quantity,
            unit_value=unit.amount if unit else None,
            attribution_percent=line.attribution_percent,
            additionality=line.measure.additionality,
        )
        rows.append(
            Commitment(
                contract=contract,
                offer_line_id=line.id,
                measure_id=line.measure.id,
                edition_id=line.measure.edition_id,
                quantity=line.quantity,
                unit_value=unit.amount if unit else None,
                unit_value_source=unit.cited[:500] if unit else "",
                place=unit.place if unit else "",
                attribution_percent=line.attribution_percent,
                value_pence=working.value_pence,
                method_statement=line.method_statement,
            )
        )
    return Commitment.objects.bulk_create(rows)
