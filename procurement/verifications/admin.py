from __future__ import annotations

from django.contrib import admin

from procurement.verifications.models import SampleSeed, SamplingRule, Verification
from socialvalue.core.admin import ReadOnlyAdmin


@admin.register(Verification)
class VerificationAdmin(ReadOnlyAdmin):
    list_display = ("id", "claim", "decision", "quantity", "organisation", "decided_at")
    list_filter = ("decision",)
    list_select_related = ("claim", "organisation")


@admin.register(SamplingRule)
class SamplingRuleAdmin(ReadOnlyAdmin):
    list_display = ("id", "authority", "from_date", "always_above_pence", "share_percent")
    list_select_related = ("authority",)


@admin.register(SampleSeed)
class SampleSeedAdmin(ReadOnlyAdmin):
    list_display = ("id", "authority", "quarter", "drawn_at")
    list_select_related = ("authority",)
