"""The policy in force, its versions, and the law through time."""

from __future__ import annotations

from procurement.policies.views.thresholds import Thresholds, ThresholdsExport
from procurement.policies.views.versions import CurrentPolicy, PolicyVersionPage

__all__ = [
    "CurrentPolicy",
    "PolicyVersionPage",
    "Thresholds",
    "ThresholdsExport",
]
