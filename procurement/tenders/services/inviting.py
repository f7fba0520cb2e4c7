"""Whom a tender is sent to."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from procurement.tenders.models import (
    TenderInvitation,
)
from procurement.tenders.services.holding import change_draft, hold_draft, note
from procurement.tenders.vocabulary import TenderDeed
from socialvalue.accounts.queries import organisation_names, suppliers
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import RuleBroken


@transaction.atomic
def invite_supplier(*, actor: Actor, tender_id: int, supplier_id: int) -> TenderInvitation:
    """Ask a known supplier to bid. Asking twice is one invitation."""
    tender = hold_draft(actor, tender_id)
    supplier = suppliers().filter(pk=supplier_id).first()
    if supplier is None:
        raise RuleBroken("Select a supplier from the list", field="supplier")
    invitation, is_new = TenderInvitation.objects.get_or_create(
        tender=tender,
        supplier_id=supplier_id,
        defaults={"invited_at": clock.now(), "invited_by_id": actor.person_id},
    )
    if is_new:
        change_draft(tender)
        note(
            actor,
            TenderDeed.INVITED,
            f"{supplier.name} is on the list of invited suppliers.",
            tender,
            after={"supplier_id": supplier_id},
        )
    return invitation


@transaction.atomic
def invite_suppliers(
    *, actor: Actor, tender_id: int, supplier_ids: Sequence[int]
) -> list[TenderInvitation]:
    """Ask several known suppliers to bid: all of them or none."""
    return [
        invite_supplier(actor=actor, tender_id=tender_id, supplier_id=supplier_id)
        for supplier_id in supplier_ids
    ]


@transaction.atomic
def remove_invitation(*, actor: Actor, tender_id: int, supplier_id: int) -> None:
    """Take a supplier off the list, while the tender is being written. Taking off twice is once."""
    tender = hold_draft(actor, tender_id)
    removed, _ = TenderInvitation.objects.filter(tender=tender, supplier_id=supplier_id).delete()
    if removed:
        change_draft(tender)
        name = organisation_names([supplier_id])[supplier_id]
        note(
            actor,
            TenderDeed.INVITATION_REMOVED,
            f"{name} was taken off the list of invited suppliers.",
            tender,
            before={"supplier_id": supplier_id},
        )
