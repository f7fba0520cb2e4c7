"""Evaluations to read in the admin. Their rows exist only once the bids are open."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest

from procurement.evaluations.models import (
    Evaluation,
    EvaluationMark,
    EvaluationPanelMember,
    EvaluationResult,
    EvaluationRound,
    EvaluationRuling,
)
from procurement.evaluations.vocabulary import PanelRole
from socialvalue.core.admin import ReadOnlyAdmin


@admin.register(Evaluation)
class EvaluationAdmin(ReadOnlyAdmin):
    list_display = ("id", "tender", "status", "opened_at", "ranked_at")
    list_filter = ("status",)
    list_select_related = ("tender",)


@admin.register(EvaluationMark)
class EvaluationMarkAdmin(ReadOnlyAdmin):
    list_display = ("evaluation", "bid", "question", "mark", "member", "marked_at")
    list_select_related = ("bid", "question", "member__person")

    def get_queryset(self, request: HttpRequest) -> QuerySet[EvaluationMark]:
        """Only once every evaluator has locked: until then nobody reads another's marks, here neither."""
        still_marking = EvaluationPanelMember.objects.filter(
            tender=OuterRef("evaluation__tender"),
            role=PanelRole.EVALUATOR,
            left_at__isnull=True,
            recused_at__isnull=True,
            locked_at__isnull=True,
        )
        return super().get_queryset(request).filter(~Exists(still_marking))


@admin.register(EvaluationResult)
class EvaluationResultAdmin(ReadOnlyAdmin):
    list_display = ("evaluation", "round", "bid", "rank", "total_score", "is_passed")
    list_select_related = ("bid", "round")


@admin.register(EvaluationRound)
class EvaluationRoundAdmin(ReadOnlyAdmin):
    list_display = ("evaluation", "number", "cause", "made_by", "made_at")
    list_select_related = ("made_by",)


@admin.register(EvaluationRuling)
class EvaluationRulingAdmin(ReadOnlyAdmin):
    list_display = ("evaluation", "offer_line", "ruled_by", "ruled_at", "lifted_at")
    list_select_related = ("offer_line", "ruled_by")
