"""Gathers the rooms' tables, because Django looks here."""

from reporting.cabinet.models import CabinetReport, CabinetSection
from reporting.rollups.models import (
    Cell,
    CommitmentTotal,
    ContractTotal,
    CubeVersion,
    RollupRun,
    ThemeCell,
)

__all__ = [
    "CabinetReport",
    "CabinetSection",
    "Cell",
    "CommitmentTotal",
    "ContractTotal",
    "CubeVersion",
    "RollupRun",
    "ThemeCell",
]
