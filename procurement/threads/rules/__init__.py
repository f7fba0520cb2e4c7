"""Where a procurement stands, what comes next, and whether its route was followed. Pure."""

from procurement.threads.rules.compliance import (
    ComplianceFacts,
    Deviation,
    Share,
    Verdict,
    shares,
    verdict_of,
)
from procurement.threads.rules.stages import (
    NextStep,
    StageStand,
    ThreadFacts,
    next_step,
    stages_of,
)

__all__ = [
    "ComplianceFacts",
    "Deviation",
    "NextStep",
    "Share",
    "StageStand",
    "ThreadFacts",
    "Verdict",
    "next_step",
    "shares",
    "stages_of",
    "verdict_of",
]
