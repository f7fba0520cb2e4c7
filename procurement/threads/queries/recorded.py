"""What the record tells of procurements: to whom, and from when on."""

from __future__ import annotations

from django.urls import reverse

from procurement.awards.vocabulary import AwardDeed
from procurement.bids.vocabulary import BidDeed
from procurement.evaluations.vocabulary import EvaluationDeed
from procurement.policies.vocabulary import PolicyDeed
from procurement.tenders.vocabulary import TenderDeed, TenderStatus
from procurement.threads.queries.gathering import Parts, gather
from socialvalue.accounts.permissions import allowed, is_supplier
from socialvalue.accounts.vocabulary import Deed
from socialvalue.audit.queries.records import Scope, Telling
from socialvalue.core.actor import Actor

INVITING = (TenderDeed.INVITED, TenderDeed.INVITATION_REMOVED)
INTERESTS = (EvaluationDeed.INTEREST_DECLARED, EvaluationDeed.INTEREST_DECIDED)


def tellings() -> list[Telling]:
    """Who is invited is told once bids are open; what was declared, marked, offered or drafted keeps its readers."""
    judging = {*EvaluationDeed.values} - {*INTERESTS, EvaluationDeed.WORDING_SET}
    return [
        Telling(frozenset(INVITING), until=TenderDeed.OPENED),
        Telling(frozenset(INTERESTS), values_for=lambda a: allowed(a, Deed.READ_INTERESTS)),
        Telling(frozenset(judging), values_for=lambda a: allowed(a, Deed.READ_EVALUATION_RECORD)),
        Telling(frozenset({*BidDeed.values, *AwardDeed.values}), values_for=_reads_bids),
        Telling(
            frozenset(PolicyDeed.values), values_for=lambda a: allowed(a, Deed.READ_POLICY_DRAFTS)
        ),
    ]


def _reads_bids(actor: Actor) -> bool:
    """A supplier's own deeds are about its own bid."""
    return is_supplier(actor) or allowed(actor, Deed.READ_BIDS)


def scope_of(parts: Parts) -> Scope:
    """Every deed; while bids are sealed nothing that names a supplier."""
    procurement = parts.procurement
    is_open = parts.tender is None or parts.tender.status in (
        TenderStatus.OPENED,
        TenderStatus.AWARDED,
    )
    return Scope(
        procurement.title,
        reverse("procurement:threads:procurement", args=[procurement.pk]),
        procurement_id=procurement.pk,
        organisation_ids=None if is_open else (procurement.authority_id,),
        without_deeds=() if is_open else INVITING,
    )


def procurement_scope(actor: Actor, procurement_id: int) -> Scope:
    """The record of one procurement and what hangs from it. NotVisible for anybody but its authority's people."""
    return scope_of(gather(actor, procurement_id))
