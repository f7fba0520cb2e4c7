"""Shortfalls, what answers them, KPIs and the cost of overseeing: sums and sentences. Pure."""

from procurement.remedies.rules.costs import cost_of, hours_cost
from procurement.remedies.rules.gaps import (
    Gap,
    Promised,
    gap_now,
    gap_working,
    standing_word,
    why_no_shortfall,
)
from procurement.remedies.rules.kpis import (
    KPIS_WANTED,
    ContractYear,
    KpiLaw,
    contract_years,
    kpis_asked,
    rating_state,
)
from procurement.remedies.rules.remedies import (
    Line,
    Payment,
    Raise,
    Terms,
    check_terms,
    credit_of,
    fund_payment,
    more_than_equal,
    provided,
    raise_of,
    smallest_raise,
)
from procurement.remedies.rules.texts import (
    MAX_TEXT,
    check_reason,
    check_steps,
    check_text,
)

__all__ = [
    "KPIS_WANTED",
    "MAX_TEXT",
    "ContractYear",
    "Gap",
    "KpiLaw",
    "Line",
    "Payment",
    "Promised",
    "Raise",
    "Terms",
    "check_reason",
    "check_steps",
    "check_terms",
    "check_text",
    "contract_years",
    "cost_of",
    "credit_of",
    "fund_payment",
    "gap_now",
    "gap_working",
    "hours_cost",
    "kpis_asked",
    "more_than_equal",
    "provided",
    "raise_of",
    "rating_state",
    "smallest_raise",
    "standing_word",
    "why_no_shortfall",
]
