"""The tables of the room, by noun."""

from procurement.procurements.models.decisions import (
    RouteDecision,
    RouteDeviation,
    RouteOverride,
)
from procurement.procurements.models.imports import NoticeImport
from procurement.procurements.models.notes import ConsiderationRecord, LightTouchNote
from procurement.procurements.models.planning import PlannedProcurement, YearlySpend
from procurement.procurements.models.records import (
    Procurement,
    ProcurementLot,
    ProcurementPart,
)

__all__ = [
    "ConsiderationRecord",
    "LightTouchNote",
    "NoticeImport",
    "PlannedProcurement",
    "Procurement",
    "ProcurementLot",
    "ProcurementPart",
    "RouteDecision",
    "RouteDeviation",
    "RouteOverride",
    "YearlySpend",
]
