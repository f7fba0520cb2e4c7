"""Everything that was said and decided about the bids of one tender, for the record. In as many queries for thirty
bids as for one; for rooms that have shown the visibility."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from procurement.evaluations.models import (
    Evaluation,
    EvaluationInterest,
    EvaluationMark,
    EvaluationModeration,
    EvaluationOtherScore,
    EvaluationPanelMember,
    EvaluationResult,
    EvaluationRound,
    EvaluationRuling,
)
from procurement.evaluations.rules import Verdict
from procurement.evaluations.vocabulary import InterestDecision, PanelRole


@dataclass(frozen=True, slots=True)
class MemberTold:
    """A person who is or was on the panel."""

    name: str
    role: str
    added_at: datetime
    left_at: datetime | None
    recused_at: datetime | None
    recusal_reason: str
    locked_at: datetime | None


@dataclass(frozen=True, slots=True)
class InterestTold:
    """A declaration. ``decision`` in words; empty where there was nothing to decide."""

    member: str
    supplier: str
    has_interest: bool
    text: str
    declared_at: datetime
    decision: str
    decision_reason: str
    decided_by: str
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class MarkTold:
    """One evaluator's verdict. ``is_counted`` is False for somebody who was recused."""

    bid_id: int
    question_id: int
    member: str
    verdict: Verdict
    rationale: str
    marked_at: datetime
    is_counted: bool


@dataclass(frozen=True, slots=True)
class ModerationTold:
    bid_id: int
    question_id: int
    verdict: Verdict
    reason: str
    set_by: str
    set_at: datetime


@dataclass(frozen=True, slots=True)
class RulingTold:
    offer_line_id: int
    reason: str
    ruled_by: str
    ruled_at: datetime
    lifted_by: str
    lifted_at: datetime | None
    lifted_reason: str


@dataclass(frozen=True, slots=True)
class ResultTold:
    """Points out of 100 of the social value part; whole pence."""

    bid_id: int
    social_value_pence: int
    quantitative: Decimal
    qualitative: Decimal
    total: Decimal
    is_passed: bool
    reason: str
    rank: int | None


@dataclass(frozen=True, slots=True)
class RoundTold:
    number: int
    cause: str
    made_by: str
    made_at: datetime
    results: tuple[ResultTold, ...]


@dataclass(frozen=True, slots=True)
class OtherTold:
    bid_id: int
    price_score: Decimal
    quality_score: Decimal
    entered_by: str
    entered_at: datetime


@dataclass(frozen=True, slots=True)
class Account:
    """The whole of an evaluation, each part in the order it happened."""

    evaluation_id: int
    opened_at: datetime
    price_percent: Decimal | None
    quality_percent: Decimal | None
    wordings: tuple[str, ...]
    """The declarations of interests as they read when they were made."""
    members: tuple[MemberTold, ...]
    interests: tuple[InterestTold, ...]
    marks: tuple[MarkTold, ...]
    moderations: tuple[ModerationTold, ...]
    rulings: tuple[RulingTold, ...]
    rounds: tuple[RoundTold, ...]
    others: tuple[OtherTold, ...]


def account_of(tender_id: int) -> Account | None:
    """None before the bids are open."""
    found = Evaluation.objects.filter(tender_id=tender_id).first()
    if found is None:
        return None
    interests = list(
        EvaluationInterest.objects.filter(member__tender_id=tender_id)
        .select_related("member__person", "supplier", "decided_by")
        .order_by("member_id", "supplier__name", "pk")
    )
    return Account(
        found.pk,
        found.opened_at,
        found.price_percent,
        found.quality_percent,
        tuple(dict.fromkeys(row.wording for row in interests)),
        tuple(_members(tender_id)),
        tuple(_interests(interests)),
        tuple(_marks(found)),
        tuple(_moderations(found)),
        tuple(_rulings(found)),
        tuple(_rounds(found)),
        tuple(_others(found)),
    )


def _members(tender_id: int) -> Iterable[MemberTold]:
    rows = EvaluationPanelMember.objects.filter(tender_id=tender_id).select_related("person")
    for row in rows.order_by("pk"):
        yield MemberTold(
            str(row.person),
            str(PanelRole(row.role).label),
            row.added_at,
            row.left_at,
            row.recused_at,
            row.recusal_reason,
            row.locked_at,
        )


def _interests(rows: Iterable[EvaluationInterest]) -> Iterable[InterestTold]:
    for row in rows:
        yield InterestTold(
            str(row.member.person),
            row.supplier.name,
            row.has_interest,
            row.text,
            row.declared_at,
            str(InterestDecision(row.decision).label) if row.decision else "",
            row.decision_reason,
            str(row.decided_by or ""),
            row.decided_at,
        )


def _marks(found: Evaluation) -> Iterable[MarkTold]:
    rows = EvaluationMark.objects.filter(evaluation=found).select_related("member__person")
    for row in rows.order_by("question__position", "question_id", "bid_id", "member_id"):
        yield MarkTold(
            row.bid_id,
            row.question_id,
            str(row.member.person),
            Verdict(row.mark, row.is_met, row.not_applicable),
            row.rationale,
            row.marked_at,
            row.member.recused_at is None,
        )


def _moderations(found: Evaluation) -> Iterable[ModerationTold]:
    rows = EvaluationModeration.objects.filter(evaluation=found).select_related("set_by")
    for row in rows.order_by("question_id", "bid_id"):
        verdict = Verdict(row.mark, row.is_met, row.not_applicable)
        yield ModerationTold(
            row.bid_id, row.question_id, verdict, row.reason, str(row.set_by), row.set_at
        )


def _rulings(found: Evaluation) -> Iterable[RulingTold]:
    rows = EvaluationRuling.objects.filter(evaluation=found).select_related("ruled_by", "lifted_by")
    for row in rows.order_by("pk"):
        yield RulingTold(
            row.offer_line_id,
            row.reason,
            str(row.ruled_by),
            row.ruled_at,
            str(row.lifted_by or ""),
            row.lifted_at,
            row.lifted_reason,
        )


def _rounds(found: Evaluation) -> Iterable[RoundTold]:
    results: dict[int, list[ResultTold]] = {}
    for row in EvaluationResult.objects.filter(evaluation=found).order_by("rank", "bid_id"):
        told = ResultTold(
            row.bid_id,
            row.social_value_pence,
            row.quantitative_score,
            row.qualitative_score,
            row.total_score,
            row.is_passed,
            row.reason,
            row.rank,
        )
        results.setdefault(row.round_id, []).append(told)
    rows = EvaluationRound.objects.filter(evaluation=found).select_related("made_by")
    for one in rows.order_by("number"):
        # Those that did not pass have no place: they stand last on every database.
        ordered = sorted(results.get(one.pk, []), key=lambda row: (row.rank is None, row.rank or 0))
        yield RoundTold(one.number, one.cause, str(one.made_by or ""), one.made_at, tuple(ordered))


def _others(found: Evaluation) -> Iterable[OtherTold]:
    rows = EvaluationOtherScore.objects.filter(evaluation=found).select_related("entered_by")
    for row in rows.order_by("bid_id"):
        yield OtherTold(
            row.bid_id, row.price_score, row.quality_score, str(row.entered_by), row.entered_at
        )
