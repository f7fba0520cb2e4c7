"""Gathers the rooms' tables, because Django looks here."""

from reporting.cabinet.models import (
    CabinetReport,
    CabinetSection,
    ReportFile,
    ReportJob,
    ReportTemplate,
    SectionDraft,
    SignOff,
    SignOffRequest,
)
from reporting.dashboards.models import RegionTarget
from reporting.open_data.models import Publication
from reporting.rollups.models import (
    Cell,
    CommitmentTotal,
    ContractCell,
    CubeVersion,
    RollupRun,
    ThemeCell,
)
from reporting.showcase.models import Story

__all__ = [
    "CabinetReport",
    "CabinetSection",
    "Cell",
    "CommitmentTotal",
    "ContractCell",
    "CubeVersion",
    "Publication",
    "RegionTarget",
    "ReportFile",
    "ReportJob",
    "ReportTemplate",
    "RollupRun",
    "SectionDraft",
    "SignOff",
    "SignOffRequest",
    "Story",
    "ThemeCell",
]
