from procurement.evaluations.views.board import Board, Export, Open, Rank, Reopen, StartOpening
from procurement.evaluations.views.marking import Lock, MarkBid, MyMarking
from procurement.evaluations.views.moderating import ModerateBid, Moderation
from procurement.evaluations.views.panel import (
    Decide,
    Declare,
    Panel,
    Recuse,
    RemoveMember,
    Wording,
)
from procurement.evaluations.views.rulings import LiftRuling, Lines, Rounds, RuleOut
from procurement.evaluations.views.whole import Whole

__all__ = [
    "Board",
    "Decide",
    "Declare",
    "Export",
    "LiftRuling",
    "Lines",
    "Lock",
    "MarkBid",
    "ModerateBid",
    "Moderation",
    "MyMarking",
    "Open",
    "Panel",
    "Rank",
    "Recuse",
    "RemoveMember",
    "Reopen",
    "Rounds",
    "RuleOut",
    "StartOpening",
    "Whole",
    "Wording",
]
