"""KPIs of a contract, and what overseeing costs."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from procurement.remedies.vocabulary import KpiWord


class ContractKpi(models.Model):
    """A key performance indicator of a contract. It may stand on a commitment."""

    contract = models.ForeignKey("procurement.Contract", on_delete=models.PROTECT, related_name="+")
    commitment = models.ForeignKey(
        "procurement.Commitment", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    name = models.CharField(max_length=200)
    target = models.CharField(max_length=300)
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    """No longer rated from then on."""

    class Meta:
        verbose_name = "contract KPI"
        ordering = ["contract", "id"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "name"], name="contract_kpi_once"),
        ]

    def __str__(self) -> str:
        return self.name


class KpiRating(models.Model):
    """How a KPI was met in a year of the contract. A second rating of the year stands beside the first."""

    kpi = models.ForeignKey(ContractKpi, on_delete=models.PROTECT, related_name="ratings")
    year_from = models.DateField()
    """The first day of the year of the contract."""
    year_to = models.DateField()
    rating = models.CharField(max_length=20, choices=KpiWord.choices)
    reason = models.TextField()
    rated_at = models.DateTimeField()
    rated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "KPI rating"
        ordering = ["kpi", "year_from", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(year_to__gte=F("year_from")), name="kpi_year_ends_after_start"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="kpi_rated_with_reason"),
        ]

    def __str__(self) -> str:
        return f"Rating {self.pk}"


class OversightCost(models.Model):
    """What it cost the authority to oversee a contract, or social value as a whole, in a month."""

    authority = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    contract = models.ForeignKey(
        "procurement.Contract", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    """None for what belongs to no one contract."""
    month = models.DateField()
    what = models.CharField(max_length=200)
    hours = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    rate_pence = models.BigIntegerField(null=True, blank=True)
    """Of one hour."""
    cost_pence = models.BigIntegerField()
    submission_key = models.UUIDField(null=True, blank=True, editable=False)
    """Of the form it was recorded with: a form that is sent twice records it once. None before forms had one."""
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-month", "-id"]
        indexes = [models.Index(fields=["authority", "month"], name="oversight_authority")]
        constraints = [
            models.UniqueConstraint(
                fields=["submission_key"],
                condition=Q(submission_key__isnull=False),
                name="oversight_recorded_once",
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="oversight_on_month"),
            models.CheckConstraint(
                condition=Q(cost_pence__gte=0), name="oversight_cost_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(hours__isnull=True, rate_pence__isnull=True)
                | Q(hours__gt=0, rate_pence__gte=0),
                name="oversight_hours_with_rate",
            ),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True, removed_by__isnull=True)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
                name="oversight_removed_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.what
