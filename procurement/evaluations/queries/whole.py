"""The whole award: social value beside price and quality, as far as their scores were entered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from procurement.bids import queries as bids
from procurement.evaluations import rules
from procurement.evaluations.models import Evaluation, EvaluationOtherScore, EvaluationResult
from procurement.evaluations.permissions import can_rank
from procurement.evaluations.queries.standing import (
    evaluation_of_tender,
    readable_tender,
    results_of,
)
from procurement.procurements import queries as procurements
from procurement.tenders.rules import LEAST_WEIGHTING, MOST_WEIGHTING, Stretch, two_places
from procurement.tenders.vocabulary import TenderStatus
from socialvalue.core.actor import Actor
from socialvalue.core.charts import Chart, Series, line_through_time
from socialvalue.core.errors import NotVisible
from socialvalue.core.tables import Column, Table

if TYPE_CHECKING:
    from procurement.tenders.models import Tender

MOST_LINES = 5
"""More lines than this in one chart cannot be told apart."""
WEIGHTINGS = tuple(Decimal(percent) for percent in range(5, 35, 5))


@dataclass(frozen=True, slots=True)
class WholeRow:
    """One bid. ``usual_price_score``: 100 x lowest / price, as a suggestion; None without a price."""

    bid_id: int
    supplier_name: str
    price: Decimal | None
    social_value: Decimal | None
    is_passed: bool
    price_score: Decimal | None
    quality_score: Decimal | None
    version: int
    usual_price_score: Decimal | None
    points: Decimal | None
    rank: int | None


@dataclass(frozen=True, slots=True)
class WholeAward:
    """Everything the page shows. ``rows`` best first once there are points."""

    procurement_id: int
    title: str
    evaluation_id: int
    social_percent: Decimal | None
    price_percent: Decimal | None
    quality_percent: Decimal | None
    suggested_price_percent: Decimal | None
    suggested_quality_percent: Decimal | None
    rows: tuple[WholeRow, ...]
    is_ranked: bool
    can_enter: bool
    is_awarded: bool
    winners: Table | None
    crossings: tuple[Decimal, ...]
    chart: Chart | None
    is_chart_cut: bool
    """The chart shows the best bids only."""

    @property
    def is_pass_fail(self) -> bool:
        return self.social_percent is None

    @property
    def is_entered(self) -> bool:
        return self.price_percent is not None

    @property
    def has_points(self) -> bool:
        return any(row.points is not None for row in self.rows)

    @property
    def leaders(self) -> tuple[str, ...]:
        return tuple(row.supplier_name for row in self.rows if row.rank == 1)

    @property
    def left_percent(self) -> Decimal:
        """What price and quality share."""
        return 100 - (self.social_percent or Decimal(0))


def whole_award(actor: Actor, procurement_id: int) -> WholeAward:
    """The whole award of a procurement. NotVisible elsewhere or before the bids are open; NotAllowed without a role
    that reads bids."""
    tender = readable_tender(actor, procurement_id)
    evaluation = evaluation_of_tender(tender.pk)
    if evaluation is None:
        raise NotVisible
    opened = bids.opened_bids(tender.pk)
    results = results_of(evaluation)
    kept = other_scores_of(evaluation)
    scores = {row.bid_id: row for row in whole_scores_of(tender, evaluation, results, kept)}
    usual = rules.usual_price_scores({bid.id: bid.price for bid in opened})
    rows = tuple(
        WholeRow(
            bid_id=bid.id,
            supplier_name=bid.supplier_name,
            price=bid.price,
            social_value=results[bid.id].total_score if bid.id in results else None,
            is_passed=bid.id not in results or results[bid.id].is_passed,
            price_score=kept[bid.id].price_score if bid.id in kept else None,
            quality_score=kept[bid.id].quality_score if bid.id in kept else None,
            version=kept[bid.id].version if bid.id in kept else 0,
            usual_price_score=usual.get(bid.id),
            points=scores[bid.id].points if bid.id in scores else None,
            rank=scores[bid.id].rank if bid.id in scores else None,
        )
        for bid in opened
    )
    weights, passing = _as_weighed(tender, evaluation, results, kept)
    names = {str(bid.id): bid.supplier_name for bid in opened}
    found = rules.whole_stretches(weights, passing) if weights else ()
    price, quality = suggested_weights(tender)
    return WholeAward(
        procurement_id=procurement_id,
        title=procurements.procurement_brief(procurement_id).title,
        evaluation_id=evaluation.pk,
        social_percent=tender.whole_percent,
        price_percent=evaluation.price_percent,
        quality_percent=evaluation.quality_percent,
        suggested_price_percent=price,
        suggested_quality_percent=quality,
        rows=tuple(
            sorted(rows, key=lambda row: (row.rank is None, row.rank or 0, row.supplier_name))
        ),
        is_ranked=bool(results),
        can_enter=can_rank(actor, tender.authority_id) and tender.status != TenderStatus.AWARDED,
        is_awarded=tender.status == TenderStatus.AWARDED,
        winners=_winners(found, names) if found else None,
        crossings=tuple(row.last for row in found[:-1]),
        chart=_chart(weights, passing, scores, names) if weights and found else None,
        is_chart_cut=len(passing) > MOST_LINES,
    )


def suggested_weights(tender: Tender) -> tuple[Decimal | None, Decimal | None]:
    """Price and quality apart from social value, where the tender says what the quality score counts in all."""
    if tender.quality_percent is None or tender.whole_percent is None:
        return None, None
    return 100 - tender.quality_percent, tender.quality_percent - tender.whole_percent


def other_scores_of(evaluation: Evaluation) -> dict[int, EvaluationOtherScore]:
    rows = EvaluationOtherScore.objects.filter(evaluation=evaluation).order_by("bid_id")
    return {row.bid_id: row for row in rows}


def rescored_at(tender_id: int) -> datetime | None:
    """When the scores for price and quality were last saved; None where nobody entered any."""
    rows = EvaluationOtherScore.objects.filter(evaluation__tender_id=tender_id)
    return rows.order_by("-entered_at").values_list("entered_at", flat=True).first()


def whole_scores_of(
    tender: Tender,
    evaluation: Evaluation,
    results: Mapping[int, EvaluationResult],
    kept: Mapping[int, EvaluationOtherScore],
) -> list[rules.WholeScore]:
    """Points and places of the bids that passed; empty until the bids are ranked and every score is entered."""
    weights, passing = _as_weighed(tender, evaluation, results, kept)
    return rules.whole_scores(weights, passing) if weights else []


def _as_weighed(
    tender: Tender,
    evaluation: Evaluation,
    results: Mapping[int, EvaluationResult],
    kept: Mapping[int, EvaluationOtherScore],
) -> tuple[rules.Weights | None, list[rules.WholeBid]]:
    if evaluation.price_percent is None or evaluation.quality_percent is None:
        return None, []
    weights = rules.Weights(
        tender.whole_percent, evaluation.price_percent, evaluation.quality_percent
    )
    return weights, [
        rules.WholeBid(
            row.bid_id,
            row.total_score,
            kept[row.bid_id].price_score if row.bid_id in kept else None,
            kept[row.bid_id].quality_score if row.bid_id in kept else None,
        )
        for row in results.values()
        if row.is_passed
    ]


def _winners(found: tuple[Stretch, ...], names: Mapping[str, str]) -> Table:
    return Table(
        "Who wins at which weighting of social value",
        [Column("Most points"), Column("From (%)", "number"), Column("To (%)", "number")],
        [(" and ".join(names[pk] for pk in row.winners), row.first, row.last) for row in found],
    )


def _chart(
    weights: rules.Weights,
    passing: list[rules.WholeBid],
    scores: Mapping[int, rules.WholeScore],
    names: Mapping[str, str],
) -> Chart:
    best = sorted(passing, key=lambda row: (scores[row.bid_id].rank, row.bid_id))[:MOST_LINES]
    return line_through_time(
        title=f"Points of the whole award if social value counted {LEAST_WEIGHTING}% to {MOST_WEIGHTING}%",
        categories=[f"{percent}%" for percent in WEIGHTINGS],
        series=[
            Series(
                names[str(row.bid_id)],
                [two_places(rules.points_at(weights, row, percent)) for percent in WEIGHTINGS],
            )
            for row in best
        ],
        unit="",
        uid="whole-award",
        table_heading="Weighting of social value",
    )
