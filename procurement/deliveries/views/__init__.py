"""The pages of deliveries, one file a noun."""

from __future__ import annotations

from procurement.deliveries.views.claims import Claim, MendClaim, NewClaim, Withdraw, Worth
from procurement.deliveries.views.confirming import AskConfirmation, CancelConfirmation, Confirm
from procurement.deliveries.views.delegations import EndPassingOn, HandIn, PassOn
from procurement.deliveries.views.evidence import EvidenceDownload
from procurement.deliveries.views.inbox import Inbox
from procurement.deliveries.views.photos import AddPhoto
from procurement.deliveries.views.shared import (
    NewSharedDelivery,
    Parts,
    SharedDeliveries,
    SharedDelivery,
)
from procurement.deliveries.views.updates import (
    AutosaveUpdate,
    ReportNothing,
    TakeBackNothing,
    Update,
)

__all__ = [
    "AddPhoto",
    "AskConfirmation",
    "AutosaveUpdate",
    "CancelConfirmation",
    "Claim",
    "Confirm",
    "EndPassingOn",
    "EvidenceDownload",
    "HandIn",
    "Inbox",
    "MendClaim",
    "NewClaim",
    "NewSharedDelivery",
    "Parts",
    "PassOn",
    "ReportNothing",
    "SharedDeliveries",
    "SharedDelivery",
    "TakeBackNothing",
    "Update",
    "Withdraw",
    "Worth",
]
