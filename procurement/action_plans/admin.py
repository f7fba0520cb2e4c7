"""Action plans to read in the admin."""

from __future__ import annotations

from django.contrib import admin

from procurement.action_plans.models import ActionPlan, Milestone
from socialvalue.core.admin import ReadOnlyAdmin


@admin.register(ActionPlan)
class ActionPlanAdmin(ReadOnlyAdmin):
    list_display = ("contract", "status", "version", "agreed_at")
    list_filter = ("status",)
    list_select_related = ("contract",)


@admin.register(Milestone)
class MilestoneAdmin(ReadOnlyAdmin):
    list_display = ("plan", "commitment", "quarter", "due_on", "quantity")
    list_select_related = ("plan", "commitment")
