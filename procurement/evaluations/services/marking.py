"""Marks of the evaluators: each one's own, until locked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from procurement.bids import queries as bid_queries
from procurement.evaluations import rules
from procurement.evaluations.models import Evaluation, EvaluationMark, EvaluationPanelMember
from procurement.evaluations.permissions import MARK_REASON, can_mark
from procurement.evaluations.queries.marking import answers_to_mark
from procurement.evaluations.queries.panel import panel_of
from procurement.evaluations.queries.scoring import scoring_of
from procurement.evaluations.queries.verdicts import verdict_of
from procurement.evaluations.rules.panels import shown
from procurement.evaluations.services.disclosing import digest_of, disclose_marks
from procurement.evaluations.services.holding import held_evaluation
from procurement.evaluations.vocabulary import EvaluationDeed, EvaluationStatus, PanelRole
from procurement.tenders import queries as tender_queries
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from socialvalue.core.money import count_text

if TYPE_CHECKING:
    from procurement.tenders.models import Tender

LOCKED = "Your marks are locked, so they no longer change. The moderator sets the mark that counts."


@dataclass(frozen=True, slots=True)
class MarkInput:
    """One verdict as given: a mark, met or not, or not applicable; always with its reason.

    ``expected_version`` is the version the person saw of their own mark; 0 for a first one.
    """

    question_id: int
    mark: int | None
    rationale: str
    expected_version: int = 0
    is_met: bool | None = None
    not_applicable: bool = False

    @property
    def verdict(self) -> rules.Verdict:
        return rules.Verdict(self.mark, self.is_met, self.not_applicable)


@transaction.atomic
def mark_bid(
    *, actor: Actor, evaluation_id: int, bid_id: int, marks: Sequence[MarkInput]
) -> list[EvaluationMark]:
    """Write the actor's own marks of one bid, all or none. While marks are blind the audit holds none of them.

    NotVisible elsewhere, and for a bid or question of another tender; NotAllowed for anybody but an evaluator on the
    panel; RuleBroken for a verdict that does not fit its question, without a reason, once locked or ranked, or before
    one's interests are declared and decided; Conflict when the same person marked it since, on another page.
    """
    evaluation, tender = held_evaluation(actor, evaluation_id)
    member = held_seat(actor, tender, PanelRole.EVALUATOR, MARK_REASON)
    if evaluation.status != EvaluationStatus.OPEN:
        raise RuleBroken("The bids are ranked, so marks no longer change.")
    if member.locked_at is not None:
        raise RuleBroken(LOCKED)
    bidders = bid_queries.opened_bidders(tender.pk)
    questions = {row.id: row for row in tender_queries.questions_of(tender.pk)}
    if bid_id not in bidders or any(given.question_id not in questions for given in marks):
        raise NotVisible
    saved = []
    for given in marks:
        rules.check_verdict(given.verdict, is_pass_fail=questions[given.question_id].is_pass_fail)
        row = _save_mark(evaluation, member, bid_id, given)
        saved.append(row)
        record(
            actor=actor,
            deed=EvaluationDeed.MARKED,
            sentence=f"Marked an answer of {bidders[bid_id]}.",
            target=row,
            procurement_id=tender.procurement_id,
            after={"version": row.version},
        )
    return saved


@transaction.atomic
def lock_marks(*, actor: Actor, evaluation_id: int) -> EvaluationPanelMember:
    """Finish one's own marks: from here on they never change, and the others that are locked can be seen.

    RuleBroken while an answer of a bid that passes is not marked; Conflict when they are locked already.
    """
    evaluation, tender = held_evaluation(actor, evaluation_id)
    member = held_seat(actor, tender, PanelRole.EVALUATOR, MARK_REASON)
    if evaluation.status != EvaluationStatus.OPEN:
        raise RuleBroken("The bids are ranked, so nothing is left to lock.")
    wanted = answers_to_mark(scoring_of(tender), bid_queries.opened_bids(tender.pk))
    marks = list(EvaluationMark.objects.filter(member=member).order_by("bid", "question"))
    missing = len(wanted.keys() - {(row.bid_id, row.question_id) for row in marks})
    if missing:
        raise RuleBroken(
            f"Mark every answer before you lock: {count_text(missing, 'mark')} "
            f"{'is' if missing == 1 else 'are'} missing."
        )
    moved = EvaluationPanelMember.objects.filter(pk=member.pk, locked_at__isnull=True).update(
        locked_at=clock.now()
    )
    if not moved:
        raise Conflict("Your marks are locked already.")
    member.refresh_from_db()
    record(
        actor=actor,
        deed=EvaluationDeed.LOCKED,
        sentence=f"Locked {count_text(len(marks), 'mark')}.",
        target=member,
        procurement_id=tender.procurement_id,
        after={"marks": len(marks), "sha256": digest_of(marks)},
    )
    disclose_marks(actor, evaluation, tender)
    return member


def held_seat(actor: Actor, tender: Tender, role: str, reason: str) -> EvaluationPanelMember:
    """The actor's own place on the panel in this role, locked, once nothing stands against it.

    NotAllowed for anybody else, recused people too; RuleBroken while interests are not declared or not decided.
    """
    member = (
        EvaluationPanelMember.objects.select_for_update(of=("self",))
        .filter(tender=tender, person_id=actor.person_id, left_at__isnull=True, role=role)
        .first()
    )
    if member is None or not can_mark(actor, tender.authority_id):
        raise NotAllowed(reason)
    if member.recused_at is not None:
        raise NotAllowed("You were recused from this panel, so you no longer take part in it.")
    own = next(row for row in panel_of(tender.pk) if row.id == member.pk)
    if own.undeclared:
        raise RuleBroken("Declare your interests in every invited supplier first.")
    if own.undecided:
        raise RuleBroken("Somebody must first decide about the interest you declared.")
    return member


def _save_mark(
    evaluation: Evaluation, member: EvaluationPanelMember, bid_id: int, given: MarkInput
) -> EvaluationMark:
    """Create or change one's own mark under its version."""
    rationale = given.rationale.strip()
    if not rationale:
        raise RuleBroken(
            "Enter the reason for the mark, so that the bidder can be told.", field="rationale"
        )
    facts = {
        "mark": given.mark,
        "is_met": given.is_met,
        "not_applicable": given.not_applicable,
        "rationale": rationale,
        "marked_at": clock.now(),
    }
    where = {"member": member, "bid_id": bid_id, "question_id": given.question_id}
    row = EvaluationMark.objects.filter(**where).first()
    if row is None and given.expected_version == 0:
        return EvaluationMark.objects.create(evaluation=evaluation, **where, **facts)
    if row is None or row.version != given.expected_version:
        raise _marked_elsewhere(row, given)
    EvaluationMark.objects.filter(pk=row.pk).update(**facts, version=F("version") + 1)
    row.refresh_from_db()
    return row


def _marked_elsewhere(row: EvaluationMark | None, given: MarkInput) -> Conflict:
    changed = {}
    if row is not None:
        changed = {
            "Mark": (shown(verdict_of(row)), shown(given.verdict)),
            "Reason": (row.rationale, given.rationale),
        }
    return Conflict(
        "You marked this answer on another page while this one was open.", changed=changed
    )
