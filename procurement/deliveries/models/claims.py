from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from procurement.deliveries.vocabulary import ClaimStatus


class Claim(models.Model):
    """What a supplier says was delivered for one commitment in one quarter."""

    commitment = models.ForeignKey(
        "procurement.Commitment", on_delete=models.PROTECT, related_name="+"
    )
    contract = models.ForeignKey("procurement.Contract", on_delete=models.PROTECT, related_name="+")
    authority = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    supplier = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    quarter = models.DateField()
    quantity = models.DecimalField(max_digits=14, decimal_places=3)
    """For a rate: the numerator."""
    denominator = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    value_pence = models.BigIntegerField()
    narrative = models.TextField(blank=True)
    postcode_district = models.CharField(max_length=4, blank=True)
    """Where it was delivered: the first half of a postcode, never the whole."""
    status = models.CharField(max_length=10, choices=ClaimStatus.choices)
    submission_key = models.CharField(max_length=64, unique=True)
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    decision_reason = models.TextField(blank=True)
    """Why it was returned or rejected, or why a verified figure was corrected."""
    decided_at = models.DateTimeField(null=True, blank=True)
    upload = models.ForeignKey(
        "procurement.ClaimUpload",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="claims",
    )
    """The file it came in; None when it was entered on a page."""
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-submitted_at", "-id"]
        indexes = [
            models.Index(fields=["authority", "status"], name="claim_queue"),
            models.Index(fields=["commitment", "quarter"], name="claim_commitment"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gte=0), name="claim_quantity_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(denominator__isnull=True) | Q(denominator__gt=0),
                name="claim_denominator_above_zero",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["returned", "rejected"]) & ~Q(decision_reason="")
                | ~Q(status__in=["returned", "rejected"]),
                name="claim_sent_back_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["verified", "rejected"], decided_at__isnull=False)
                | ~Q(status__in=["verified", "rejected"]),
                name="claim_decided_when_dated",
            ),
            models.CheckConstraint(
                condition=Q(quarter__day=1, quarter__month__in=[1, 4, 7, 10]),
                name="claim_on_quarter",
            ),
        ]

    def __str__(self) -> str:
        return f"Claim {self.pk}"


class ClaimDraft(models.Model):
    """What is typed for a commitment in a quarter and not sent yet: as it was typed, so that nothing is lost."""

    commitment = models.ForeignKey(
        "procurement.Commitment", on_delete=models.PROTECT, related_name="+"
    )
    contract = models.ForeignKey("procurement.Contract", on_delete=models.PROTECT, related_name="+")
    supplier = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    quarter = models.DateField()
    quantity = models.CharField(max_length=60, blank=True)
    denominator = models.CharField(max_length=60, blank=True)
    narrative = models.TextField(blank=True)
    postcode_district = models.CharField(max_length=20, blank=True)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["contract", "commitment", "quarter"]
        constraints = [
            models.UniqueConstraint(fields=["commitment", "quarter"], name="claim_draft_once"),
            models.CheckConstraint(
                condition=Q(quarter__day=1, quarter__month__in=[1, 4, 7, 10]),
                name="claim_draft_on_quarter",
            ),
        ]

    def __str__(self) -> str:
        return f"Draft {self.pk}"


class NilReturn(models.Model):
    """The supplier's word that nothing was delivered for a commitment in a quarter. Taken back by a claim."""

    commitment = models.ForeignKey(
        "procurement.Commitment", on_delete=models.PROTECT, related_name="+"
    )
    contract = models.ForeignKey("procurement.Contract", on_delete=models.PROTECT, related_name="+")
    authority = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    supplier = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    quarter = models.DateField()
    reason = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["contract", "quarter", "commitment"]
        constraints = [
            models.UniqueConstraint(fields=["commitment", "quarter"], name="nil_return_once"),
            models.CheckConstraint(
                condition=Q(quarter__day=1, quarter__month__in=[1, 4, 7, 10]),
                name="nil_return_on_quarter",
            ),
        ]

    def __str__(self) -> str:
        return f"Nothing in {self.quarter}"
