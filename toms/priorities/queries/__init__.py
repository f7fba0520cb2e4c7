"""Priorities, the crosswalk between editions, and what a value is elsewhere."""

from __future__ import annotations

from toms.priorities.queries.statements import (
    PriorityInfo,
    PrioritySetInfo,
    names,
    regional_objectives,
    sets_in_force,
)

__all__ = [
    "PriorityInfo",
    "PrioritySetInfo",
    "names",
    "regional_objectives",
    "sets_in_force",
]
