"""Deeds on shortfalls, remedies, changes, KPIs and the cost of overseeing."""

from procurement.remedies.services.changing import (
    agree_change,
    ask_change,
    refuse_change,
    withdraw_change,
)
from procurement.remedies.services.costs import record_cost, remove_cost
from procurement.remedies.services.deciding import (
    approve_remedy,
    end_by_remedy,
    propose_remedy,
    refuse_remedy,
    withdraw_remedy,
)
from procurement.remedies.services.kpis import end_kpi, rate_kpi, set_kpi
from procurement.remedies.services.raising import close_shortfall, raise_shortfall, say
from procurement.remedies.services.rectifying import agree_plan, mark_step, propose_plan
from procurement.remedies.services.terms import set_terms

__all__ = [
    "agree_change",
    "agree_plan",
    "approve_remedy",
    "ask_change",
    "close_shortfall",
    "end_by_remedy",
    "end_kpi",
    "mark_step",
    "propose_plan",
    "propose_remedy",
    "raise_shortfall",
    "rate_kpi",
    "record_cost",
    "refuse_change",
    "refuse_remedy",
    "remove_cost",
    "say",
    "set_kpi",
    "set_terms",
    "withdraw_change",
    "withdraw_remedy",
]
