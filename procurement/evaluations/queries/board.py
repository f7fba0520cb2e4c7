"""The board: every bid of a tender with its gate, what counts of it, its marks, points and rank."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Count

from procurement.bids import queries as bids
from procurement.bids.rules import Overclaim
from procurement.evaluations import rules
from procurement.evaluations.models import (
    Evaluation,
    EvaluationResult,
)
from procurement.evaluations.permissions import can_name_panel, can_open, can_rank, can_read_record
from procurement.evaluations.queries.grounds import Grounds, grounds_of
from procurement.evaluations.queries.marking import MarkingProgress
from procurement.evaluations.queries.panel import missing_for_opening, seat_in, seats_of
from procurement.evaluations.queries.standing import (
    readable_with_brief,
    results_of,
)
from procurement.evaluations.queries.whole import other_scores_of, whole_scores_of
from procurement.evaluations.rules.panels import Seat, lacking
from procurement.evaluations.vocabulary import EvaluationStatus
from procurement.tenders.vocabulary import TenderStatus, WeightingKind
from socialvalue.core.actor import Actor

if TYPE_CHECKING:
    from procurement.tenders.models import Tender


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One bid on the board. Points are None until the bids are ranked; ``reason`` why it does not pass, so far."""

    bid_id: int
    supplier_id: int
    supplier_name: str
    price: Decimal | None
    offered_pence: int
    scored_pence: int
    lines: int
    ruled_out: int
    moderated: int
    to_moderate: int
    is_passed: bool
    reason: str
    quantitative: Decimal | None = None
    qualitative: Decimal | None = None
    total: Decimal | None = None
    award_points: Decimal | None = None
    rank: int | None = None
    is_joint: bool = False
    whole_points: Decimal | None = None
    whole_rank: int | None = None
    doubts: tuple[Overclaim, ...] = ()
    same_text_as: tuple[str, ...] = ()

    @property
    def has_doubts(self) -> bool:
        return bool(self.doubts or self.same_text_as)

    @property
    def counts_less(self) -> bool:
        return self.scored_pence != self.offered_pence

    @property
    def rank_shown(self) -> str:
        if self.rank is None:
            return ""
        return f"{self.rank} (joint)" if self.is_joint else str(self.rank)


@dataclass(frozen=True, slots=True)
class OpeningNow:
    """Where the opening stands, before the bids are open."""

    may_open: bool
    missing: tuple[str, ...]
    first_name: str
    first_at: datetime | None
    is_first: bool
    """The actor is the person who started, so another one confirms."""


@dataclass(frozen=True, slots=True)
class Board:
    """The evaluation of one tender as the page shows it. ``rows`` is empty until bids are open."""

    procurement_id: int
    title: str
    reference: str
    tender_id: int
    evaluation_id: int | None
    status: str
    deadline_at: datetime | None
    opened_at: datetime | None
    ranked_at: datetime | None
    is_pass_fail: bool
    weighting_percent: Decimal | None
    rows: tuple[BoardRow, ...]
    progress: MarkingProgress
    opening: OpeningNow | None
    is_awarded: bool
    has_whole: bool
    can_open: bool
    can_rank: bool
    can_name_panel: bool
    is_evaluator: bool
    is_moderator: bool
    has_locked: bool
    marks_mine_missing: int
    rounds: int
    can_read_record: bool
    panel_lacks: tuple[str, ...]
    """Whom a recusal has left the panel without, while the bids are being marked."""

    @property
    def moderated(self) -> int:
        return self.progress.answers - self.progress.moderations_missing

    @property
    def is_ranked(self) -> bool:
        return self.status == EvaluationStatus.RANKED

    @property
    def is_being_marked(self) -> bool:
        return self.status == EvaluationStatus.OPEN

    @property
    def needs_marks(self) -> bool:
        return any(row.to_moderate for row in self.rows)

    @property
    def is_complete(self) -> bool:
        """Nothing stands between the bids and their ranking."""
        progress = self.progress
        return not progress.moderations_missing and (
            not self.needs_marks or 0 < progress.evaluators == progress.locked
        )


def board(actor: Actor, procurement_id: int, now: datetime) -> Board:
    """The evaluation board of a procurement, with as many queries for thirty bids as for one.

    NotVisible for another authority or without a published tender, NotAllowed without a role that
    reads bids.
    """
    tender, brief = readable_with_brief(actor, procurement_id)
    procurement = tender.procurement
    evaluation = Evaluation.objects.filter(tender=tender).annotate(made=Count("rounds")).first()
    is_open = evaluation is not None and evaluation.status == EvaluationStatus.OPEN
    seats = seats_of(tender.pk)
    own = seat_in(seats, actor.user_id)
    grounds = grounds_of(tender, evaluation, brief, with_verdicts=is_open) if evaluation else None
    rows = _rows(tender, evaluation, grounds) if evaluation and grounds else ()
    given = _given(grounds) if grounds and is_open else {}
    progress = _progress(grounds, seats, given, is_open=is_open) if grounds else MarkingProgress(0)
    return Board(
        procurement_id=procurement_id,
        title=procurement.title,
        reference=procurement.reference,
        tender_id=tender.pk,
        evaluation_id=evaluation.pk if evaluation else None,
        status=evaluation.status if evaluation else "",
        deadline_at=tender.deadline_at,
        opened_at=tender.opened_at,
        ranked_at=evaluation.ranked_at if evaluation else None,
        is_pass_fail=tender.weighting_kind == WeightingKind.PASS_FAIL,
        weighting_percent=tender.whole_percent,
        rows=rows,
        progress=progress,
        opening=None if evaluation else _opening(actor, tender, now),
        is_awarded=tender.status == TenderStatus.AWARDED,
        has_whole=any(row.whole_points is not None for row in rows),
        can_open=can_open(actor, tender.authority_id),
        can_rank=can_rank(actor, tender.authority_id),
        can_name_panel=can_name_panel(actor, tender.authority_id),
        is_evaluator=bool(own and own.is_evaluator),
        is_moderator=bool(own and own.is_moderator),
        has_locked=bool(own and own.locked_at),
        marks_mine_missing=progress.answers - given.get(own.member_id, 0)
        if own and own.is_evaluator and is_open
        else 0,
        rounds=evaluation.made if evaluation else 0,
        can_read_record=can_read_record(
            actor, tender.authority_id, is_moderator=bool(own and own.is_moderator)
        ),
        panel_lacks=tuple(lacking(seats)) if is_open and seats and progress.answers else (),
    )


def _opening(actor: Actor, tender: Tender, now: datetime) -> OpeningNow:
    found = bids.opening_of(tender.pk)
    return OpeningNow(
        may_open=bids.may_open(tender.pk, now),
        missing=tuple(missing_for_opening(tender)),
        first_name=found.first_name if found else "",
        first_at=found.first_at if found else None,
        is_first=bool(found and found.first_by_id == actor.user_id),
    )


def _needing_marks(grounds: Grounds) -> set[int]:
    return {
        bid.bid_id
        for bid in grounds.scored
        if not rules.unmet_measures(grounds.scoring, bid, as_offered=True)
    }


def _given(grounds: Grounds) -> dict[int, int]:
    """How many of the verdicts that are needed each panel member has given."""
    passing = _needing_marks(grounds)
    asked = {row.question_id for row in grounds.scoring.to_mark}
    return Counter(
        mark.member_id
        for mark in grounds.marks
        if mark.bid_id in passing and mark.question_id in asked
    )


def _progress(
    grounds: Grounds, seats: list[Seat], given: dict[int, int], *, is_open: bool
) -> MarkingProgress:
    """Marking and moderation, from what was read for the rows already. Nothing is missing once the bids are ranked."""
    answers = len(_needing_marks(grounds)) * len(grounds.scoring.to_mark)
    evaluators = {seat.member_id: seat for seat in seats if seat.is_evaluator}
    return MarkingProgress(
        bids=len(grounds.opened),
        answers=answers,
        evaluators=len(evaluators),
        locked=sum(seat.locked_at is not None for seat in evaluators.values()),
        marks_missing=sum(answers - given.get(member_id, 0) for member_id in evaluators)
        if is_open
        else 0,
        moderations_missing=sum(rules.unmarked(grounds.scoring, grounds.scored).values())
        if is_open
        else 0,
    )


def _rows(tender: Tender, evaluation: Evaluation, grounds: Grounds) -> tuple[BoardRow, ...]:
    results = results_of(evaluation)
    kept = other_scores_of(evaluation) if results and evaluation.price_percent is not None else {}
    whole = {row.bid_id: row for row in whole_scores_of(tender, evaluation, results, kept)}
    ranks = [row.rank for row in results.values() if row.rank is not None]
    rows = [
        _row(tender, grounds, bid, scored, results.get(bid.id), whole.get(bid.id), ranks)
        for bid, scored in zip(grounds.opened, grounds.scored, strict=True)
    ]
    return tuple(sorted(rows, key=lambda row: (row.rank is None, row.rank or 0, row.supplier_name)))


def _row(
    tender: Tender,
    grounds: Grounds,
    bid: bids.OpenedBid,
    scored: rules.ScoredBid,
    result: EvaluationResult | None,
    whole: rules.WholeScore | None,
    ranks: list[int],
) -> BoardRow:
    asked = {row.question_id for row in grounds.scoring.to_mark}
    needs_marks = not rules.unmet_measures(grounds.scoring, scored, as_offered=True)
    reason = result.reason if result else rules.unmet(grounds.scoring, scored)
    return BoardRow(
        bid_id=bid.id,
        supplier_id=bid.supplier_id,
        supplier_name=bid.supplier_name,
        price=bid.price,
        offered_pence=bid.social_value_pence,
        scored_pence=scored.social_value_pence,
        lines=len(bid.lines),
        ruled_out=sum(line.is_ruled_out for line in scored.lines),
        moderated=len(asked & set(scored.verdicts)) if needs_marks else 0,
        to_moderate=len(asked) if needs_marks else 0,
        is_passed=not reason,
        reason=reason,
        quantitative=result.quantitative_score if result else None,
        qualitative=result.qualitative_score if result else None,
        total=result.total_score if result else None,
        award_points=rules.award_points(result.total_score, tender.whole_percent)
        if result
        else None,
        rank=result.rank if result else None,
        is_joint=bool(result and result.rank and ranks.count(result.rank) > 1),
        whole_points=whole.points if whole else None,
        whole_rank=whole.rank if whole else None,
        doubts=bid.doubts,
        same_text_as=bid.same_text_as,
    )
