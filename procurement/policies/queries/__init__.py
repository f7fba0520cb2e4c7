"""Policies and thresholds. Everyone on the buyer side may read them, so most questions need no actor."""

from __future__ import annotations

from procurement.policies.queries.deciding import decide
from procurement.policies.queries.pages import (
    BandLine,
    PolicyPage,
    VersionLine,
    current_policy_page,
    policy_version_page,
)
from procurement.policies.queries.thresholds import (
    council_thresholds_on,
    threshold_histories,
    thresholds_on,
)
from procurement.policies.queries.versions import policy_in_force

__all__ = [
    "BandLine",
    "PolicyPage",
    "VersionLine",
    "council_thresholds_on",
    "current_policy_page",
    "decide",
    "policy_in_force",
    "policy_version_page",
    "threshold_histories",
    "thresholds_on",
]
