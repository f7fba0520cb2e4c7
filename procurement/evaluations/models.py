from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from procurement.evaluations.vocabulary import EvaluationStatus


class Evaluation(models.Model):
    """The marking of one tender's bids, from opening to a ranking."""

    tender = models.OneToOneField("procurement.Tender", on_delete=models.PROTECT, related_name="+")
    status = models.CharField(
        max_length=10, choices=EvaluationStatus.choices, default=EvaluationStatus.OPEN
    )
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    ranked_at = models.DateTimeField(null=True, blank=True)
    ranked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status="open", ranked_at__isnull=True)
                | Q(status="ranked", ranked_at__isnull=False),
                name="evaluation_ranked_when_dated",
            ),
        ]

    def __str__(self) -> str:
        return f"Evaluation {self.pk}"


class EvaluationMark(models.Model):
    """The mark, 0 to 5, for one answer, with its reason."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="marks")
    bid = models.ForeignKey("procurement.Bid", on_delete=models.PROTECT, related_name="+")
    question = models.ForeignKey(
        "procurement.TenderQuestion", on_delete=models.PROTECT, related_name="+"
    )
    mark = models.PositiveSmallIntegerField()
    rationale = models.TextField()
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    marked_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["evaluation", "bid", "question"]
        constraints = [
            models.UniqueConstraint(
                fields=["evaluation", "bid", "question"], name="evaluation_mark_once"
            ),
            models.CheckConstraint(condition=Q(mark__lte=5), name="evaluation_mark_0_to_5"),
            models.CheckConstraint(condition=~Q(rationale=""), name="evaluation_mark_with_reason"),
        ]

    def __str__(self) -> str:
        return f"Mark {self.mark}"


class EvaluationResult(models.Model):
    """One bid's scores as ranked. Written together, replaced together while the tender is not awarded."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="results")
    bid = models.ForeignKey("procurement.Bid", on_delete=models.PROTECT, related_name="+")
    social_value_pence = models.BigIntegerField()
    quantitative_score = models.DecimalField(max_digits=9, decimal_places=6)
    qualitative_score = models.DecimalField(max_digits=9, decimal_places=6)
    total_score = models.DecimalField(max_digits=9, decimal_places=6)
    """Points out of 100 of the social value part."""
    is_passed = models.BooleanField()
    reason = models.CharField(max_length=500, blank=True)
    rank = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["evaluation", "rank", "bid"]
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "bid"], name="evaluation_result_once"),
            models.CheckConstraint(
                condition=Q(is_passed=True, rank__isnull=False)
                | Q(is_passed=False, rank__isnull=True) & ~Q(reason=""),
                name="evaluation_ranked_if_passed",
            ),
        ]

    def __str__(self) -> str:
        return f"Result {self.pk}"
