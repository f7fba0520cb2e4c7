"""Writing policies and the law."""

from __future__ import annotations

from procurement.policies.services.adopting import (
    adopt_version,
    propose_version,
    send_back_version,
    take_back_version,
)
from procurement.policies.services.drafts import (
    set_approvals,
    set_bands,
    set_dates,
    set_measure_rules,
    set_toolkit,
    set_vat_basis,
    set_weighting,
    set_whose_bands,
)
from procurement.policies.services.loading import DATA
from procurement.policies.services.starting import drop_draft, start_draft
from procurement.policies.services.threshold_imports import (
    MAX_BYTES,
    apply_thresholds,
    preview_thresholds,
)
from procurement.policies.services.thresholds import COLUMNS, THRESHOLDS, load_thresholds
from procurement.policies.services.versions import load_policies, load_policy

__all__ = [
    "COLUMNS",
    "DATA",
    "MAX_BYTES",
    "THRESHOLDS",
    "adopt_version",
    "apply_thresholds",
    "drop_draft",
    "load_policies",
    "load_policy",
    "load_thresholds",
    "preview_thresholds",
    "propose_version",
    "send_back_version",
    "set_approvals",
    "set_bands",
    "set_dates",
    "set_measure_rules",
    "set_toolkit",
    "set_vat_basis",
    "set_weighting",
    "set_whose_bands",
    "start_draft",
    "take_back_version",
]
