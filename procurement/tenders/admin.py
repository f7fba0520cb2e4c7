"""Tenders to read in the admin. Their keys are not registered, nor is anything of the bids room: it is sealed."""

from __future__ import annotations

from django.contrib import admin

from procurement.tenders.models import (
    Tender,
    TenderApproval,
    TenderInvitation,
    TenderQuestion,
    TenderRequirement,
)
from socialvalue.core.admin import ReadOnlyAdmin


@admin.register(Tender)
class TenderAdmin(ReadOnlyAdmin):
    list_display = ("id", "authority", "status", "deadline_at", "published_at")
    list_filter = ("status",)
    list_select_related = ("authority",)


@admin.register(TenderRequirement)
class TenderRequirementAdmin(ReadOnlyAdmin):
    list_display = ("tender", "measure", "is_mandatory", "minimum_quantity")
    list_select_related = ("measure",)


@admin.register(TenderQuestion)
class TenderQuestionAdmin(ReadOnlyAdmin):
    list_display = ("tender", "text", "weight_percent")


@admin.register(TenderInvitation)
class TenderInvitationAdmin(ReadOnlyAdmin):
    list_display = ("tender", "supplier", "invited_at")
    list_select_related = ("supplier",)


@admin.register(TenderApproval)
class TenderApprovalAdmin(ReadOnlyAdmin):
    list_display = ("tender", "rule", "given_by", "given_at")
    list_select_related = ("rule", "given_by")
