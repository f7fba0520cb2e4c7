"""The routing rule and what it rests on: law, estimate, policy. Pure."""

from __future__ import annotations

from procurement.policies.rules.estimates import ASSUMED_VAT_PERCENT, Estimate, check_estimate
from procurement.policies.rules.routing import ROUTE_WORDS, RouteResult, route_for
from procurement.policies.rules.thresholds import (
    BASIS_WORDS,
    CATEGORY_KEYS,
    CATEGORY_WORDS,
    NEW_REGIME,
    OLD_REGIMES,
    PROCUREMENT_ACT_STARTS,
    REGIME_NAMES,
    ThresholdHistory,
    ThresholdLine,
    ThresholdRow,
    regimes_on,
    threshold_for,
)
from procurement.policies.rules.versions import Band, PolicyInForce

__all__ = [
    "ASSUMED_VAT_PERCENT",
    "BASIS_WORDS",
    "CATEGORY_KEYS",
    "CATEGORY_WORDS",
    "NEW_REGIME",
    "OLD_REGIMES",
    "PROCUREMENT_ACT_STARTS",
    "REGIME_NAMES",
    "ROUTE_WORDS",
    "Band",
    "Estimate",
    "PolicyInForce",
    "RouteResult",
    "ThresholdHistory",
    "ThresholdLine",
    "ThresholdRow",
    "check_estimate",
    "regimes_on",
    "route_for",
    "threshold_for",
]
