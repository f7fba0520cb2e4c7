"""The page of one procurement through all its stages, composed from the rooms' own queries."""

from procurement.threads.queries.gathering import Parts, gather, moment_shown
from procurement.threads.queries.pages import (
    ROLE_OF,
    DecisionView,
    Figures,
    NextDeed,
    Stage,
    ThreadView,
    next_deed,
    stages,
)

__all__ = [
    "ROLE_OF",
    "DecisionView",
    "Figures",
    "NextDeed",
    "Parts",
    "Stage",
    "ThreadView",
    "gather",
    "moment_shown",
    "next_deed",
    "stages",
]
