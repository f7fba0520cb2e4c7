"""How far a contract has come: the rules of the action plan, which every board and report reads."""

from procurement.action_plans.rules.progress import (
    AT_RISK_FROM,
    ON_TRACK_FROM,
    RULE,
    WORST_FIRST,
    CommitmentProgress,
    ContractProgress,
    Track,
    can_be_tracked,
    delivered,
    planned,
    standing,
    track,
    worst,
)

__all__ = [
    "AT_RISK_FROM",
    "ON_TRACK_FROM",
    "RULE",
    "WORST_FIRST",
    "CommitmentProgress",
    "ContractProgress",
    "Track",
    "can_be_tracked",
    "delivered",
    "planned",
    "standing",
    "track",
    "worst",
]
