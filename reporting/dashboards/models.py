from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class RegionTarget(models.Model):
    """How much of a figure, or of a regional measure, a region means to have verified in a financial year.

    A row is never changed but to end it: a target that changes is ended and another one set, so rows are the history.
    """

    region = models.ForeignKey("accounts.Region", on_delete=models.PROTECT, related_name="+")
    figure = models.CharField(max_length=60, blank=True)
    """The name of a figure of the glossary; empty for a target of a measure."""
    measure = models.ForeignKey(
        "toms.Measure", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    financial_year = models.CharField(max_length=7)
    """Like 2026-27."""
    amount = models.DecimalField(max_digits=16, decimal_places=3)
    """In the unit of the figure, pounds for money, or of the measure."""
    reason = models.CharField(max_length=300, blank=True)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["region", "financial_year", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(figure="", measure__isnull=False)
                | (~Q(figure="") & Q(measure__isnull=True)),
                name="region_target_of_figure_or_measure",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="region_target_above_nought"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="region_target_ended_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["region", "financial_year", "figure"],
                condition=Q(ended_at__isnull=True, measure__isnull=True),
                name="region_target_of_figure_once",
            ),
            models.UniqueConstraint(
                fields=["region", "financial_year", "measure"],
                condition=Q(ended_at__isnull=True, measure__isnull=False),
                name="region_target_of_measure_once",
            ),
        ]

    def __str__(self) -> str:
        return f"Target {self.pk}"
