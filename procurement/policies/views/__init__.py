"""The policy in force, its versions, and the law through time."""

from __future__ import annotations

from procurement.policies.views.comparing import Compare, CompareExport
from procurement.policies.views.drafts import (
    Adopt,
    Amounts,
    Approvals,
    Bands,
    Dates,
    DraftPage,
    Drop,
    DropCheck,
    MeasureRules,
    PolicyList,
    Propose,
    SendBack,
    StartDraft,
    TakeBack,
    Toolkit,
    Weighting,
    WhoseBands,
)
from procurement.policies.views.thresholds import (
    ThresholdApply,
    ThresholdLines,
    ThresholdPreview,
    Thresholds,
    ThresholdsExport,
    ThresholdUpload,
)
from procurement.policies.views.versions import CurrentPolicy, PolicyVersionPage

__all__ = [
    "Adopt",
    "Amounts",
    "Approvals",
    "Bands",
    "Compare",
    "CompareExport",
    "CurrentPolicy",
    "Dates",
    "DraftPage",
    "Drop",
    "DropCheck",
    "MeasureRules",
    "PolicyList",
    "PolicyVersionPage",
    "Propose",
    "SendBack",
    "StartDraft",
    "TakeBack",
    "ThresholdApply",
    "ThresholdLines",
    "ThresholdPreview",
    "ThresholdUpload",
    "Thresholds",
    "ThresholdsExport",
    "Toolkit",
    "Weighting",
    "WhoseBands",
]
