"""The forms of the policy owner, one thing a page, and the file of thresholds."""

from __future__ import annotations

from procurement.policies.forms.rows import (
    ApprovalsFormSet,
    BandsFormSet,
    MeasureRulesFormSet,
    first_approvals,
    first_bands,
    first_measure_rules,
)
from procurement.policies.forms.single import (
    AmountsForm,
    CompareForm,
    DatesForm,
    SendBackForm,
    StartForm,
    ToolkitForm,
    VersionedForm,
    WeightingForm,
    WhoseBandsForm,
)
from procurement.policies.forms.thresholds import ThresholdFileForm

__all__ = [
    "AmountsForm",
    "ApprovalsFormSet",
    "BandsFormSet",
    "CompareForm",
    "DatesForm",
    "MeasureRulesFormSet",
    "SendBackForm",
    "StartForm",
    "ThresholdFileForm",
    "ToolkitForm",
    "VersionedForm",
    "WeightingForm",
    "WhoseBandsForm",
    "first_approvals",
    "first_bands",
    "first_measure_rules",
]
