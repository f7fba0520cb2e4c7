"""The route of a procurement: tables read here, the rule itself is pure."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from procurement.policies import rules
from procurement.policies.queries.thresholds import thresholds_on
from procurement.policies.queries.versions import policy_in_force
from procurement.policies.rules import (
    Estimate,
    RouteResult,
)


def decide(
    *,
    authority_id: int | None,
    category: str,
    amount: Decimal,
    basis: str,
    vat_rate_percent: Decimal | None,
    commenced_on: date,
) -> RouteResult:
    """The route of such a procurement, with all it rests on. RuleBroken names the field to mend.

    The same for page, command and import: tables read here, the rule itself in ``rules.route_for``.
    """
    estimate = Estimate(amount, basis, vat_rate_percent)
    rules.check_estimate(estimate)
    rows = thresholds_on(commenced_on)
    # Asked first: a date outside the table of law is the plainer thing to mend.
    rules.threshold_for(rows, category=category, commenced_on=commenced_on)
    return rules.route_for(
        category=category,
        estimate=estimate,
        commenced_on=commenced_on,
        policy=policy_in_force(authority_id, commenced_on),
        thresholds=rows,
    )
