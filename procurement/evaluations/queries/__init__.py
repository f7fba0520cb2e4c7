"""Bids under evaluation. Nothing of a bid is read here before it is open."""

from procurement.evaluations.queries.bid import AnswerToMark, BidToMark, bid_to_mark
from procurement.evaluations.queries.board import Board, BoardRow, board
from procurement.evaluations.queries.errands import PanelErrand, panel_errands
from procurement.evaluations.queries.interests import Wording, wording_of, wording_to_change
from procurement.evaluations.queries.lines import (
    BidLines,
    LineView,
    bid_lines,
    bid_of_line,
    bid_of_ruling,
)
from procurement.evaluations.queries.marking import (
    MarkingProgress,
    locked_marks_of,
    marking_progress,
)
from procurement.evaluations.queries.own import OwnMarking, own_marking
from procurement.evaluations.queries.panel import (
    Interest,
    Panellist,
    missing_for_opening,
    panel_of,
    seat_in,
    seats_of,
)
from procurement.evaluations.queries.panel_page import (
    DeclarationPage,
    InterestToDecide,
    MemberToRecuse,
    PanelPage,
    SupplierToDeclare,
    declaration_page,
    interest_to_decide,
    member_to_recuse,
    member_to_remove,
    panel_page,
)
from procurement.evaluations.queries.ranks import RankedBid, ranking, ranking_of_tender
from procurement.evaluations.queries.rounds import (
    RoundInfo,
    RoundRow,
    RulingInfo,
    round_of,
    rounds_of,
    rounds_page,
    rulings_made,
)
from procurement.evaluations.queries.scoring import scored_bids, scoring_of
from procurement.evaluations.queries.sheet import board_table
from procurement.evaluations.queries.side_by_side import (
    AnswerToModerate,
    BidToModerate,
    ModerationList,
    bid_to_moderate,
    moderation_list,
)
from procurement.evaluations.queries.standing import (
    EvaluationBrief,
    evaluation_brief,
    evaluation_for,
    evaluation_id_of,
    evaluation_of_tender,
    is_ranked,
    ranked_among,
    tender_id_of,
)
from procurement.evaluations.queries.verdicts import moderated_of
from procurement.evaluations.queries.whole import WholeAward, WholeRow, rescored_at, whole_award

__all__ = [
    "AnswerToMark",
    "AnswerToModerate",
    "BidLines",
    "BidToMark",
    "BidToModerate",
    "Board",
    "BoardRow",
    "DeclarationPage",
    "EvaluationBrief",
    "Interest",
    "InterestToDecide",
    "LineView",
    "MarkingProgress",
    "MemberToRecuse",
    "ModerationList",
    "OwnMarking",
    "PanelErrand",
    "PanelPage",
    "Panellist",
    "RankedBid",
    "RoundInfo",
    "RoundRow",
    "RulingInfo",
    "SupplierToDeclare",
    "WholeAward",
    "WholeRow",
    "Wording",
    "bid_lines",
    "bid_of_line",
    "bid_of_ruling",
    "bid_to_mark",
    "bid_to_moderate",
    "board",
    "board_table",
    "declaration_page",
    "evaluation_brief",
    "evaluation_for",
    "evaluation_id_of",
    "evaluation_of_tender",
    "interest_to_decide",
    "is_ranked",
    "locked_marks_of",
    "marking_progress",
    "member_to_recuse",
    "member_to_remove",
    "missing_for_opening",
    "moderated_of",
    "moderation_list",
    "own_marking",
    "panel_errands",
    "panel_of",
    "panel_page",
    "ranked_among",
    "ranking",
    "ranking_of_tender",
    "rescored_at",
    "round_of",
    "rounds_of",
    "rounds_page",
    "rulings_made",
    "scored_bids",
    "scoring_of",
    "seat_in",
    "seats_of",
    "tender_id_of",
    "whole_award",
    "wording_of",
    "wording_to_change",
]
