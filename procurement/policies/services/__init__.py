"""Writing policies and the law."""

from __future__ import annotations

from procurement.policies.services.loading import DATA
from procurement.policies.services.thresholds import THRESHOLDS, load_thresholds
from procurement.policies.services.versions import load_policies, load_policy

__all__ = [
    "DATA",
    "THRESHOLDS",
    "load_policies",
    "load_policy",
    "load_thresholds",
]
