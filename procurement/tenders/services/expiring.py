"""Removes addresses that have had their time, and those of somebody who is forgotten."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet

from procurement.tenders.models import TenderEmailInvitation
from procurement.tenders.queries import expired
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.purging import Purge, only_the_clock, removed_address


@transaction.atomic
def remove_invitation_addresses(*, actor: Actor) -> int:
    """Addresses that were invited; how many. That a link was sent, used or revoked stays, with its times."""
    only_the_clock(actor)
    return _without_address(expired.old_invitation_addresses())


@transaction.atomic
def forget_person(*, actor: Actor, user_id: int, email: str) -> None:
    """The address of somebody who is erased, on links that were sent to it. Those that work stop."""
    del actor, user_id
    now = clock.now()
    rows = expired.invitations_to(email)
    # Of a link that was used or taken back only the address changes.
    works = rows.filter(accepted_at__isnull=True, revoked_at__isnull=True)
    works.filter(expires_at__gt=now).update(expires_at=now)
    _without_address(rows)


def _without_address(rows: QuerySet[TenderEmailInvitation]) -> int:
    removed = 0
    for pk in list(rows.values_list("pk", flat=True)):
        removed += TenderEmailInvitation.objects.filter(pk=pk).update(email=removed_address(pk))
    return removed


PURGES = (
    Purge(
        "tender_addresses",
        "addresses invited to tenders",
        lambda: expired.old_invitation_addresses().count(),
        remove_invitation_addresses,
    ),
)
