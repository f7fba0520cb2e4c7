from __future__ import annotations

from django.contrib import admin

from procurement.deliveries.models import Claim, Evidence
from socialvalue.core.admin import ReadOnlyAdmin


@admin.register(Claim)
class ClaimAdmin(ReadOnlyAdmin):
    list_display = ("id", "supplier", "authority", "quarter", "quantity", "status", "submitted_at")
    list_filter = ("status",)
    list_select_related = ("supplier", "authority")


@admin.register(Evidence)
class EvidenceAdmin(ReadOnlyAdmin):
    """Names and sizes only: the file itself is read through the page that asks who may see it."""

    list_display = ("id", "name", "media_type", "size", "supplier", "uploaded_at")
    list_select_related = ("supplier",)
    exclude = ("file",)
