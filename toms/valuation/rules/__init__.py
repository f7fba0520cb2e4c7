"""Valuation: quantity x unit value x attribution, what may be taken off it, and the working shown.

Pure: no Django, no clock, no floats. Cut by noun: the sum and its working (``values``), what would have happened
anyway or elsewhere (``additionality``), values that fall in later years (``discounting``), units (``counting``), two
valuations side by side (``opinions``).
"""

from __future__ import annotations

from toms.valuation.rules.additionality import ALL_ADDITIONAL, Additionality, additionality_of
from toms.valuation.rules.codes import natural_key, unit_parts
from toms.valuation.rules.counting import (
    FTE_HOURS_A_WEEK,
    attendee_hours,
    attribution_shares,
    fte,
    fte_years,
    weeks_between,
    weeks_in_first_year,
    within_first_year,
    year_share,
    years_run,
)
from toms.valuation.rules.discounting import GREEN_BOOK, LAST_YEAR, Timing, discount_factor
from toms.valuation.rules.opinions import Compared, Totals, totals
from toms.valuation.rules.tallies import Facts, Tally, asked_for, tally
from toms.valuation.rules.values import (
    Working,
    WorkingLine,
    exact_worth,
    pence_of,
    value_of,
    worth,
)

__all__ = [
    "ALL_ADDITIONAL",
    "FTE_HOURS_A_WEEK",
    "GREEN_BOOK",
    "LAST_YEAR",
    "Additionality",
    "Compared",
    "Facts",
    "Tally",
    "Timing",
    "Totals",
    "Working",
    "WorkingLine",
    "additionality_of",
    "asked_for",
    "attendee_hours",
    "attribution_shares",
    "discount_factor",
    "exact_worth",
    "fte",
    "fte_years",
    "natural_key",
    "pence_of",
    "tally",
    "totals",
    "unit_parts",
    "value_of",
    "weeks_between",
    "weeks_in_first_year",
    "within_first_year",
    "worth",
    "year_share",
    "years_run",
]
