from __future__ import annotations

from django.contrib import admin

from reporting.cabinet.models import CabinetReport, ReportTemplate
from socialvalue.core.admin import ReadOnlyAdmin


@admin.register(CabinetReport)
class CabinetReportAdmin(ReadOnlyAdmin):
    list_display = (
        "id",
        "authority",
        "kind",
        "title",
        "financial_year",
        "issue",
        "status",
        "frozen_at",
    )
    list_filter = ("kind", "status", "financial_year")
    search_fields = ("title",)


@admin.register(ReportTemplate)
class ReportTemplateAdmin(ReadOnlyAdmin):
    list_display = ("id", "authority", "kind", "name", "archived_at")
    list_filter = ("kind",)
    search_fields = ("name",)
