"""Evidence, claims, and what a decision does to a claim. Each deed posts what it changes to the ledger."""

from procurement.deliveries.services.claims import resubmit_claim, submit_claim, withdraw_claim
from procurement.deliveries.services.decisions import (
    mark_corrected,
    mark_rejected,
    mark_returned,
    mark_verified,
)
from procurement.deliveries.services.evidence import add_evidence, clear_loose_evidence

__all__ = [
    "add_evidence",
    "clear_loose_evidence",
    "mark_corrected",
    "mark_rejected",
    "mark_returned",
    "mark_verified",
    "resubmit_claim",
    "submit_claim",
    "withdraw_claim",
]
