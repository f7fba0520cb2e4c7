"""Evaluations to read in the admin. Their rows exist only once the bids are open."""

from __future__ import annotations

from django.contrib import admin

from procurement.evaluations.models import Evaluation, EvaluationMark, EvaluationResult
from socialvalue.core.admin import ReadOnlyAdmin


@admin.register(Evaluation)
class EvaluationAdmin(ReadOnlyAdmin):
    list_display = ("id", "tender", "status", "opened_at", "ranked_at")
    list_filter = ("status",)
    list_select_related = ("tender",)


@admin.register(EvaluationMark)
class EvaluationMarkAdmin(ReadOnlyAdmin):
    list_display = ("evaluation", "bid", "question", "mark", "marked_by", "marked_at")
    list_select_related = ("bid", "question", "marked_by")


@admin.register(EvaluationResult)
class EvaluationResultAdmin(ReadOnlyAdmin):
    list_display = ("evaluation", "bid", "rank", "total_score", "is_passed")
    list_select_related = ("bid",)
