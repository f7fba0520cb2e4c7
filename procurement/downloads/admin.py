"""Who asked for which file, to read."""

from __future__ import annotations

from django.contrib import admin

from procurement.downloads.models import LongFile
from socialvalue.core.admin import ReadOnlyAdmin


@admin.register(LongFile)
class LongFileAdmin(ReadOnlyAdmin):
    list_display = ("id", "name", "organisation", "asked_by", "asked_at", "status", "rows", "size")
    list_filter = ("what", "status")
    list_select_related = ("organisation", "asked_by")
    exclude = ("file",)
