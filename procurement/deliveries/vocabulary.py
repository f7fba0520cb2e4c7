from __future__ import annotations

from django.db.models import TextChoices


class ClaimStatus(TextChoices):
    SUBMITTED = "submitted", "Waiting for verification"
    RETURNED = "returned", "Returned to the supplier"
    VERIFIED = "verified", "Verified"
    REJECTED = "rejected", "Rejected"
    WITHDRAWN = "withdrawn", "Withdrawn"


class InboxShow(TextChoices):
    """Which part of the supplier's inbox is looked at."""

    NOW = "now", "To claim now"
    SHORT = "short", "Less than promised"
    WAITING = "waiting", "Claimed, waiting"
    ALL = "all", "Everything"


COUNTED_AS_CLAIMED = (ClaimStatus.SUBMITTED, ClaimStatus.VERIFIED)


class DeliveryDeed(TextChoices):
    EVIDENCE_ADDED = "evidence_added", "Evidence added"
    EVIDENCE_REMOVED = "evidence_removed", "Unused evidence removed"
    CLAIM_SUBMITTED = "claim_submitted", "Delivery claimed"
    CLAIM_RESUBMITTED = "claim_resubmitted", "Claim sent again"
    CLAIM_WITHDRAWN = "claim_withdrawn", "Claim withdrawn"
    CLAIM_VERIFIED = "claim_verified", "Claim verified"
    CLAIM_RETURNED = "claim_returned", "Claim returned"
    CLAIM_REJECTED = "claim_rejected", "Claim rejected"
    CLAIM_CORRECTED = "claim_corrected", "Verified claim corrected"
