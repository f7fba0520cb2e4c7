"""Gathers the rooms' admin pages, because Django looks here."""

from reporting.cabinet.admin import CabinetReportAdmin
from reporting.dashboards.admin import RegionTargetAdmin
from reporting.rollups.admin import RollupRunAdmin
from reporting.showcase.admin import StoryAdmin

__all__ = ["CabinetReportAdmin", "RegionTargetAdmin", "RollupRunAdmin", "StoryAdmin"]
