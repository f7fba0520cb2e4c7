"""Pure rules of the action plan: how a commitment is spread, and how far it has come."""

from __future__ import annotations

from procurement.action_plans.rules.spreading import (
    BEFORE_VERSIONS,
    ZERO,
    Share,
    check_quantities,
    difference_sentence,
    due_on,
    pence_of,
    plan_again,
    quarters_of,
    shares_of,
    spread,
    spread_pence,
)

__all__ = [
    "BEFORE_VERSIONS",
    "ZERO",
    "Share",
    "check_quantities",
    "difference_sentence",
    "due_on",
    "pence_of",
    "plan_again",
    "quarters_of",
    "shares_of",
    "spread",
    "spread_pence",
]
