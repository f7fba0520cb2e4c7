"""What a person types about deliveries, one file a noun."""

from __future__ import annotations

from procurement.deliveries.forms.claims import ClaimForm, DeliveryForm, MendForm
from procurement.deliveries.forms.delegations import HandInForm, PassOnForm
from procurement.deliveries.forms.fields import ids_of
from procurement.deliveries.forms.inbox import InboxFilter
from procurement.deliveries.forms.photos import PhotoForm
from procurement.deliveries.forms.shared import PartForm, SharedDeliveryForm, SharedFilter
from procurement.deliveries.forms.updates import UpdateForm, typed_lines

__all__ = [
    "ClaimForm",
    "DeliveryForm",
    "HandInForm",
    "InboxFilter",
    "MendForm",
    "PartForm",
    "PassOnForm",
    "PhotoForm",
    "SharedDeliveryForm",
    "SharedFilter",
    "UpdateForm",
    "ids_of",
    "typed_lines",
]
