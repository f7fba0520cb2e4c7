from __future__ import annotations

from django.contrib import admin

from reporting.cabinet.models import CabinetReport
from socialvalue.core.admin import ReadOnlyAdmin


@admin.register(CabinetReport)
class CabinetReportAdmin(ReadOnlyAdmin):
    list_display = ("id", "authority", "title", "financial_year", "status", "frozen_at")
    list_filter = ("status", "financial_year")
    search_fields = ("title",)
