from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from socialvalue.audit.models import AuditRecord, DailySeal
from socialvalue.core.admin import ReadOnlyAdmin


@admin.register(AuditRecord)
class AuditRecordAdmin(ReadOnlyAdmin):
    list_display = ("at", "actor_name", "organisation_name", "deed", "sentence")
    list_filter = ("deed",)
    search_fields = ("sentence", "actor_name")
    date_hierarchy = "at"

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditRecord]:
        """Without deeds on bids that are still sealed (they name no procurement): who has bid is nobody's to see."""
        return super().get_queryset(request).exclude(target_type="bid", procurement_id__isnull=True)


@admin.register(DailySeal)
class DailySealAdmin(ReadOnlyAdmin):
    is_platform = True
    list_display = ("number", "day", "made_at", "digest")
