"""What the law asks of a procurement, when, and what was done."""

from __future__ import annotations

from procurement.duties.queries.gathering import CONSIDERATION, duty_rules
from procurement.duties.queries.pages import (
    SORTS,
    DutiesPage,
    DutyCounts,
    DutyFilter,
    DutyLine,
    NextDuty,
    duties_page,
    duty_counts,
    duty_line,
    duty_list,
    duty_table,
    next_duty_of,
)

__all__ = [
    "CONSIDERATION",
    "SORTS",
    "DutiesPage",
    "DutyCounts",
    "DutyFilter",
    "DutyLine",
    "NextDuty",
    "duties_page",
    "duty_counts",
    "duty_line",
    "duty_list",
    "duty_rules",
    "duty_table",
    "next_duty_of",
]
