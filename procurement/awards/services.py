"""Awarding: the bid chosen becomes a contract, its offer lines become commitments that never change."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from procurement.awards.models import Award, Commitment, Contract
from procurement.awards.permissions import AWARD_REASON, END_REASON, can_award, can_end
from procurement.awards.queries import contract_for
from procurement.awards.rules import Terms, check_terms, contract_reference
from procurement.awards.vocabulary import AwardDeed, ContractStatus
from procurement.bids import queries as bids
from procurement.evaluations import queries as evaluations
from procurement.events import contract_awarded
from procurement.procurements import queries as procurement_queries
from procurement.procurements import services as procurements
from procurement.tenders import queries as tender_queries
from procurement.tenders import services as tenders
from procurement.tenders.vocabulary import TenderStatus
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from socialvalue.core.money import pounds, pounds_from_pence
from socialvalue.core.periods import uk_date
from toms.valuation.rules import value_of

if TYPE_CHECKING:
    from procurement.procurements.models import Procurement
    from procurement.tenders.models import Tender


@transaction.atomic
def award_contract(
    *,
    actor: Actor,
    procurement_id: int,
    bid_id: int,
    reason: str,
    value: Decimal,
    value_basis: str,
    starts_on: date,
    ends_on: date,
) -> Contract:
    """Award to one ranked bid that passed, and make the contract with its commitments.

    Each offer line above nought becomes a commitment with the measure, edition, unit value, source,
    place and attribution it was offered with; its £ is rounded once. The route is decided again on
    the award value. NotAllowed without the officer's role; RuleBroken for a bid that did not pass,
    an unranked evaluation or faulty terms; Conflict when it is awarded already.
    """
    procurement = procurement_queries.procurement_for(actor, procurement_id)
    if not can_award(actor, procurement.authority_id):
        raise NotAllowed(AWARD_REASON)
    tender = _ranked_tender(actor, procurement_id)
    chosen = _chosen(tender, bid_id)
    check_terms(Terms(reason, value, starts_on, ends_on))
    award, contract = _make(
        actor, procurement, chosen, reason.strip(), value, value_basis, starts_on, ends_on
    )
    commitments = _commit(contract, tender, bid_id)
    tenders.mark_tender_awarded(actor=actor, tender_id=tender.pk)
    procurements.mark_awarded(
        actor=actor,
        procurement_id=procurement_id,
        award_value=value,
        award_basis=value_basis,
        awarded_on=clock.today(),
    )
    promised = pounds_from_pence(sum(row.value_pence for row in commitments))
    record(
        actor=actor,
        deed=AwardDeed.AWARDED,
        sentence=f"Awarded the contract to {chosen.supplier_name} for {pounds(value)}, with "
        f"{len(commitments)} commitments worth {promised} of social value.",
        target=contract,
        procurement_id=procurement_id,
        after={
            "bid": bid_id,
            "rank": chosen.rank,
            "reason": award.reason,
            "value": str(value),
            "value_basis": value_basis,
            "starts_on": starts_on.isoformat(),
            "ends_on": ends_on.isoformat(),
        },
    )
    contract_awarded.send(sender=Contract, contract_id=contract.pk)
    return contract


@transaction.atomic
def end_contract(*, actor: Actor, contract_id: int) -> Contract:
    """Close a live contract whose end date has passed; its procurement is complete.

    NotAllowed without the contract manager's role; RuleBroken before the end; Conflict when closed.
    """
    contract = contract_for(actor, contract_id)
    if not can_end(actor, contract):
        raise NotAllowed(END_REASON)
    if clock.today() <= contract.ends_on:
        raise RuleBroken(
            f"The contract runs until {uk_date(contract.ends_on)}. Close it after that day."
        )
    moved = Contract.objects.filter(pk=contract.pk, status=ContractStatus.LIVE).update(
        status=ContractStatus.ENDED
    )
    if not moved:
        raise Conflict("The contract is closed already.")
    contract.refresh_from_db()
    procurements.mark_complete(actor=actor, procurement_id=contract.procurement_id)
    record(
        actor=actor,
        deed=AwardDeed.ENDED,
        sentence="Closed the contract.",
        target=contract,
        procurement_id=contract.procurement_id,
        before={"status": ContractStatus.LIVE},
        after={"status": ContractStatus.ENDED},
    )
    return contract


# --- parts ------------------------------------------------------------------------------------


def _ranked_tender(actor: Actor, procurement_id: int) -> Tender:
    tender = tender_queries.tender_of_procurement(actor, procurement_id)
    if tender is None:
        raise RuleBroken("There is no tender here, so there is no bid to award to.")
    if tender.status == TenderStatus.AWARDED:
        raise Conflict("The contract is awarded already. Open it from the procurement.")
    if not evaluations.is_ranked(tender.pk):
        raise RuleBroken("Rank the bids before you award.")
    return tender


def _chosen(tender: Tender, bid_id: int) -> evaluations.RankedBid:
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


def _make(
    actor: Actor,
    procurement: Procurement,
    chosen: evaluations.RankedBid,
    reason: str,
    value: Decimal,
    value_basis: str,
    starts_on: date,
    ends_on: date,
) -> tuple[Award, Contract]:
    try:
        with transaction.atomic():
            award = Award.objects.create(
                procurement_id=procurement.pk,
                bid_id=chosen.bid_id,
                supplier_id=chosen.supplier_id,
                reason=reason,
                decided_at=clock.now(),
                decided_by_id=actor.person_id,
            )
            contract = Contract.objects.create(
                award=award,
                procurement_id=procurement.pk,
                authority_id=procurement.authority_id,
                supplier_id=chosen.supplier_id,
                reference=contract_reference(procurement.reference),
                title=procurement.title,
                value=value,
                value_basis=value_basis,
                starts_on=starts_on,
                ends_on=ends_on,
            )
    except IntegrityError as error:
        raise Conflict("The contract is awarded already. Open it from the procurement.") from error
    return award, contract


def _commit(contract: Contract, tender: Tender, bid_id: int) -> list[Commitment]:
    """The commitments: every line of the bid that offers more than nothing, as it was valued."""
    bid = next(bid for bid in bids.opened_bids(tender.pk) if bid.id == bid_id)
    rows = []
    for line in bid.lines:
        if line.quantity <= 0:
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
