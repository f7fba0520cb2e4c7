"""Shortfalls, remedies, requests, KPIs and costs to read in the admin."""

from __future__ import annotations

from django.contrib import admin

from procurement.remedies.models import (
    ChangeRequest,
    ContractKpi,
    OversightCost,
    RemedyDecision,
    RemedyTerms,
    Shortfall,
)
from socialvalue.core.admin import ReadOnlyAdmin


@admin.register(RemedyTerms)
class RemedyTermsAdmin(ReadOnlyAdmin):
    list_display = ("contract", "substitution", "service_credit", "community_fund", "termination")
    list_select_related = ("contract",)


@admin.register(Shortfall)
class ShortfallAdmin(ReadOnlyAdmin):
    list_display = ("contract", "commitment", "as_at", "gap", "status", "raised_by")
    list_filter = ("status",)
    list_select_related = ("contract", "commitment", "raised_by")


@admin.register(RemedyDecision)
class RemedyDecisionAdmin(ReadOnlyAdmin):
    list_display = ("shortfall", "kind", "status", "proposed_by", "decided_by")
    list_filter = ("kind", "status")
    list_select_related = ("shortfall", "proposed_by", "decided_by")


@admin.register(ChangeRequest)
class ChangeRequestAdmin(ReadOnlyAdmin):
    list_display = ("contract", "kind", "status", "asking", "asked_at")
    list_filter = ("kind", "status")
    list_select_related = ("contract", "asking")


@admin.register(ContractKpi)
class ContractKpiAdmin(ReadOnlyAdmin):
    list_display = ("contract", "name", "target", "ended_at")
    list_select_related = ("contract",)


@admin.register(OversightCost)
class OversightCostAdmin(ReadOnlyAdmin):
    list_display = ("authority", "contract", "month", "what", "cost_pence", "removed_at")
    list_select_related = ("authority", "contract")
