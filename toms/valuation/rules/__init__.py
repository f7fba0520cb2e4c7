"""Valuation: quantity x unit value x attribution, what may be taken off it, and the working shown.

Pure: no Django, no clock, no floats. Cut by noun: the sum and its working (``values``), what would have happened
anyway or elsewhere (``additionality``), values that fall in later years (``discounting``), units (``counting``).
"""

from __future__ import annotations

from toms.valuation.rules.additionality import ALL_ADDITIONAL, Additionality, additionality_of
from toms.valuation.rules.codes import natural_key
from toms.valuation.rules.counting import (
    FTE_HOURS_A_WEEK,
    attendee_hours,
    attribution_shares,
    fte,
    fte_years,
    weeks_in_first_year,
    within_first_year,
    year_share,
)
from toms.valuation.rules.discounting import GREEN_BOOK, LAST_YEAR, Timing, discount_factor
from toms.valuation.rules.values import Working, WorkingLine, value_of, worth

__all__ = [
    "ALL_ADDITIONAL",
    "FTE_HOURS_A_WEEK",
    "GREEN_BOOK",
    "LAST_YEAR",
    "Additionality",
    "Timing",
    "Working",
    "WorkingLine",
    "additionality_of",
    "attendee_hours",
    "attribution_shares",
    "discount_factor",
    "fte",
    "fte_years",
    "natural_key",
    "value_of",
    "weeks_in_first_year",
    "within_first_year",
    "worth",
    "year_share",
]
