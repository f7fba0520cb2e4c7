from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from procurement.policies.vocabulary import (
    ImportStatus,
    MeasureRuleKind,
    PolicyStatus,
    Route,
    ShareOf,
    VatBasis,
)
from socialvalue.accounts.vocabulary import Role


class Threshold(models.Model):
    """One dated line of law. A procurement is held against the row in force when it commenced."""

    regime = models.CharField(max_length=20)
    category = models.CharField(max_length=40)
    authority_type = models.CharField(max_length=30)
    vat_basis = models.CharField(max_length=4, choices=VatBasis.choices)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    effective_from = models.DateField()
    effective_to = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=500)
    certainty = models.CharField(max_length=100)

    class Meta:
        ordering = ["effective_from", "regime", "category", "authority_type"]
        constraints = [
            models.UniqueConstraint(
                fields=["regime", "category", "authority_type", "effective_from"],
                name="threshold_once",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="threshold_above_zero"),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True) | Q(effective_to__gte=F("effective_from")),
                name="threshold_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.regime} {self.category} from {self.effective_from}"


class Policy(models.Model):
    """An organisation's social value policy. The regional default serves members without bands of their own."""

    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=200)
    is_regional_default = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "policies"
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class PolicyVersion(models.Model):
    """A policy as it stood from a day to a day (both counted). Adopted versions do not change."""

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    status = models.CharField(
        max_length=10, choices=PolicyStatus.choices, default=PolicyStatus.DRAFT
    )
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    review_on = models.DateField(null=True, blank=True)
    adopted_at = models.DateTimeField(null=True, blank=True)
    inherits = models.ForeignKey(
        Policy, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    """The policy whose bands apply when this version states none of its own."""
    vat_basis = models.CharField(max_length=4, choices=VatBasis.choices, default=VatBasis.EXCL)
    """Of edges given as an amount. A statutory threshold brings its own basis."""
    weighting_min_percent = models.DecimalField(max_digits=5, decimal_places=2)
    weighting_max_percent = models.DecimalField(max_digits=5, decimal_places=2)
    pass_fail_allowed = models.BooleanField(default=True)
    share_of = models.CharField(max_length=10, choices=ShareOf.choices, default=ShareOf.TOTAL)
    """What the weighting is a share of."""
    weighting_paragraph = models.CharField(max_length=100, blank=True, default="")
    toolkit = models.TextField(blank=True, default="")
    """For the light-touch route: one question to ask or thing to do a line."""
    source = models.CharField(max_length=300)
    notes = models.TextField(blank=True)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    proposed_at = models.DateTimeField(null=True, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    adopted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    """NULL when the platform loaded it from a file."""
    lock = models.PositiveIntegerField(default=1)
    """Grows with every save of the draft: two people saving at once."""

    class Meta:
        ordering = ["policy", "-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["policy", "number"], name="policy_version_once"),
            models.CheckConstraint(
                condition=Q(
                    weighting_min_percent__gte=0,
                    weighting_max_percent__lte=100,
                    weighting_max_percent__gte=F("weighting_min_percent"),
                ),
                name="policy_weighting_in_order",
            ),
            models.CheckConstraint(
                condition=Q(status="draft", adopted_at__isnull=True)
                | Q(status="proposed", adopted_at__isnull=True, proposed_at__isnull=False)
                | Q(status="adopted", adopted_at__isnull=False),
                name="policy_adopted_when_dated",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="policy_version_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(adopted_by__isnull=True)
                | Q(proposed_by__isnull=False) & ~Q(adopted_by=F("proposed_by")),
                name="policy_adopted_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy}, version {self.number}"


class PolicyBand(models.Model):
    """From a lower edge (inclusive) to an upper edge (exclusive): which route, and what to do."""

    version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="bands")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=100)
    lower = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    lower_is_threshold = models.BooleanField(default=False)
    upper = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    upper_is_threshold = models.BooleanField(default=False)
    route = models.CharField(max_length=20, choices=Route.choices)
    paragraph = models.CharField(max_length=100)
    guidance = models.TextField()

    class Meta:
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="policy_band_once"),
            models.CheckConstraint(
                condition=Q(lower_is_threshold=True, lower__isnull=True)
                | Q(lower_is_threshold=False, lower__gte=0),
                name="policy_band_lower_edge",
            ),
            models.CheckConstraint(
                condition=Q(upper_is_threshold=True, upper__isnull=True)
                | Q(upper_is_threshold=False, upper__isnull=True)
                | Q(upper_is_threshold=False, upper__gt=0),
                name="policy_band_upper_edge",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PolicyMeasureRule(models.Model):
    """A cap or a must-have: how many measures, of which theme or codes, from which value on."""

    version = models.ForeignKey(
        PolicyVersion, on_delete=models.PROTECT, related_name="measure_rules"
    )
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=MeasureRuleKind.choices)
    number = models.PositiveSmallIntegerField()
    theme_slug = models.SlugField(max_length=80, blank=True)
    """Empty: measures of any theme."""
    measure_codes = models.CharField(max_length=300, blank=True)
    """Codes with commas between them; empty: any measure of the theme."""
    from_value = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    """Holds at or above this estimate, on the policy's VAT basis. NULL: always."""
    paragraph = models.CharField(max_length=100)

    class Meta:
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "position"], name="policy_measure_rule_once"
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1, number__lte=50), name="policy_measure_rule_number"
            ),
            models.CheckConstraint(
                condition=Q(from_value__isnull=True) | Q(from_value__gt=0),
                name="policy_measure_rule_from_above_zero",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"


class PolicyApproval(models.Model):
    """Whose approval a tender needs before it is published, from which value or on which route."""

    version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="approvals")
    position = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=30, choices=Role.choices)
    route = models.CharField(max_length=20, choices=Route.choices, blank=True)
    """Empty: every route that has a tender."""
    from_value = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    """Needed at or above this estimate, on the policy's VAT basis. NULL: always."""
    paragraph = models.CharField(max_length=100)

    class Meta:
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="policy_approval_once"),
            models.CheckConstraint(
                condition=Q(from_value__isnull=True) | Q(from_value__gt=0),
                name="policy_approval_from_above_zero",
            ),
        ]

    def __str__(self) -> str:
        return f"Approval by {self.get_role_display()}"


class ThresholdImport(models.Model):
    """One file of thresholds: previewed, then applied. The law is everybody's, so nobody owns it."""

    file_name = models.CharField(max_length=200)
    file_hash = models.CharField(max_length=64)
    content = models.TextField()
    status = models.CharField(max_length=10, choices=ImportStatus.choices)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    uploaded_at = models.DateTimeField()
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    applied_at = models.DateTimeField(null=True, blank=True)
    outcome = models.JSONField(default=dict)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="previewed", applied_at__isnull=True)
                | Q(status="applied", applied_at__isnull=False),
                name="threshold_import_applied_when_dated",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name
