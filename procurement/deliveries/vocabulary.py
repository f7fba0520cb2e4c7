from __future__ import annotations

from django.db.models import TextChoices


class ClaimStatus(TextChoices):
    SUBMITTED = "submitted", "Waiting for verification"
    RETURNED = "returned", "Returned to the supplier"
    VERIFIED = "verified", "Verified"
    REJECTED = "rejected", "Rejected"
    WITHDRAWN = "withdrawn", "Withdrawn"


class ScanResult(TextChoices):
    """What a scanner said of a file. A file in which something was found is never kept."""

    NOT_SCANNED = "not_scanned", "Not scanned for viruses"
    CLEAN = "clean", "Scanned, nothing found"


class ConfirmationAnswer(TextChoices):
    """What the group that benefited says."""

    WAITING = "waiting", "Waiting for an answer"
    CONFIRMED = "confirmed", "Confirmed"
    DISPUTED = "disputed", "Not as claimed"
    CANCELLED = "cancelled", "Cancelled"


class ConfirmationState(TextChoices):
    """What a link to a confirmation can still do."""

    OPEN = "open", "Waiting for an answer"
    ANSWERED = "answered", "Answered"
    CANCELLED = "cancelled", "Cancelled"
    EXPIRED = "expired", "Expired without an answer"
    CHANGED = "changed", "The claim changed before an answer"


class UploadStatus(TextChoices):
    CHECKING = "checking", "Being checked"
    FAULTY = "faulty", "Has rows to mend"
    READY = "ready", "Ready to send"
    POSTING = "posting", "Being sent"
    POSTED = "posted", "Sent"
    UNDOING = "undoing", "Being undone"
    UNDONE = "undone", "Undone"
    DROPPED = "dropped", "Dropped"
    FAILED = "failed", "Stopped"


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
    EVIDENCE_EXPIRED = "evidence_expired", "Evidence removed at the end of its time"
    CLAIM_SUBMITTED = "claim_submitted", "Delivery claimed"
    CLAIM_RESUBMITTED = "claim_resubmitted", "Claim sent again"
    CLAIM_WITHDRAWN = "claim_withdrawn", "Claim withdrawn"
    CLAIM_VERIFIED = "claim_verified", "Claim verified"
    CLAIM_RETURNED = "claim_returned", "Claim returned"
    CLAIM_REJECTED = "claim_rejected", "Claim rejected"
    CLAIM_CORRECTED = "claim_corrected", "Verified claim corrected"
    CLAIM_DRAFTED = "claim_drafted", "Claim drafted"
    NIL_REPORTED = "nil_reported", "Nothing reported for a period"
    NIL_TAKEN_BACK = "nil_taken_back", "Report of nothing taken back"
    DELEGATED = "commitment_delegated", "Commitment passed on"
    DELEGATION_ENDED = "delegation_ended", "Passing on ended"
    HANDED_IN = "figures_handed_in", "Figures handed in"
    DELIVERY_SHARED = "delivery_shared", "Shared delivery recorded"
    DELIVERY_ALLOCATED = "delivery_allocated", "Delivery allocated"
    DELIVERY_RELEASED = "delivery_released", "Allocation released"
    CONFIRMATION_ASKED = "confirmation_asked", "Confirmation asked for"
    CONFIRMATION_ANSWERED = "confirmation_answered", "Confirmation answered"
    CONFIRMATION_CANCELLED = "confirmation_cancelled", "Confirmation cancelled"
    CLAIMS_UPLOADED = "claims_uploaded", "Claims uploaded"
    UPLOAD_POSTED = "upload_posted", "Uploaded claims sent"
    UPLOAD_UNDONE = "upload_undone", "Uploaded claims undone"
    UPLOAD_DROPPED = "upload_dropped", "Uploaded claims dropped"
