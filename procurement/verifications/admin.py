from __future__ import annotations

from django.contrib import admin

from procurement.verifications.models import Verification
from socialvalue.core.admin import ReadOnlyAdmin


@admin.register(Verification)
class VerificationAdmin(ReadOnlyAdmin):
    list_display = ("id", "claim", "decision", "quantity", "organisation", "decided_at")
    list_filter = ("decision",)
    list_select_related = ("claim", "organisation")
