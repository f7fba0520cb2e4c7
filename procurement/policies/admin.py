"""Read-only: thresholds and policies are loaded from files."""

from __future__ import annotations

from django.contrib import admin

from procurement.policies.models import (
    Policy,
    PolicyApproval,
    PolicyBand,
    PolicyMeasureRule,
    PolicyVersion,
    Threshold,
    ThresholdImport,
)
from socialvalue.core.admin import ReadOnlyAdmin

admin.site.register(
    [
        Threshold,
        ThresholdImport,
        Policy,
        PolicyVersion,
        PolicyBand,
        PolicyMeasureRule,
        PolicyApproval,
    ],
    ReadOnlyAdmin,
)
