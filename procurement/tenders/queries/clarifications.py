"""Questions about a tender and their answers. Who asked is told to nobody but the asker's own organisation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from procurement.procurements.queries import procurement_brief
from procurement.procurements.vocabulary import ProcurementStatus
from procurement.tenders.models import Tender, TenderClarification
from procurement.tenders.queries.amendments import AmendmentInfo, amendments_of
from procurement.tenders.queries.links import is_invited
from procurement.tenders.queries.tenders import seal_key, tender_for
from procurement.tenders.rules.dialogue import asker_of
from procurement.tenders.vocabulary import TenderStatus
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible


@dataclass(frozen=True, slots=True)
class AnsweredInfo:
    """A question as everybody reads it, and its answer."""

    id: int
    question: str
    answer: str
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class MyQuestion:
    """A question of the reader's own organisation that waits for its answer."""

    text: str
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Dialogue:
    """What was said about a published tender since, as an invited supplier reads it."""

    tender_id: int
    title: str
    authority_name: str
    deadline_at: datetime
    amendments: list[AmendmentInfo]
    answered: list[AnsweredInfo]
    mine_waiting: list[MyQuestion]
    may_ask: bool
    ask_until: datetime

    @property
    def is_amended(self) -> bool:
        return bool(self.amendments)

    @property
    def is_empty(self) -> bool:
        return not (self.amendments or self.answered or self.mine_waiting)


def ask_until(tender: Tender) -> datetime:
    """Until when questions are taken: before that moment, not at it."""
    assert tender.deadline_at is not None  # noqa: S101  # a constraint ties it to publication
    return min(tender.clarify_until or tender.deadline_at, tender.deadline_at)


def dialogue_of(actor: Actor, tender_id: int) -> Dialogue:
    """Amendments, answers and the reader's own waiting questions. NotVisible unless invited to a published tender."""
    tender = Tender.objects.filter(pk=tender_id).exclude(status=TenderStatus.DRAFT).first()
    if tender is None or tender.deadline_at is None or not is_invited(actor, tender_id):
        raise NotVisible
    brief = procurement_brief(tender.procurement_id)
    until = ask_until(tender)
    rows = list(TenderClarification.objects.filter(tender_id=tender_id).order_by("pk"))
    return Dialogue(
        tender_id=tender_id,
        title=brief.title,
        authority_name=brief.authority_name,
        deadline_at=tender.deadline_at,
        amendments=amendments_of(tender_id),
        answered=_answered(rows),
        mine_waiting=_mine(actor, tender_id, [row for row in rows if row.answered_at is None]),
        may_ask=tender.status == TenderStatus.PUBLISHED
        and brief.status != ProcurementStatus.WITHDRAWN
        and clock.now() < until,
        ask_until=until,
    )


def _answered(rows: list[TenderClarification]) -> list[AnsweredInfo]:
    """In the order of the answers: the order of the questions is nobody's business."""
    found = [
        AnsweredInfo(row.pk, row.published_text, row.answer, row.answered_at)
        for row in rows
        if row.answered_at is not None
    ]
    return sorted(found, key=lambda row: (row.answered_at, row.id))


def _mine(actor: Actor, tender_id: int, rows: list[TenderClarification]) -> list[MyQuestion]:
    if not rows:
        return []
    key = seal_key(tender_id)
    return [
        MyQuestion(row.asked_text, row.asked_at)
        for row in rows
        if asker_of(key, row.sealed_asker)[0] in actor.organisation_ids
    ]


@dataclass(frozen=True, slots=True)
class ClarificationInfo:
    """A question as the buyer reads it. There is no asker in it."""

    id: int
    asked_text: str
    asked_at: datetime
    question: str
    answer: str
    answered_at: datetime | None

    @property
    def is_answered(self) -> bool:
        return self.answered_at is not None


def clarifications_for(actor: Actor, tender_id: int) -> list[ClarificationInfo]:
    """Every question about a tender of the actor's authority: those that wait first, then the newest answers."""
    tender_for(actor, tender_id)
    rows = [
        ClarificationInfo(
            row.pk, row.asked_text, row.asked_at, row.published_text, row.answer, row.answered_at
        )
        for row in TenderClarification.objects.filter(tender_id=tender_id).order_by("pk")
    ]
    answered = [row for row in rows if row.answered_at is not None]
    answered.sort(key=lambda row: (row.answered_at, row.id), reverse=True)
    return [row for row in rows if row.answered_at is None] + answered


def clarification_for(actor: Actor, tender_id: int, clarification_id: int) -> ClarificationInfo:
    """One of them. NotVisible when it is not of this tender."""
    found = next(
        (row for row in clarifications_for(actor, tender_id) if row.id == clarification_id), None
    )
    if found is None:
        raise NotVisible
    return found


def unanswered(tender_ids: list[int]) -> dict[int, int]:
    """How many questions wait, by tender, for those that have any. The caller has shown the tenders."""
    counts: dict[int, int] = {}
    rows = TenderClarification.objects.filter(tender_id__in=tender_ids, answered_at__isnull=True)
    for tender_id in rows.order_by().values_list("tender_id", flat=True):
        counts[tender_id] = counts.get(tender_id, 0) + 1
    return counts
