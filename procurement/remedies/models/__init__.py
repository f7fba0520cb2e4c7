"""The tables of this room."""

from procurement.remedies.models.changes import ChangeRequest
from procurement.remedies.models.overseeing import ContractKpi, KpiRating, OversightCost
from procurement.remedies.models.shortfalls import (
    RectificationPlan,
    RectificationStep,
    RemedyDecision,
    RemedyTerms,
    Shortfall,
    ShortfallMessage,
)

__all__ = [
    "ChangeRequest",
    "ContractKpi",
    "KpiRating",
    "OversightCost",
    "RectificationPlan",
    "RectificationStep",
    "RemedyDecision",
    "RemedyTerms",
    "Shortfall",
    "ShortfallMessage",
]
