"""Pure rules of the duties: the table, the days, the list of one procurement."""

from __future__ import annotations

from procurement.duties.rules.dating import due_on, yearly
from procurement.duties.rules.duties import (
    Done,
    Duty,
    DutyFacts,
    duties_of,
    next_duty,
    standstill_of,
    why_not,
)
from procurement.duties.rules.table import DutyRule, read_rules

__all__ = [
    "Done",
    "Duty",
    "DutyFacts",
    "DutyRule",
    "due_on",
    "duties_of",
    "next_duty",
    "read_rules",
    "standstill_of",
    "why_not",
    "yearly",
]
