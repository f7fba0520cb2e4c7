from __future__ import annotations

from django.contrib import admin

from reporting.dashboards.models import RegionTarget
from socialvalue.core.admin import ReadOnlyAdmin


@admin.register(RegionTarget)
class RegionTargetAdmin(ReadOnlyAdmin):
    list_display = ("region", "financial_year", "figure", "measure", "amount", "set_at", "ended_at")
    list_select_related = ("region", "measure")
    list_filter = ("financial_year",)
