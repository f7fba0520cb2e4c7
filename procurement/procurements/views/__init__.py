"""Procurements: list, entry, change, light-touch note, notices in."""

from __future__ import annotations

from procurement.procurements.views.considering import (
    ConsiderationFile,
    ConsiderationPage,
    ConsiderationPrint,
)
from procurement.procurements.views.entry import (
    ProcurementEdit,
    ProcurementNew,
    ProcurementWithdraw,
    RouteAdvice,
)
from procurement.procurements.views.links import PAGE_SIZE
from procurement.procurements.views.listing import ProcurementExport, ProcurementList
from procurement.procurements.views.lots import LotsPage, TenderInLots
from procurement.procurements.views.notes import NotePage, NotePrint
from procurement.procurements.views.notices import NoticeApply, NoticePreview, NoticeUpload
from procurement.procurements.views.overrides import (
    DeviationNew,
    OverrideExport,
    OverrideNew,
    OverridePage,
    OverrideRegister,
    OverrideTakeBack,
)
from procurement.procurements.views.under_draft import UnderDraft

__all__ = [
    "PAGE_SIZE",
    "ConsiderationFile",
    "ConsiderationPage",
    "ConsiderationPrint",
    "DeviationNew",
    "LotsPage",
    "NotePage",
    "NotePrint",
    "NoticeApply",
    "NoticePreview",
    "NoticeUpload",
    "OverrideExport",
    "OverrideNew",
    "OverridePage",
    "OverrideRegister",
    "OverrideTakeBack",
    "ProcurementEdit",
    "ProcurementExport",
    "ProcurementList",
    "ProcurementNew",
    "ProcurementWithdraw",
    "RouteAdvice",
    "TenderInLots",
    "UnderDraft",
]
