from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from procurement.policies.vocabulary import Category, Route, VatBasis
from procurement.procurements.vocabulary import (
    DecisionStage,
    EstimateBasis,
    ImportStatus,
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
    """NULL: not known, so 20 is used."""
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
        ]

    def __str__(self) -> str:
        return self.title


class RouteDecision(models.Model):
    """Why this procurement goes this way. Never changed: a later decision is another row."""

    procurement = models.ForeignKey(Procurement, on_delete=models.PROTECT, related_name="decisions")
    stage = models.CharField(max_length=12, choices=DecisionStage.choices)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    inputs = models.JSONField()
    """Estimate, basis, VAT rate, category, commencement, authority: as text, as they were."""
    policy_version = models.ForeignKey(
        "procurement.PolicyVersion", on_delete=models.PROTECT, related_name="+"
    )
    band = models.ForeignKey("procurement.PolicyBand", on_delete=models.PROTECT, related_name="+")
    threshold = models.ForeignKey(
        "procurement.Threshold", on_delete=models.PROTECT, related_name="+"
    )
    compared_amount = models.DecimalField(max_digits=14, decimal_places=2)
    compared_basis = models.CharField(max_length=4, choices=VatBasis.choices)
    net_amount = models.DecimalField(max_digits=14, decimal_places=2)
    gross_amount = models.DecimalField(max_digits=14, decimal_places=2)
    route = models.CharField(max_length=20, choices=Route.choices)
    weighting_min_percent = models.DecimalField(max_digits=5, decimal_places=2)
    weighting_max_percent = models.DecimalField(max_digits=5, decimal_places=2)
    pass_fail_allowed = models.BooleanField()
    explanation = models.TextField()
    crossed_line = models.BooleanField(default=False)
    """True when the route differs from the decision before it."""

    class Meta:
        ordering = ["procurement", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(explanation=""), name="route_decision_explained"),
        ]

    def __str__(self) -> str:
        return self.explanation


class LightTouchNote(models.Model):
    """Under the first line: what was considered while quotations were taken. Finished once, then fixed."""

    procurement = models.OneToOneField(
        Procurement, on_delete=models.PROTECT, related_name="light_touch_note"
    )
    considered = models.TextField()
    """What social value was considered, in the officer's words."""
    objectives = models.JSONField(default=list)
    quotations_sought = models.PositiveSmallIntegerField()
    local_quotations = models.PositiveSmallIntegerField()
    chosen_supplier = models.CharField(max_length=200)
    chosen_value = models.DecimalField(max_digits=14, decimal_places=2)
    is_local_or_sme = models.BooleanField(null=True, blank=True)
    agreed = models.TextField(blank=True)
    """What the chosen supplier will do, if anything."""
    finished_at = models.DateTimeField()
    finished_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(chosen_value__gte=0), name="light_touch_value_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(local_quotations__lte=F("quotations_sought")),
                name="light_touch_local_within_all",
            ),
        ]

    def __str__(self) -> str:
        return f"Light-touch note for {self.procurement}"


class NoticeImport(models.Model):
    """One file of published notices: previewed, then applied. Counts add up to what was read."""

    authority = models.ForeignKey(
        "accounts.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    file_name = models.CharField(max_length=200)
    file_hash = models.CharField(max_length=64)
    content = models.TextField()
    status = models.CharField(max_length=10, choices=ImportStatus.choices)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    uploaded_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)
    outcome = models.JSONField(default=dict)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="previewed", applied_at__isnull=True)
                | Q(status="applied", applied_at__isnull=False),
                name="notice_import_applied_when_dated",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name
