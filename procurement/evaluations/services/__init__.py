"""Opening, panel, marking, moderation, ranking. Each writes its audit row in the same transaction."""

from procurement.evaluations.services.interests import (
    Declaration,
    decide_interest,
    declare_interests,
    set_wording,
)
from procurement.evaluations.services.marking import MarkInput, lock_marks, mark_bid
from procurement.evaluations.services.moderating import ModerationInput, moderate, moderate_bid
from procurement.evaluations.services.opening import open_evaluation, start_opening
from procurement.evaluations.services.other_scores import OtherScoreInput, set_other_scores
from procurement.evaluations.services.panel import add_panel_member, recuse, remove_panel_member
from procurement.evaluations.services.ranking import rank_bids, reopen_marking
from procurement.evaluations.services.ruling import lift_ruling, rule_out

__all__ = [
    "Declaration",
    "MarkInput",
    "ModerationInput",
    "OtherScoreInput",
    "add_panel_member",
    "decide_interest",
    "declare_interests",
    "lift_ruling",
    "lock_marks",
    "mark_bid",
    "moderate",
    "moderate_bid",
    "open_evaluation",
    "rank_bids",
    "recuse",
    "remove_panel_member",
    "reopen_marking",
    "rule_out",
    "set_other_scores",
    "set_wording",
    "start_opening",
]
