"""The bids of a tender are opened by two people, and the marking starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from procurement.bids import services as bids
from procurement.evaluations.models import Evaluation
from procurement.evaluations.permissions import OPEN_REASON, can_open
from procurement.evaluations.queries.panel import missing_for_opening
from procurement.evaluations.vocabulary import EvaluationDeed
from procurement.procurements import services as procurements
from procurement.tenders import queries as tender_queries
from procurement.tenders import services as tenders
from procurement.tenders.vocabulary import TenderStatus
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed, RuleBroken
from socialvalue.core.money import count_text
from socialvalue.core.periods import uk_date

if TYPE_CHECKING:
    from procurement.bids.models import BidOpening
    from procurement.tenders.models import Tender


@transaction.atomic
def start_opening(*, actor: Actor, tender_id: int) -> BidOpening:
    """The first of two people says that the bids are to be opened.

    NotAllowed without the role of an officer or approver; RuleBroken before the deadline or while the panel lacks
    something; Conflict when somebody else has started or the bids are open.
    """
    tender = _ready(actor, tender_id)
    return bids.start_opening(actor=actor, tender_id=tender.pk)


@transaction.atomic
def open_evaluation(*, actor: Actor, tender_id: int) -> Evaluation:
    """The second person opens every bid of a published tender, and the marking starts.

    Errors as ``start_opening``; besides NotAllowed for the person who started, RuleBroken before somebody has.
    """
    tender = _ready(actor, tender_id)
    opened = bids.open_bids(actor=actor, tender_id=tender_id)
    tenders.mark_opened(actor=actor, tender_id=tender_id)
    try:
        with transaction.atomic():
            evaluation = Evaluation.objects.create(
                tender_id=tender_id, opened_at=clock.now(), opened_by_id=actor.person_id
            )
    except IntegrityError as error:
        raise Conflict("The bids of this tender have been opened already.") from error
    procurements.mark_evaluating(actor=actor, procurement_id=tender.procurement_id)
    record(
        actor=actor,
        deed=EvaluationDeed.STARTED,
        sentence=f"Started the evaluation of {count_text(len(opened), 'bid')}.",
        target=evaluation,
        procurement_id=tender.procurement_id,
        after={"bids": len(opened)},
    )
    return evaluation


def _ready(actor: Actor, tender_id: int) -> Tender:
    """The tender, when its bids may be opened now and by this person."""
    tender = tender_queries.tender_for(actor, tender_id)
    if not can_open(actor, tender.authority_id):
        raise NotAllowed(OPEN_REASON)
    if tender.status in (TenderStatus.OPENED, TenderStatus.AWARDED):
        raise Conflict("The bids of this tender have been opened already.")
    if tender.status != TenderStatus.PUBLISHED or tender.deadline_at is None:
        raise RuleBroken("This tender is not published, so there are no bids to open.")
    if clock.now() < tender.deadline_at:
        local = tender.deadline_at.astimezone(clock.LONDON)
        raise RuleBroken(
            f"Bids stay sealed until the deadline, {uk_date(local.date())} at {local:%H:%M}. "
            "Open them after that."
        )
    missing = missing_for_opening(tender)
    if missing:
        raise RuleBroken(missing[0], more=[(None, text) for text in missing[1:]])
    return tender
