"""The tables of deliveries, one file a noun."""

from procurement.deliveries.models.claims import Claim, ClaimDraft, NilReturn
from procurement.deliveries.models.evidence import Confirmation, Evidence
from procurement.deliveries.models.passing_on import Contribution, Delegation
from procurement.deliveries.models.shared import Allocation, SharedDelivery
from procurement.deliveries.models.uploads import ClaimUpload

__all__ = [
    "Allocation",
    "Claim",
    "ClaimDraft",
    "ClaimUpload",
    "Confirmation",
    "Contribution",
    "Delegation",
    "Evidence",
    "NilReturn",
    "SharedDelivery",
]
