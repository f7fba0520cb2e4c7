"""Parts of the deeds of this room: finding and locking what they change, and writing to people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from procurement.awards.models import AwardProposal, Contract
from procurement.awards.permissions import can_read_judgement, is_buying
from procurement.awards.vocabulary import ProposalStatus
from procurement.evaluations import queries as evaluations
from procurement.procurements import queries as procurement_queries
from procurement.tenders import queries as tender_queries
from procurement.tenders.vocabulary import TenderStatus
from socialvalue.accounts.queries import people_with_role
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from socialvalue.core.letters import post

if TYPE_CHECKING:
    from procurement.tenders.models import Tender

AWARDED_ALREADY = "The contract is awarded already. Open it from the procurement."


def locked_proposal(actor: Actor, proposal_id: int, *, reason: str) -> AwardProposal:
    """A proposal of the actor's own authority, to decide on. NotVisible elsewhere, NotAllowed at home."""
    found = (
        AwardProposal.objects.select_for_update(of=("self",))
        .select_related("procurement", "bid", "proposed_by")
        .filter(pk=proposal_id)
        .first()
    )
    if found is None:
        raise NotVisible
    procurement = procurement_queries.procurement_for(actor, found.procurement_id)
    if not can_read_judgement(actor, procurement.authority_id):
        raise NotAllowed(reason)
    return found


def check_waits(proposal: AwardProposal) -> None:
    """Conflict when the proposal is decided already."""
    if proposal.status != ProposalStatus.PROPOSED:
        raise Conflict(
            f"This proposal is {proposal.get_status_display().lower()} already. "
            "Open the award again to see what happened."
        )


def locked_contract(actor: Actor, *, contract_id: int = 0, award_id: int = 0) -> Contract:
    """A contract of the actor's own authority, to change. NotVisible for anybody else."""
    wanted = {"pk": contract_id} if contract_id else {"award_id": award_id}
    found = (
        Contract.objects.select_for_update(of=("self",))
        .select_related("authority", "supplier", "award__bid", "procurement")
        .filter(**wanted)
        .first()
    )
    if found is None or not is_buying(actor, found):
        raise NotVisible
    return found


def ranked_tender(actor: Actor, procurement_id: int) -> Tender:
    """The tender of a procurement whose bids are ranked and that led to no award yet."""
    tender = tender_queries.tender_of_procurement(actor, procurement_id)
    if tender is None:
        raise RuleBroken("There is no tender here, so there is no bid to award to.")
    if tender.status == TenderStatus.AWARDED:
        raise Conflict(AWARDED_ALREADY)
    if not evaluations.is_ranked(tender.pk):
        raise RuleBroken("Rank the bids before you award.")
    return tender


def chosen_bid(tender: Tender, bid_id: int) -> evaluations.RankedBid:
    """The bid as ranked. NotVisible for a bid of another tender, RuleBroken for one that failed."""
    ranked = {bid.bid_id: bid for bid in evaluations.ranking_of_tender(tender)}
    if bid_id not in ranked:
        raise NotVisible
    chosen = ranked[bid_id]
    if not chosen.is_passed:
        raise RuleBroken(
            f"The bid of {chosen.supplier_name} did not pass: {chosen.reason} Choose another bid.",
            field="bid",
        )
    return chosen


def write_to(
    organisation_id: int,
    roles: Iterable[str],
    template: str,
    context: dict[str, object],
    *,
    but: int | None = None,
) -> int:
    """One letter to everybody who holds one of these roles there, except the person ``but``; how many went out."""
    people = [person for person in people_with_role(organisation_id, *roles) if person.pk != but]
    for person in people:
        post(person.email, template, {**context, "person": str(person)})
    return len(people)
