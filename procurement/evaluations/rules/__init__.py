"""What a bid must meet, what it scores, who comes first. Pure."""

from procurement.evaluations.rules.gate import unmarked, unmet, unmet_measures
from procurement.evaluations.rules.ranking import award_points, qualitative_score, rank
from procurement.evaluations.rules.rounds import Moved, Placed, moves
from procurement.evaluations.rules.scoring import (
    Asked,
    AskedQuestion,
    Score,
    ScoredBid,
    ScoredLine,
    Scoring,
    round_score,
)
from procurement.evaluations.rules.verdicts import (
    HIGHEST_MARK,
    Verdict,
    check_mark,
    check_verdict,
)
from procurement.evaluations.rules.whole import (
    Weights,
    WholeBid,
    WholeScore,
    check_weights,
    points_at,
    usual_price_scores,
    weights_missing,
    whole_scores,
    whole_stretches,
)

__all__ = [
    "HIGHEST_MARK",
    "Asked",
    "AskedQuestion",
    "Moved",
    "Placed",
    "Score",
    "ScoredBid",
    "ScoredLine",
    "Scoring",
    "Verdict",
    "Weights",
    "WholeBid",
    "WholeScore",
    "award_points",
    "check_mark",
    "check_verdict",
    "check_weights",
    "moves",
    "points_at",
    "qualitative_score",
    "rank",
    "round_score",
    "unmarked",
    "unmet",
    "unmet_measures",
    "usual_price_scores",
    "weights_missing",
    "whole_scores",
    "whole_stretches",
]
