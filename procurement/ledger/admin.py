from __future__ import annotations

from django.contrib import admin

from procurement.ledger.models import LedgerEntry
from socialvalue.core.admin import ReadOnlyAdmin


@admin.register(LedgerEntry)
class LedgerEntryAdmin(ReadOnlyAdmin):
    list_display = (
        "id",
        "basis",
        "authority",
        "measure",
        "period",
        "quantity",
        "value_pence",
        "posted_at",
    )
    list_filter = ("basis",)
    list_select_related = ("authority", "measure")
    search_fields = ("posting_key", "contract__reference")
