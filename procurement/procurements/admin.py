"""Read-only: procurements change through their services."""

from __future__ import annotations

from django.contrib import admin

from procurement.procurements.models import (
    ConsiderationRecord,
    LightTouchNote,
    NoticeImport,
    PlannedProcurement,
    Procurement,
    ProcurementLot,
    ProcurementPart,
    RouteDecision,
    RouteDeviation,
    RouteOverride,
    YearlySpend,
)
from socialvalue.core.admin import ReadOnlyAdmin

admin.site.register(
    [
        Procurement,
        ProcurementLot,
        ProcurementPart,
        RouteDecision,
        RouteOverride,
        RouteDeviation,
        LightTouchNote,
        ConsiderationRecord,
        NoticeImport,
        PlannedProcurement,
        YearlySpend,
    ],
    ReadOnlyAdmin,
)
