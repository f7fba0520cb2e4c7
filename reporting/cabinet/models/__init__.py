"""The tables of the reports, cut by noun."""

from reporting.cabinet.models.keeping import ReportFile, ReportJob
from reporting.cabinet.models.reports import CabinetReport, CabinetSection, SectionDraft
from reporting.cabinet.models.signing import SignOff, SignOffRequest
from reporting.cabinet.models.templates import ReportTemplate

__all__ = [
    "CabinetReport",
    "CabinetSection",
    "ReportFile",
    "ReportJob",
    "ReportTemplate",
    "SectionDraft",
    "SignOff",
    "SignOffRequest",
]
