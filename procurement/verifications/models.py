from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from procurement.verifications.vocabulary import VerificationDecision


class Verification(models.Model):
    """One decision on a claim, by somebody of another organisation than the claimant's. Never changed."""

    claim = models.ForeignKey("procurement.Claim", on_delete=models.PROTECT, related_name="+")
    decision = models.CharField(max_length=10, choices=VerificationDecision.choices)
    quantity = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    """What is accepted: set if and only if verified or corrected."""
    reason = models.TextField(blank=True)
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
