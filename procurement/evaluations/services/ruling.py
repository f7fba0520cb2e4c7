"""Ruling a claim out, and lifting that again. The line stays as it was offered; it counts as nought meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from procurement.bids import queries as bids
from procurement.evaluations.models import Evaluation, EvaluationRuling
from procurement.evaluations.permissions import AWARDED_REASON, RULE_REASON, can_rank
from procurement.evaluations.queries.grounds import grounds_of
from procurement.evaluations.queries.panel import seat_in, seats_of
from procurement.evaluations.services.holding import held_before_award
from procurement.evaluations.services.ranking import shortened, write_round
from procurement.evaluations.vocabulary import EvaluationDeed, EvaluationStatus
from procurement.tenders.vocabulary import TenderStatus
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken

if TYPE_CHECKING:
    from procurement.tenders.models import Tender


@transaction.atomic
def rule_out(*, actor: Actor, offer_line_id: int, reason: str) -> EvaluationRuling:
    """Let one offer line of an opened bid count as nought. Ranked bids are ranked again at once, as a new round.

    NotVisible for a line of another authority or one that is not open; NotAllowed unless a procurement officer or the
    panel's moderator; RuleBroken without a reason or after the award; Conflict when it is ruled out.
    """
    evaluation, tender = _held(actor, bids.tender_of_line(offer_line_id))
    words = _reason(reason, "Enter why this claim does not count; the bidder is told")
    try:
        with transaction.atomic():
            ruling = EvaluationRuling.objects.create(
                evaluation=evaluation,
                offer_line_id=offer_line_id,
                reason=words,
                ruled_by_id=actor.person_id,
                ruled_at=clock.now(),
            )
    except IntegrityError as error:
        standing = EvaluationRuling.objects.get(offer_line_id=offer_line_id, lifted_at=None)
        raise Conflict(
            "This claim was ruled out already.", changed={"Reason": (standing.reason, words)}
        ) from error
    line = _line_shown(offer_line_id, tender)
    record(
        actor=actor,
        deed=EvaluationDeed.RULED_OUT,
        sentence=f"Ruled out {line}.",
        target=ruling,
        procurement_id=tender.procurement_id,
        after={"reason": words},
    )
    _rank_again(actor, evaluation, tender, f"{line} was ruled out: {words}")
    return ruling


@transaction.atomic
def lift_ruling(*, actor: Actor, ruling_id: int, reason: str) -> EvaluationRuling:
    """Let a claim that was ruled out count again. Errors and the new round as ``rule_out``."""
    found = EvaluationRuling.objects.filter(pk=ruling_id).select_related("evaluation").first()
    if found is None:
        raise NotVisible
    evaluation, tender = _held(actor, found.evaluation.tender_id)
    words = _reason(reason, "Enter why this claim counts after all")
    lifted = EvaluationRuling.objects.filter(pk=ruling_id, lifted_at__isnull=True).update(
        lifted_at=clock.now(), lifted_by_id=actor.person_id, lifted_reason=words
    )
    found.refresh_from_db()
    if not lifted:
        raise Conflict(
            "This ruling was lifted already.", changed={"Reason": (found.lifted_reason, words)}
        )
    line = _line_shown(found.offer_line_id, tender)
    record(
        actor=actor,
        deed=EvaluationDeed.RULING_LIFTED,
        sentence=f"Lifted the ruling on {line}.",
        target=found,
        procurement_id=tender.procurement_id,
        before={"reason": found.reason},
        after={"reason": words},
    )
    _rank_again(actor, evaluation, tender, f"The ruling on {line} was lifted: {words}")
    return found


def _held(actor: Actor, tender_id: int) -> tuple[Evaluation, Tender]:
    """The evaluation, locked, with its tender, for those who may rule now."""
    pk = Evaluation.objects.filter(tender_id=tender_id).values_list("pk", flat=True).first()
    if pk is None:
        raise NotVisible
    evaluation, tender = held_before_award(actor, pk)
    own = seat_in(seats_of(tender.pk), actor.user_id)
    if not can_rank(actor, tender.authority_id) and not (own and own.is_moderator):
        raise NotAllowed(RULE_REASON)
    if tender.status == TenderStatus.AWARDED:
        raise RuleBroken(AWARDED_REASON)
    return evaluation, tender


def _reason(reason: str, message: str) -> str:
    words = reason.strip()
    if not words:
        raise RuleBroken(message, field="reason")
    return words


def _line_shown(offer_line_id: int, tender: Tender) -> str:
    """``PLB1 Local spend of Puddlestone Ltd``."""
    for bid in bids.opened_bids(tender.pk):
        for line in bid.lines:
            if line.id == offer_line_id:
                return f"{line.measure.label} of {bid.supplier_name}"
    raise NotVisible


def _rank_again(actor: Actor, evaluation: Evaluation, tender: Tender, cause: str) -> None:
    """Nothing to do while the bids are being marked. The verdicts a ranking rested on are there still."""
    if evaluation.status != EvaluationStatus.RANKED:
        return
    Evaluation.objects.filter(pk=evaluation.pk).update(
        ranked_at=clock.now(), ranked_by_id=actor.user_id
    )
    write_round(actor, evaluation, tender, grounds_of(tender, evaluation), shortened(cause))
