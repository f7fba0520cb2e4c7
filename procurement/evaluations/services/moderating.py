"""The one verdict that counts, set by the moderator from the evaluators' own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F

from procurement.bids import queries as bid_queries
from procurement.evaluations import rules
from procurement.evaluations.models import Evaluation, EvaluationMark, EvaluationModeration
from procurement.evaluations.permissions import MODERATE_REASON
from procurement.evaluations.queries.panel import seats_of
from procurement.evaluations.queries.verdicts import verdict_of
from procurement.evaluations.rules.panels import LEAST_EVALUATORS, Seat, all_locked, shown
from procurement.evaluations.services.holding import held_evaluation
from procurement.evaluations.services.marking import held_seat
from procurement.evaluations.vocabulary import EvaluationDeed, EvaluationStatus, PanelRole
from procurement.tenders import queries as tender_queries
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotVisible, RuleBroken

ALONE = "Nobody moderates alone: two evaluators who were not recused must have marked this answer."


@dataclass(frozen=True, slots=True)
class ModerationInput:
    """One verdict as set. ``expected_version`` is the version the moderator saw; 0 where nothing was set."""

    question_id: int
    verdict: rules.Verdict
    reason: str
    expected_version: int = 0


@transaction.atomic
def moderate(
    *,
    actor: Actor,
    evaluation_id: int,
    bid_id: int,
    question_id: int,
    verdict: rules.Verdict,
    reason: str,
    expected_version: int = 0,
) -> EvaluationModeration:
    """Set the verdict on one answer, with its reason. Errors as ``moderate_bid``."""
    given = ModerationInput(question_id, verdict, reason, expected_version)
    return moderate_bid(actor=actor, evaluation_id=evaluation_id, bid_id=bid_id, given=[given])[0]


@transaction.atomic
def moderate_bid(
    *, actor: Actor, evaluation_id: int, bid_id: int, given: Sequence[ModerationInput]
) -> list[EvaluationModeration]:
    """Set verdicts on answers of one bid, all or none; the evaluators' own marks stay as they are.

    Once every evaluator has locked and two or more who were not recused have marked the answer, until the bids are
    ranked. NotVisible elsewhere, and for a bid or question of another tender; NotAllowed for anybody but the
    moderator on the panel; RuleBroken otherwise; Conflict when somebody set it since.
    """
    evaluation, tender = held_evaluation(actor, evaluation_id)
    member = held_seat(actor, tender, PanelRole.MODERATOR, MODERATE_REASON)
    if evaluation.status != EvaluationStatus.OPEN:
        raise RuleBroken("The bids are ranked. Reopen the moderation before you change a mark.")
    questions = {row.id: row for row in tender_queries.questions_of(tender.pk)}
    bidders = bid_queries.opened_bidders(tender.pk)
    if bid_id not in bidders or any(row.question_id not in questions for row in given):
        raise NotVisible
    seats = seats_of(tender.pk)
    if not all_locked(seats):
        raise RuleBroken(_why_not_yet(seats))
    counted = _marks_that_count(bid_id, seats)
    saved = []
    for one in given:
        _check(one, counted[one.question_id], is_pass_fail=questions[one.question_id].is_pass_fail)
        row, before = _save(evaluation, bid_id, one, actor.person_id)
        saved.append(row)
        record(
            actor=actor,
            deed=EvaluationDeed.MODERATED,
            sentence=f"Moderated an answer of {bidders[bid_id]}.",
            target=row,
            procurement_id=tender.procurement_id,
            before=before,
            after=_facts(row) | {"member_id": member.pk},
        )
    return saved


def _why_not_yet(seats: Sequence[Seat]) -> str:
    if sum(seat.is_evaluator for seat in seats) < LEAST_EVALUATORS:
        return ALONE
    return "Wait until every evaluator has locked their marks."


def _marks_that_count(bid_id: int, seats: Sequence[Seat]) -> Counter[int]:
    """How many marks of evaluators who were not recused each answer of a bid has, by question."""
    members = [seat.member_id for seat in seats if seat.is_evaluator]
    marks = EvaluationMark.objects.filter(bid_id=bid_id, member_id__in=members)
    return Counter(marks.values_list("question_id", flat=True))


def _check(given: ModerationInput, marks: int, *, is_pass_fail: bool) -> None:
    if marks < LEAST_EVALUATORS:
        raise RuleBroken(ALONE)
    rules.check_verdict(given.verdict, is_pass_fail=is_pass_fail)
    if not given.reason.strip():
        raise RuleBroken(
            "Enter the reason for the moderated mark, so that the bidder can be told.",
            field="reason",
        )


def _save(
    evaluation: Evaluation, bid_id: int, given: ModerationInput, person_id: int
) -> tuple[EvaluationModeration, dict[str, object]]:
    facts = {
        "mark": given.verdict.mark,
        "is_met": given.verdict.is_met,
        "not_applicable": given.verdict.not_applicable,
        "reason": given.reason.strip(),
        "set_by_id": person_id,
        "set_at": clock.now(),
    }
    where = {"evaluation": evaluation, "bid_id": bid_id, "question_id": given.question_id}
    row = EvaluationModeration.objects.filter(**where).first()
    if row is None and given.expected_version == 0:
        return EvaluationModeration.objects.create(**where, **facts), {}
    if row is None or row.version != given.expected_version:
        raise _set_since(row, given)
    before = _facts(row)
    EvaluationModeration.objects.filter(pk=row.pk).update(**facts, version=F("version") + 1)
    row.refresh_from_db()
    return row, before


def _facts(row: EvaluationModeration) -> dict[str, object]:
    return {
        "bid_id": row.bid_id,
        "question_id": row.question_id,
        "mark": row.mark,
        "is_met": row.is_met,
        "not_applicable": row.not_applicable,
        "reason": row.reason,
        "set_by_id": row.set_by_id,
    }


def _set_since(row: EvaluationModeration | None, given: ModerationInput) -> Conflict:
    changed = {}
    if row is not None:
        changed = {
            "Mark": (shown(verdict_of(row)), shown(given.verdict)),
            "Reason": (row.reason, given.reason),
        }
    return Conflict("This answer was moderated while you were on this page.", changed=changed)
