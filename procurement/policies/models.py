from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from procurement.policies.vocabulary import PolicyStatus, Route, VatBasis


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
    source = models.CharField(max_length=300)
    notes = models.TextField(blank=True)

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
                | Q(status="adopted", adopted_at__isnull=False),
                name="policy_adopted_when_dated",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="policy_version_ends_after_start",
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
