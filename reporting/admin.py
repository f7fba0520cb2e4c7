"""Gathers the rooms' admin pages, because Django looks here."""

from reporting.cabinet.admin import CabinetReportAdmin
from reporting.rollups.admin import RollupRunAdmin

__all__ = ["CabinetReportAdmin", "RollupRunAdmin"]
