from __future__ import annotations

from django.db.models import TextChoices


class VerificationDecision(TextChoices):
    VERIFIED = "verified", "Verified"
    RETURNED = "returned", "Returned"
    REJECTED = "rejected", "Rejected"
    CORRECTED = "corrected", "Corrected"
