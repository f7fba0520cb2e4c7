from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from procurement.policies.vocabulary import Category
from procurement.procurements.vocabulary import (
    EstimateBasis,
    ProcurementSource,
    ProcurementStatus,
)
from socialvalue.core.files import new_key


class Procurement(models.Model):
    """What an authority means to buy. One row, carried through every stage."""

    authority = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    reference = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=300)
    description = models.TextField(blank=True)
    directorate = models.CharField(max_length=120, blank=True)
    category = models.CharField(max_length=20, choices=Category.choices)
    cpv = models.CharField(max_length=10, blank=True)
    estimate = models.DecimalField(max_digits=14, decimal_places=2)
    """Whole life, including extensions and options, in pounds on ``estimate_basis``."""
    estimate_basis = models.CharField(max_length=4, choices=EstimateBasis.choices)
    vat_rate_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    """NULL: not known, so 20 is used (or mixed, when ``estimate_other`` is given)."""
    estimate_other = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    """The estimate on the other VAT basis, where several VAT rates apply and no one rate turns one into the other."""
    estimate_initial = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    estimate_extensions = models.DecimalField(
        max_digits=14, decimal_places=2, null=True, blank=True
    )
    estimate_options = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    """How the estimate is made up, on its own VAT basis: initial term, extensions, options. All or none."""
    is_utilities = models.BooleanField(default=False)
    """Bought for a utility activity (for example trams or a heat network), which has lines of law of its own."""
    commenced_on = models.DateField()
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    status = models.CharField(
        max_length=12, choices=ProcurementStatus.choices, default=ProcurementStatus.DRAFT
    )
    source = models.CharField(
        max_length=10, choices=ProcurementSource.choices, default=ProcurementSource.ENTERED
    )
    ocid = models.CharField(max_length=120, null=True, blank=True, unique=True)
    notice_hash = models.CharField(max_length=64, blank=True)
    award_value = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    award_basis = models.CharField(max_length=4, choices=EstimateBasis.choices, blank=True)
    awarded_on = models.DateField(null=True, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    submission_key = models.CharField(max_length=64, unique=True, default=new_key)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    is_demonstration = models.BooleanField(default=False)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["authority", "status"], name="procurement_authority_status"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(estimate__gte=0), name="procurement_estimate_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True)
                | Q(starts_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
                name="procurement_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(vat_rate_percent__isnull=True)
                | Q(vat_rate_percent__gte=0, vat_rate_percent__lte=100),
                name="procurement_vat_rate_in_range",
            ),
            models.CheckConstraint(
                condition=Q(estimate_other__isnull=True)
                | Q(estimate_other__gte=0, vat_rate_percent__isnull=True),
                name="procurement_mixed_vat_has_no_rate",
            ),
            models.CheckConstraint(
                condition=Q(
                    estimate_initial__isnull=True,
                    estimate_extensions__isnull=True,
                    estimate_options__isnull=True,
                )
                | Q(
                    estimate_initial__gte=0,
                    estimate_extensions__gte=0,
                    estimate_options__gte=0,
                    estimate=F("estimate_initial")
                    + F("estimate_extensions")
                    + F("estimate_options"),
                ),
                name="procurement_estimate_parts_add_up",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ProcurementLot(models.Model):
    """A part that may be awarded on its own. All lots add up to the estimate, on its VAT basis."""

    procurement = models.ForeignKey(Procurement, on_delete=models.PROTECT, related_name="lots")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    estimate = models.DecimalField(max_digits=14, decimal_places=2)
    tendered_as = models.OneToOneField(
        Procurement, on_delete=models.PROTECT, null=True, blank=True, related_name="lot"
    )
    """The procurement this lot is tendered as, by itself; None until the whole is tendered in lots."""

    class Meta:
        ordering = ["procurement", "number"]
        constraints = [
            models.UniqueConstraint(fields=["procurement", "number"], name="procurement_lot_once"),
            models.CheckConstraint(condition=Q(estimate__gt=0), name="procurement_lot_above_zero"),
        ]

    def __str__(self) -> str:
        return f"Lot {self.number}: {self.title}"


class ProcurementPart(models.Model):
    """Of a mixed contract: how much of the estimate is goods, services, works … on the estimate's VAT basis."""

    procurement = models.ForeignKey(Procurement, on_delete=models.PROTECT, related_name="parts")
    category = models.CharField(max_length=20, choices=Category.choices)
    amount = models.DecimalField(max_digits=14, decimal_places=2)

    class Meta:
        ordering = ["procurement", "category"]
        constraints = [
            models.UniqueConstraint(
                fields=["procurement", "category"], name="procurement_part_once"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="procurement_part_above_zero"),
        ]

    def __str__(self) -> str:
        return self.get_category_display()
