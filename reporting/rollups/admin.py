from __future__ import annotations

from django.contrib import admin

from reporting.rollups.models import RollupRun
from socialvalue.core.admin import ReadOnlyAdmin


@admin.register(RollupRun)
class RollupRunAdmin(ReadOnlyAdmin):
    list_display = (
        "id",
        "kind",
        "state",
        "started_at",
        "ended_at",
        "postings",
        "entries",
        "lag_ms",
        "wrong_cells",
    )
    list_filter = ("kind", "state")
