from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from procurement.verifications.vocabulary import Sampled, VerificationDecision


class Verification(models.Model):
    """One decision on a claim, by somebody of another organisation than the claimant's. Never changed."""

    claim = models.ForeignKey("procurement.Claim", on_delete=models.PROTECT, related_name="+")
    decision = models.CharField(max_length=10, choices=VerificationDecision.choices)
    quantity = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    """What is accepted: set if and only if verified or corrected."""
    reason = models.TextField(blank=True)
    sampled = models.CharField(
        max_length=10, choices=Sampled.choices, blank=True, default=Sampled.UNSAID
    )
    """How the claim came to be looked into."""
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    claimant_organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    claimant = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["claim"],
                condition=Q(decision__in=["verified", "rejected"]),
                name="verification_decided_once",
            ),
            models.CheckConstraint(
                condition=~Q(organisation=F("claimant_organisation")),
                name="verification_by_another_organisation",
            ),
            models.CheckConstraint(
                condition=~Q(decided_by=F("claimant")), name="verification_by_another_person"
            ),
            models.CheckConstraint(
                condition=Q(decision="verified") | ~Q(reason=""),
                name="verification_sent_back_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(decision__in=["verified", "corrected"], quantity__gte=0)
                | Q(decision__in=["returned", "rejected"], quantity__isnull=True),
                name="verification_quantity_if_accepted",
            ),
        ]

    def __str__(self) -> str:
        return f"Verification {self.pk}"


class SamplingRule(models.Model):
    """Which claims an authority looks into in full, from a day on. Never changed: a newer rule takes its place."""

    authority = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    from_date = models.DateField()
    always_above_pence = models.BigIntegerField()
    """Claims of this value or more are always looked into; so is every claim without a value."""
    share_percent = models.DecimalField(max_digits=5, decimal_places=2)
    """Of the others, the share that is drawn."""
    reason = models.CharField(max_length=500)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["authority", "from_date"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "from_date"], name="sampling_rule_once"),
            models.CheckConstraint(
                condition=Q(always_above_pence__gte=0), name="sampling_above_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(share_percent__gte=0, share_percent__lte=100),
                name="sampling_share_in_range",
            ),
        ]

    def __str__(self) -> str:
        return f"Sampling from {self.from_date}"


class SampleSeed(models.Model):
    """The number a quarter's sample is drawn with, kept so that anybody can draw it again. Never changed."""

    authority = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    quarter = models.DateField()
    seed = models.CharField(max_length=64)
    drawn_at = models.DateTimeField()

    class Meta:
        ordering = ["authority", "quarter"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "quarter"], name="sample_seed_once"),
        ]

    def __str__(self) -> str:
        return f"Seed of {self.quarter}"
