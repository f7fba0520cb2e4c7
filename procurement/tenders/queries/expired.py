"""What of this room has had its time. Read by the clock alone, for nobody in particular."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from procurement.tenders.models import TenderEmailInvitation
from socialvalue.core.purging import REMOVED, kept_since


def old_invitation_addresses() -> QuerySet[TenderEmailInvitation]:
    """Addresses invited to a tender, long after their link expired. Who used it stays: the supplier."""
    before = kept_since("tender_addresses")
    ended = Q(expires_at__lt=before) & (Q(revoked_at__isnull=True) | Q(revoked_at__lt=before))
    return (
        TenderEmailInvitation.objects.filter(ended)
        .exclude(email__endswith=f"@{REMOVED}")
        .order_by("pk")
    )


def invitations_to(email: str) -> QuerySet[TenderEmailInvitation]:
    return TenderEmailInvitation.objects.filter(email__iexact=email).order_by("pk")
