"""Deciding on claims. A verification is posted to the ledger in the transaction that keeps the decision."""

from procurement.verifications.services.batches import Batch, verify_batch, verify_from_queue
from procurement.verifications.services.decisions import (
    correct_claim,
    reject_claim,
    return_claim,
    verify_claim,
)
from procurement.verifications.services.sampling import draw_samples, set_sampling_rule

__all__ = [
    "Batch",
    "correct_claim",
    "draw_samples",
    "reject_claim",
    "return_claim",
    "set_sampling_rule",
    "verify_batch",
    "verify_claim",
    "verify_from_queue",
]
