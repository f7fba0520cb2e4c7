"""Where an evaluation stands, for rooms and pages that ask by tender or procurement."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from procurement.evaluations.models import (
    Evaluation,
    EvaluationMark,
    EvaluationResult,
    EvaluationRound,
)
from procurement.evaluations.permissions import READ_REASON, can_read
from procurement.evaluations.vocabulary import EvaluationStatus
from procurement.tenders import queries as tenders
from procurement.tenders.vocabulary import TenderStatus
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotAllowed, NotVisible

if TYPE_CHECKING:
    from procurement.tenders.models import Tender


@dataclass(frozen=True, slots=True)
class EvaluationBrief:
    """Where an evaluation stands, in numbers only, for rooms that have shown visibility."""

    id: int
    status: str
    opened_at: datetime
    ranked_at: datetime | None
    bids: int
    passed: int
    marks: int


def evaluation_for(actor: Actor, evaluation_id: int) -> Evaluation:
    """The evaluation, when the actor may read its bids. NotVisible elsewhere, NotAllowed at home."""
    found = Evaluation.objects.filter(pk=evaluation_id).first()
    if found is None:
        raise NotVisible
    tender = tenders.tender_for(actor, found.tender_id)
    if not can_read(actor, tender.authority_id):
        raise NotAllowed(READ_REASON)
    return found


def evaluation_of_tender(tender_id: int) -> Evaluation | None:
    """The evaluation of a tender. The caller has shown that the actor may see the tender."""
    return Evaluation.objects.filter(tender_id=tender_id).first()


def evaluation_brief(tender_id: int) -> EvaluationBrief | None:
    """Status and counts, in four queries whatever the number of bids. ``bids`` and ``passed``: of the ranking that
    holds, so nought while the bids are being marked."""
    found = evaluation_of_tender(tender_id)
    if found is None:
        return None
    passed = [row.is_passed for row in results_of(found).values()]
    marks = EvaluationMark.objects.filter(evaluation=found).count()
    return EvaluationBrief(
        found.pk, found.status, found.opened_at, found.ranked_at, len(passed), sum(passed), marks
    )


def results_of(evaluation: Evaluation) -> dict[int, EvaluationResult]:
    """The results that hold, by bid: those of the last ranking. Empty while the bids are being marked."""
    if evaluation.status != EvaluationStatus.RANKED:
        return {}
    last = EvaluationRound.objects.filter(evaluation=evaluation).order_by("-number").values("pk")
    rows = EvaluationResult.objects.filter(round__in=last[:1]).order_by("rank", "bid_id")
    return {row.bid_id: row for row in rows}


def tender_id_of(actor: Actor, procurement_id: int) -> int:
    """The tender whose bids are to be opened. NotVisible elsewhere or before publication."""
    tender = tenders.tender_of_procurement(actor, procurement_id)
    if tender is None or tender.status == TenderStatus.DRAFT:
        raise NotVisible
    return tender.pk


def evaluation_id_of(actor: Actor, procurement_id: int) -> int:
    """The evaluation of a procurement. NotVisible elsewhere or before the bids are open."""
    evaluation = evaluation_of_tender(tender_id_of(actor, procurement_id))
    if evaluation is None:
        raise NotVisible
    return evaluation.pk


def is_ranked(tender_id: int) -> bool:
    return Evaluation.objects.filter(tender_id=tender_id, status=EvaluationStatus.RANKED).exists()


def ranked_among(tender_ids: Collection[int]) -> set[int]:
    """Those of these tenders whose bids are ranked, in one query. The caller has shown them."""
    rows = Evaluation.objects.filter(tender_id__in=tender_ids, status=EvaluationStatus.RANKED)
    return set(rows.values_list("tender_id", flat=True))


def readable_with_brief(actor: Actor, procurement_id: int) -> tuple[Tender, tenders.TenderBrief]:
    """The same as ``readable_tender`` with its brief and its procurement at hand, in one query."""
    found = tenders.tender_and_brief(actor, procurement_id)
    if found is None or found[0].status == TenderStatus.DRAFT:
        raise NotVisible
    if not can_read(actor, found[0].authority_id):
        raise NotAllowed(READ_REASON)
    return found


def readable_tender(actor: Actor, procurement_id: int) -> Tender:
    """The published tender of a procurement, for those who read its bids. NotVisible elsewhere, NotAllowed at home."""
    tender = tenders.tender_of_procurement(actor, procurement_id)
    if tender is None or tender.status == TenderStatus.DRAFT:
        raise NotVisible
    if not can_read(actor, tender.authority_id):
        raise NotAllowed(READ_REASON)
    return tender
