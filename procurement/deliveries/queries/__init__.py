"""What others may read of deliveries."""

from procurement.deliveries.queries.beside import BesideClaim, beside_claim
from procurement.deliveries.queries.claims import (
    ClaimFilters,
    ClaimPage,
    ClaimRow,
    EvidenceInfo,
    claim_for,
    claim_page,
    claim_rows,
    claims_awaiting,
    claims_for,
    counts_by_status,
    shown_quantity,
    visible_claims,
    working_of,
)
from procurement.deliveries.queries.drafts import (
    ClaimDraft,
    claim_draft,
    promise_of,
)
from procurement.deliveries.queries.evidence import (
    EvidenceFile,
    evidence_file,
    loose_evidence,
)
from procurement.deliveries.queries.inbox import (
    DueRow,
    Inbox,
    InboxContract,
    InboxPart,
    by_contract,
    inbox,
)

__all__ = [
    "BesideClaim",
    "ClaimDraft",
    "ClaimFilters",
    "ClaimPage",
    "ClaimRow",
    "DueRow",
    "EvidenceFile",
    "EvidenceInfo",
    "Inbox",
    "InboxContract",
    "InboxPart",
    "beside_claim",
    "by_contract",
    "claim_draft",
    "claim_for",
    "claim_page",
    "claim_rows",
    "claims_awaiting",
    "claims_for",
    "counts_by_status",
    "evidence_file",
    "inbox",
    "loose_evidence",
    "promise_of",
    "shown_quantity",
    "visible_claims",
    "working_of",
]
