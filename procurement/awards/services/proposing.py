"""The officer proposes which bid is to have the contract; another person decides."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.urls import reverse

from procurement.awards.models import AwardProposal
from procurement.awards.permissions import (
    AWARD_REASON,
    WITHDRAW_REASON,
    can_award,
)
from procurement.awards.queries import why_stale
from procurement.awards.rules import Terms, check_terms
from procurement.awards.services.steps import (
    check_waits,
    chosen_bid,
    locked_proposal,
    ranked_tender,
    write_to,
)
from procurement.awards.vocabulary import AwardDeed, ProposalStatus
from procurement.evaluations import queries as evaluations
from procurement.policies.rules import Estimate, check_estimate
from procurement.procurements import queries as procurement_queries
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed
from socialvalue.core.money import pounds

PROPOSED_ALREADY = (
    "An award is proposed already and waits for approval. Withdraw it before you propose another."
)


@transaction.atomic
def propose_award(
    *,
    actor: Actor,
    procurement_id: int,
    bid_id: int,
    reason: str,
    value: Decimal,
    value_basis: str,
    starts_on: date,
    ends_on: date,
) -> AwardProposal:
    """Propose one ranked bid that passed, on the last ranking, and write to the approvers.

    A proposal that rests on an earlier ranking or on earlier scores makes room for this one. NotAllowed without the
    officer's role; RuleBroken for a bid that did not pass, an unranked evaluation or faulty terms; Conflict when it is
    awarded already or another proposal waits.
    """
    procurement = procurement_queries.procurement_for(actor, procurement_id)
    if not can_award(actor, procurement.authority_id):
        raise NotAllowed(AWARD_REASON)
    tender = ranked_tender(actor, procurement_id)
    chosen = chosen_bid(tender, bid_id)
    check_terms(Terms(reason, value, starts_on, ends_on))
    check_estimate(Estimate(value, value_basis))
    round_id = evaluations.round_of(tender.pk)
    _make_room(actor, procurement_id, tender.pk)
    try:
        with transaction.atomic():
            proposal = AwardProposal.objects.create(
                procurement_id=procurement_id,
                bid_id=bid_id,
                round_id=round_id,
                reason=reason.strip(),
                value=value,
                value_basis=value_basis,
                starts_on=starts_on,
                ends_on=ends_on,
                proposed_by_id=actor.person_id,
                proposed_at=clock.now(),
            )
    except IntegrityError as error:
        raise Conflict(PROPOSED_ALREADY) from error
    record(
        actor=actor,
        deed=AwardDeed.PROPOSED,
        sentence=f"Proposed to award the contract to {chosen.supplier_name} for {pounds(value)}.",
        target=proposal,
        procurement_id=procurement_id,
        after={
            "bid": bid_id,
            "rank": chosen.rank,
            "round": round_id,
            "reason": proposal.reason,
            "value": str(value),
            "value_basis": value_basis,
            "starts_on": starts_on.isoformat(),
            "ends_on": ends_on.isoformat(),
        },
    )
    write_to(
        procurement.authority_id,
        [Role.APPROVER],
        "award_proposed",
        {
            "title": procurement.title,
            "reference": procurement.reference,
            "supplier": chosen.supplier_name,
            "proposer": actor.name,
            "path": reverse("procurement:awards:proposal", args=[procurement_id]),
        },
        but=actor.user_id,
    )
    return proposal


@transaction.atomic
def withdraw_proposal(*, actor: Actor, proposal_id: int, remark: str = "") -> AwardProposal:
    """Take a proposal back. NotAllowed without the officer's role; Conflict when it is decided already."""
    proposal = locked_proposal(actor, proposal_id, reason=WITHDRAW_REASON)
    if not can_award(actor, proposal.procurement.authority_id):
        raise NotAllowed(WITHDRAW_REASON)
    check_waits(proposal)
    _withdraw(actor, proposal, remark.strip())
    return proposal


def _withdraw(actor: Actor, proposal: AwardProposal, remark: str) -> None:
    proposal.status = ProposalStatus.WITHDRAWN
    proposal.decided_by_id, proposal.decided_at = actor.person_id, clock.now()
    proposal.remark = remark
    proposal.save()
    record(
        actor=actor,
        deed=AwardDeed.PROPOSAL_WITHDRAWN,
        sentence="Withdrew the proposal to award the contract.",
        target=proposal,
        procurement_id=proposal.procurement_id,
        before={"status": ProposalStatus.PROPOSED},
        after={"status": ProposalStatus.WITHDRAWN, "remark": remark},
    )


def _make_room(actor: Actor, procurement_id: int, tender_id: int) -> None:
    """What no longer stands is withdrawn; a proposal that stands stays, and is a Conflict."""
    waiting = (
        AwardProposal.objects.select_for_update(of=("self",))
        .filter(procurement_id=procurement_id, status=ProposalStatus.PROPOSED)
        .first()
    )
    if waiting is None:
        return
    if not (why := why_stale(waiting, tender_id)):
        raise Conflict(PROPOSED_ALREADY)
    # What happened; what to do about it is being done.
    _withdraw(actor, waiting, why.partition(" after ")[0] + ".")
