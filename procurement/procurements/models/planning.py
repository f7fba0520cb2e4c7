from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from procurement.policies.vocabulary import Category
from procurement.procurements.models.records import Procurement
from procurement.procurements.vocabulary import EstimateBasis, PlanStage
from socialvalue.core.files import new_key


class PlannedProcurement(models.Model):
    """What an authority expects to buy. It has no route until it is started, when it becomes a procurement."""

    authority = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    title = models.CharField(max_length=300)
    description = models.TextField(blank=True)
    directorate = models.CharField(max_length=120, blank=True)
    category = models.CharField(max_length=20, choices=Category.choices)
    cpv = models.CharField(max_length=10, blank=True)
    estimate = models.DecimalField(max_digits=14, decimal_places=2)
    estimate_basis = models.CharField(max_length=4, choices=EstimateBasis.choices)
    vat_rate_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    notice_expected_on = models.DateField()
    """When the tender notice is expected."""
    starts_expected_on = models.DateField()
    ends_expected_on = models.DateField(null=True, blank=True)
    suits_sme = models.BooleanField(default=False)
    suits_vcse = models.BooleanField(default=False)
    status = models.CharField(max_length=10, choices=PlanStage.choices, default=PlanStage.PLANNED)
    procurement = models.OneToOneField(
        Procurement, on_delete=models.PROTECT, null=True, blank=True, related_name="plan"
    )
    dropped_reason = models.TextField(blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    submission_key = models.CharField(max_length=64, unique=True, default=new_key)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    is_demonstration = models.BooleanField(default=False)

    class Meta:
        ordering = ["notice_expected_on", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(estimate__gt=0), name="planned_estimate_above_zero"),
            models.CheckConstraint(
                condition=Q(ends_expected_on__isnull=True)
                | Q(ends_expected_on__gte=F("starts_expected_on")),
                name="planned_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(starts_expected_on__gte=F("notice_expected_on")),
                name="planned_starts_after_notice",
            ),
            models.CheckConstraint(
                condition=Q(status="started", procurement__isnull=False)
                | ~Q(status="started") & Q(procurement__isnull=True),
                name="planned_started_as_a_procurement",
            ),
            models.CheckConstraint(
                condition=Q(status="dropped") & ~Q(dropped_reason="")
                | ~Q(status="dropped") & Q(dropped_reason=""),
                name="planned_dropped_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class YearlySpend(models.Model):
    """What an authority expects to pay under its contracts in a financial year: it decides about pipeline notices."""

    authority = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    year_starts_on = models.DateField()
    amount = models.DecimalField(max_digits=16, decimal_places=2)
    source = models.CharField(max_length=300)
    pipeline_published_on = models.DateField(null=True, blank=True)
    """The day the pipeline notice of the year was published."""
    pipeline_reference = models.CharField(max_length=300, blank=True, default="")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["authority", "-year_starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "year_starts_on"], name="yearly_spend_once"
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="yearly_spend_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.authority}, year from {self.year_starts_on}"
