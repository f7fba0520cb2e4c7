from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from procurement.deliveries.vocabulary import ClaimStatus
from socialvalue.core.files import evidence_path


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
    narrative = models.TextField()
    status = models.CharField(max_length=10, choices=ClaimStatus.choices)
    submission_key = models.CharField(max_length=64, unique=True)
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    decision_reason = models.TextField(blank=True)
    """Why it was returned or rejected, or why a verified figure was corrected."""
    decided_at = models.DateTimeField(null=True, blank=True)
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


class Evidence(models.Model):
    """A file that shows a delivery. Uploaded first, attached by id, so that a form error never loses it."""

    supplier = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    contract = models.ForeignKey("procurement.Contract", on_delete=models.PROTECT, related_name="+")
    claim = models.ForeignKey(
        Claim, on_delete=models.PROTECT, null=True, blank=True, related_name="evidence"
    )
    file = models.FileField(upload_to=evidence_path)
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name_plural = "evidence"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name
