"""Evidence, claims, and what a decision does to a claim. Each deed posts what it changes to the ledger."""

from procurement.deliveries.services.claims import (
    attach_evidence,
    resubmit_claim,
    submit_claim,
    withdraw_claim,
)
from procurement.deliveries.services.confirming import (
    answer_confirmation,
    ask_confirmation,
    cancel_confirmation,
)
from procurement.deliveries.services.decisions import (
    mark_corrected,
    mark_rejected,
    mark_returned,
    mark_verified,
)
from procurement.deliveries.services.delegations import delegate, end_delegation, hand_in
from procurement.deliveries.services.evidence import (
    add_evidence,
    add_evidence_by_link,
    clear_loose_evidence,
    remove_old_evidence,
)
from procurement.deliveries.services.nothing import report_nothing, take_back_nothing
from procurement.deliveries.services.shared import allocate, record_shared_delivery
from procurement.deliveries.services.updates import DraftLine, save_drafts, submit_update

__all__ = [
    "DraftLine",
    "add_evidence",
    "add_evidence_by_link",
    "allocate",
    "answer_confirmation",
    "ask_confirmation",
    "attach_evidence",
    "cancel_confirmation",
    "clear_loose_evidence",
    "delegate",
    "end_delegation",
    "hand_in",
    "mark_corrected",
    "mark_rejected",
    "mark_returned",
    "mark_verified",
    "record_shared_delivery",
    "remove_old_evidence",
    "report_nothing",
    "resubmit_claim",
    "save_drafts",
    "submit_claim",
    "submit_update",
    "take_back_nothing",
    "withdraw_claim",
]
