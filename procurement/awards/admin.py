"""Proposals, awards, contracts and commitments to read in the admin."""

from __future__ import annotations

from django.contrib import admin

from procurement.awards.models import (
    Award,
    AwardProposal,
    AwardStandstill,
    Commitment,
    Contract,
)
from socialvalue.core.admin import ReadOnlyAdmin


@admin.register(AwardProposal)
class AwardProposalAdmin(ReadOnlyAdmin):
    list_display = ("procurement", "status", "proposed_by", "proposed_at", "decided_by")
    list_filter = ("status",)
    list_select_related = ("procurement", "proposed_by", "decided_by")


@admin.register(AwardStandstill)
class AwardStandstillAdmin(ReadOnlyAdmin):
    list_display = ("award", "notice_on", "ends_on", "recorded_by")
    list_select_related = ("award", "recorded_by")


@admin.register(Award)
class AwardAdmin(ReadOnlyAdmin):
    list_display = ("procurement", "supplier", "decided_at", "decided_by")
    list_select_related = ("procurement", "supplier", "decided_by")


@admin.register(Contract)
class ContractAdmin(ReadOnlyAdmin):
    list_display = ("reference", "title", "authority", "supplier", "value", "status")
    list_filter = ("status",)
    search_fields = ("reference", "title")
    list_select_related = ("authority", "supplier")


@admin.register(Commitment)
class CommitmentAdmin(ReadOnlyAdmin):
    list_display = ("contract", "measure", "quantity", "unit_value", "value_pence")
    list_select_related = ("contract", "measure")
