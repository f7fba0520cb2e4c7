"""What may be accepted of a claim, and which claims are looked into. Pure."""

from procurement.verifications.rules.accepting import (
    MAX_BATCH,
    MAX_REASON,
    NO_EVIDENCE,
    NOT_TO_CORRECT,
    OPEN_IT,
    SeenClaim,
    accepted_quantity,
    check_batch,
    check_correction,
    check_reason,
)
from procurement.verifications.rules.sampling import (
    LOTS,
    QUARTERS_BACK,
    Terms,
    check_terms,
    drawn,
    how_sampled,
    lot,
    lot_percent,
    sample_quarters,
    terms_on,
)

__all__ = [
    "LOTS",
    "MAX_BATCH",
    "MAX_REASON",
    "NOT_TO_CORRECT",
    "NO_EVIDENCE",
    "OPEN_IT",
    "QUARTERS_BACK",
    "SeenClaim",
    "Terms",
    "accepted_quantity",
    "check_batch",
    "check_correction",
    "check_reason",
    "check_terms",
    "drawn",
    "how_sampled",
    "lot",
    "lot_percent",
    "sample_quarters",
    "terms_on",
]
