"""Opening, marking and ranking. Each writes its audit row in the same transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import F

from procurement.bids import queries as bid_queries
from procurement.bids import services as bids
from procurement.evaluations import rules
from procurement.evaluations.models import Evaluation, EvaluationMark, EvaluationResult
from procurement.evaluations.permissions import (
    MARK_REASON,
    OPEN_REASON,
    RANK_REASON,
    can_mark,
    can_open,
    can_rank,
)
from procurement.evaluations.queries import marks_of, scored_bids, scoring_of
from procurement.evaluations.vocabulary import EvaluationDeed, EvaluationStatus
from procurement.procurements import services as procurements
from procurement.tenders import queries as tender_queries
from procurement.tenders import services as tenders
from procurement.tenders.vocabulary import TenderStatus
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from socialvalue.core.periods import uk_date

if TYPE_CHECKING:
    from procurement.tenders.models import Tender


@dataclass(frozen=True, slots=True)
class MarkInput:
    """One mark as given. ``expected_version`` is the version the person saw; 0 for a first mark."""

    question_id: int
    mark: int
    rationale: str
    expected_version: int = 0


@transaction.atomic
def open_evaluation(*, actor: Actor, tender_id: int) -> Evaluation:
    """Open every bid of a published tender after its deadline and start the marking.

    NotAllowed without the officer's role; RuleBroken before the deadline; Conflict when it is done.
    """
    tender = tender_queries.tender_for(actor, tender_id)
    if not can_open(actor, tender.authority_id):
        raise NotAllowed(OPEN_REASON)
    if tender.status in (TenderStatus.OPENED, TenderStatus.AWARDED):
        raise Conflict("The bids of this tender have been opened already.")
    now = clock.now()
    if tender.status != TenderStatus.PUBLISHED or tender.deadline_at is None:
        raise RuleBroken("This tender is not published, so there are no bids to open.")
    if now < tender.deadline_at:
        local = tender.deadline_at.astimezone(clock.LONDON)
        raise RuleBroken(
            f"Bids stay sealed until the deadline, {uk_date(local.date())} at {local:%H:%M}. "
            "Open them after that."
        )
    opened = bids.open_bids(actor=actor, tender_id=tender_id)
    tenders.mark_opened(actor=actor, tender_id=tender_id)
    try:
        with transaction.atomic():
            evaluation = Evaluation.objects.create(
                tender_id=tender_id, opened_at=now, opened_by_id=actor.person_id
            )
    except IntegrityError as error:
        raise Conflict("The bids of this tender have been opened already.") from error
    procurements.mark_evaluating(actor=actor, procurement_id=tender.procurement_id)
    record(
        actor=actor,
        deed=EvaluationDeed.STARTED,
        sentence=f"Started the evaluation of {_count(len(opened), 'bid')}.",
        target=evaluation,
        procurement_id=tender.procurement_id,
        after={"bids": len(opened)},
    )
    return evaluation


@transaction.atomic
def mark_answer(
    *,
    actor: Actor,
    evaluation_id: int,
    bid_id: int,
    question_id: int,
    mark: int,
    rationale: str,
    expected_version: int,
) -> EvaluationMark:
    """Give one answer its mark, 0 to 5, with a reason.

    NotAllowed without the evaluator's role; RuleBroken for a mark out of range, no reason, or when
    the bids are ranked; NotVisible for a bid or question of another tender; Conflict when somebody
    marked it since.
    """
    given = MarkInput(question_id, mark, rationale, expected_version)
    return mark_bid(actor=actor, evaluation_id=evaluation_id, bid_id=bid_id, marks=[given])[0]


@transaction.atomic
def mark_bid(
    *, actor: Actor, evaluation_id: int, bid_id: int, marks: Sequence[MarkInput]
) -> list[EvaluationMark]:
    """Give several answers of one bid their marks, all or none. Errors as ``mark_answer``."""
    evaluation, tender = _evaluation(actor, evaluation_id)
    if not can_mark(actor, tender.authority_id):
        raise NotAllowed(MARK_REASON)
    if evaluation.status != EvaluationStatus.OPEN:
        raise RuleBroken("The bids are ranked. Reopen the marking before you change a mark.")
    bid = next((b for b in bid_queries.opened_bids(tender.pk) if b.id == bid_id), None)
    questions = {row.id: row for row in tender_queries.questions_of(tender.pk)}
    if bid is None or any(given.question_id not in questions for given in marks):
        raise NotVisible
    saved = []
    for given in marks:
        row, before = _save_mark(actor, evaluation, bid_id, given)
        saved.append(row)
        record(
            actor=actor,
            deed=EvaluationDeed.MARKED,
            sentence=f"Marked an answer of {bid.supplier_name}: {given.mark} of 5.",
            target=row,
            procurement_id=tender.procurement_id,
            before=before,
            after={"mark": row.mark, "rationale": row.rationale},
        )
    return saved


@transaction.atomic
def rank_bids(*, actor: Actor, evaluation_id: int) -> list[EvaluationResult]:
    """Score every bid by the published formula and rank those that pass.

    NotAllowed without the officer's role; RuleBroken while a mark is missing or without bids;
    Conflict when they are ranked already.
    """
    evaluation, tender = _evaluation(actor, evaluation_id)
    if not can_rank(actor, tender.authority_id):
        raise NotAllowed(RANK_REASON)
    scoring = scoring_of(tender)
    scored = scored_bids(bid_queries.opened_bids(tender.pk), marks_of(evaluation.pk))
    if not scored:
        raise RuleBroken("No bids were submitted, so there is nothing to rank.")
    missing = sum(rules.unmarked(scoring, scored).values())
    if missing:
        raise RuleBroken(
            f"Mark every answer before you rank: {_count(missing, 'mark')} {'is' if missing == 1 else 'are'} missing."
        )
    moved = Evaluation.objects.filter(pk=evaluation.pk, status=EvaluationStatus.OPEN).update(
        status=EvaluationStatus.RANKED, ranked_at=clock.now(), ranked_by_id=actor.user_id
    )
    if not moved:
        raise Conflict("The bids are ranked already. Look at the ranking on the board.")
    scores = rules.rank(scoring, scored)
    results = EvaluationResult.objects.bulk_create(
        EvaluationResult(
            evaluation=evaluation,
            bid_id=score.bid_id,
            social_value_pence=score.social_value_pence,
            quantitative_score=score.quantitative,
            qualitative_score=score.qualitative,
            total_score=score.total,
            is_passed=score.is_passed,
            reason=score.reason[:500],
            rank=score.rank,
        )
        for score in scores
    )
    passed = sum(score.is_passed for score in scores)
    record(
        actor=actor,
        deed=EvaluationDeed.RANKED,
        sentence=f"Ranked {_count(len(scores), 'bid')}; {passed} passed.",
        target=evaluation,
        procurement_id=tender.procurement_id,
        after={str(score.bid_id): [score.rank, str(score.total)] for score in scores},
    )
    return results


@transaction.atomic
def reopen_marking(*, actor: Actor, evaluation_id: int) -> Evaluation:
    """Take the ranking back so that marks can change. Not after the award.

    NotAllowed without the officer's role; RuleBroken after the award; Conflict when it is open.
    """
    evaluation, tender = _evaluation(actor, evaluation_id)
    if not can_rank(actor, tender.authority_id):
        raise NotAllowed(RANK_REASON)
    if tender.status == TenderStatus.AWARDED:
        raise RuleBroken("The contract is awarded, so the marks can no longer change.")
    moved = Evaluation.objects.filter(pk=evaluation.pk, status=EvaluationStatus.RANKED).update(
        status=EvaluationStatus.OPEN, ranked_at=None, ranked_by=None
    )
    if not moved:
        raise Conflict("The marking is open already.")
    before = {
        str(row.bid_id): [row.rank, str(row.total_score)]
        for row in EvaluationResult.objects.filter(evaluation=evaluation)
    }
    EvaluationResult.objects.filter(evaluation=evaluation).delete()
    evaluation.refresh_from_db()
    record(
        actor=actor,
        deed=EvaluationDeed.REOPENED,
        sentence="Reopened the marking. The ranking was taken back.",
        target=evaluation,
        procurement_id=tender.procurement_id,
        before=before,
    )
    return evaluation


# --- parts ------------------------------------------------------------------------------------


def _evaluation(actor: Actor, evaluation_id: int) -> tuple[Evaluation, Tender]:
    """The evaluation, locked, with its tender. NotVisible for another authority."""
    evaluation = Evaluation.objects.select_for_update(of=("self",)).filter(pk=evaluation_id).first()
    if evaluation is None:
        raise NotVisible
    return evaluation, tender_queries.tender_for(actor, evaluation.tender_id)


def _save_mark(
    actor: Actor, evaluation: Evaluation, bid_id: int, given: MarkInput
) -> tuple[EvaluationMark, dict[str, str | int]]:
    """Create or change one mark under its version; the row and what it was before."""
    rules.check_mark(given.mark)
    rationale = given.rationale.strip()
    if not rationale:
        raise RuleBroken(
            "Enter the reason for the mark, so that the bidder can be told.", field="rationale"
        )
    facts = {
        "mark": given.mark,
        "rationale": rationale,
        "marked_by_id": actor.user_id,
        "marked_at": clock.now(),
    }
    where = {"evaluation": evaluation, "bid_id": bid_id, "question_id": given.question_id}
    row = EvaluationMark.objects.filter(**where).first()
    if row is None and given.expected_version == 0:
        return EvaluationMark.objects.create(**where, **facts), {}
    if row is None or row.version != given.expected_version:
        raise _somebody_else_marked(row, given)
    before: dict[str, str | int] = {"mark": row.mark, "rationale": row.rationale}
    EvaluationMark.objects.filter(pk=row.pk).update(**facts, version=F("version") + 1)
    row.refresh_from_db()
    return row, before


def _somebody_else_marked(row: EvaluationMark | None, given: MarkInput) -> Conflict:
    changed = {}
    if row is not None:
        changed = {
            "Mark": (str(row.mark), str(given.mark)),
            "Reason": (row.rationale, given.rationale),
        }
    return Conflict(
        "Somebody else marked this answer while you were on this page.", changed=changed
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
