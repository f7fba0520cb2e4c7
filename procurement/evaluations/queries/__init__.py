"""Bids under evaluation. Nothing of a bid is read here before it is open."""

from procurement.evaluations.queries.marking import (
    EvaluationBrief,
    MarkingProgress,
    evaluation_brief,
    evaluation_for,
    evaluation_id_of,
    evaluation_of_tender,
    is_ranked,
    marks_of,
    progress_of,
    scored_bids,
    scoring_of,
    tender_id_of,
)
from procurement.evaluations.queries.pages import (
    AnswerToMark,
    BidToMark,
    Board,
    BoardRow,
    LineView,
    bid_to_mark,
    board,
)
from procurement.evaluations.queries.ranks import RankedBid, ranking, ranking_of_tender

__all__ = [
    "AnswerToMark",
    "BidToMark",
    "Board",
    "BoardRow",
    "EvaluationBrief",
    "LineView",
    "MarkingProgress",
    "RankedBid",
    "bid_to_mark",
    "board",
    "evaluation_brief",
    "evaluation_for",
    "evaluation_id_of",
    "evaluation_of_tender",
    "is_ranked",
    "marks_of",
    "progress_of",
    "ranking",
    "ranking_of_tender",
    "scored_bids",
    "scoring_of",
    "tender_id_of",
]
