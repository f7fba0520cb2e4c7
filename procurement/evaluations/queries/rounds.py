"""Every ranking of a tender's bids with what it changed, and the rulings that led to some of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from procurement.bids import queries as bids
from procurement.evaluations import rules
from procurement.evaluations.models import (
    Evaluation,
    EvaluationResult,
    EvaluationRound,
    EvaluationRuling,
)
from procurement.evaluations.queries.standing import evaluation_of_tender, readable_tender
from procurement.evaluations.vocabulary import EvaluationStatus
from procurement.procurements import queries as procurements
from procurement.tenders.vocabulary import WeightingKind
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible


@dataclass(frozen=True, slots=True)
class RoundRow:
    """One bid in one ranking beside the ranking before. Points are out of 100 of the social value part."""

    bid_id: int
    supplier_name: str
    moved: rules.Moved
    quantitative: Decimal
    qualitative: Decimal
    reason: str

    @property
    def rank_shown(self) -> str:
        return place_shown(self.moved.now)

    @property
    def is_passed(self) -> bool:
        return self.moved.now.rank is not None

    @property
    def total(self) -> Decimal:
        return self.moved.now.total

    @property
    def social_value_pence(self) -> int:
        return self.moved.now.social_value_pence

    @property
    def change(self) -> str:
        """What changed, in words; empty where nothing did, or there is no ranking before."""
        before, now = self.moved.before, self.moved.now
        if before is None or not self.moved.is_changed:
            return ""
        parts = []
        if before.rank != now.rank:
            parts.append(f"was {place_shown(before).lower()}")
        if before.total != now.total:
            parts.append(f"had {before.total:.2f} points")
        return ", ".join(parts).capitalize()


@dataclass(frozen=True, slots=True)
class RoundInfo:
    """One ranking, kept for ever. ``is_last`` says that it holds, unless the marking was reopened."""

    id: int
    number: int
    cause: str
    made_at: datetime
    made_by: str
    rows: tuple[RoundRow, ...]
    is_last: bool

    @property
    def is_changed(self) -> bool:
        return any(row.moved.is_changed for row in self.rows)


@dataclass(frozen=True, slots=True)
class RulingInfo:
    """A claim that was ruled out, and whether that still holds."""

    id: int
    offer_line_id: int
    bid_id: int
    supplier_name: str
    measure: str
    reason: str
    ruled_at: datetime
    ruled_by: str
    lifted_at: datetime | None
    lifted_by: str
    lifted_reason: str

    @property
    def holds(self) -> bool:
        return self.lifted_at is None


@dataclass(frozen=True, slots=True)
class Rounds:
    """The page of the rankings, last one first, and of the rulings, first one first."""

    procurement_id: int
    title: str
    is_ranked: bool
    is_pass_fail: bool
    rounds: tuple[RoundInfo, ...]
    rulings: tuple[RulingInfo, ...]


def rounds_page(actor: Actor, procurement_id: int) -> Rounds:
    """NotVisible elsewhere or before the bids are open; NotAllowed without a role that reads bids."""
    tender = readable_tender(actor, procurement_id)
    evaluation = evaluation_of_tender(tender.pk)
    if evaluation is None:
        raise NotVisible
    opened = bids.opened_bids(tender.pk)
    return Rounds(
        procurement_id=procurement_id,
        title=procurements.procurement_brief(procurement_id).title,
        is_ranked=evaluation.status == EvaluationStatus.RANKED,
        is_pass_fail=tender.weighting_kind == WeightingKind.PASS_FAIL,
        rounds=tuple(reversed(_rounds(evaluation, {bid.id: bid.supplier_name for bid in opened}))),
        rulings=tuple(_rulings(evaluation, opened)),
    )


def rounds_of(tender_id: int) -> list[RoundInfo]:
    """Every ranking, first one first. For rooms that have shown the visibility."""
    evaluation = evaluation_of_tender(tender_id)
    return _rounds(evaluation, bids.opened_bidders(tender_id)) if evaluation else []


def rulings_made(tender_id: int) -> list[RulingInfo]:
    """Every ruling, lifted ones too, first one first. For rooms that have shown the visibility."""
    evaluation = evaluation_of_tender(tender_id)
    return _rulings(evaluation, bids.opened_bids(tender_id)) if evaluation else []


def round_of(tender_id: int) -> int:
    """The id of the last ranking, which holds unless the marking was reopened. NotVisible before the first."""
    last = EvaluationRound.objects.filter(evaluation__tender_id=tender_id).order_by("-number")
    found = last.values_list("pk", flat=True).first()
    if found is None:
        raise NotVisible("The bids are not ranked yet.")
    return found


def place_shown(placed: rules.Placed) -> str:
    return "Not passed" if placed.rank is None else f"Rank {placed.rank}"


def _rounds(evaluation: Evaluation, names: Mapping[int, str]) -> list[RoundInfo]:
    made = list(
        EvaluationRound.objects.filter(evaluation=evaluation)
        .select_related("made_by")
        .order_by("number")
    )
    results: dict[int, dict[int, EvaluationResult]] = {row.pk: {} for row in made}
    for result in EvaluationResult.objects.filter(evaluation=evaluation).order_by("pk"):
        results[result.round_id][result.bid_id] = result
    found, before = [], None
    for row in made:
        own = results[row.pk]
        now = {
            bid_id: rules.Placed(result.total_score, result.social_value_pence, result.rank)
            for bid_id, result in own.items()
        }
        found.append(
            RoundInfo(
                id=row.pk,
                number=row.number,
                cause=row.cause,
                made_at=row.made_at,
                made_by="" if row.made_by is None else str(row.made_by),
                rows=tuple(
                    RoundRow(
                        moved.bid_id,
                        names[moved.bid_id],
                        moved,
                        own[moved.bid_id].quantitative_score,
                        own[moved.bid_id].qualitative_score,
                        own[moved.bid_id].reason,
                    )
                    for moved in rules.moves(before, now)
                ),
                is_last=row is made[-1],
            )
        )
        before = now
    return found


def _rulings(evaluation: Evaluation, opened: list[bids.OpenedBid]) -> list[RulingInfo]:
    lines = {line.id: (bid, line) for bid in opened for line in bid.lines}
    rows = EvaluationRuling.objects.filter(evaluation=evaluation).order_by("pk")
    found = []
    for row in rows.select_related("ruled_by", "lifted_by"):
        bid, line = lines[row.offer_line_id]
        found.append(
            RulingInfo(
                id=row.pk,
                offer_line_id=row.offer_line_id,
                bid_id=bid.id,
                supplier_name=bid.supplier_name,
                measure=line.measure.label,
                reason=row.reason,
                ruled_at=row.ruled_at,
                ruled_by=str(row.ruled_by),
                lifted_at=row.lifted_at,
                lifted_by="" if row.lifted_by is None else str(row.lifted_by),
                lifted_reason=row.lifted_reason,
            )
        )
    return found
