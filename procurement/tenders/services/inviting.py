"""Whom a tender is sent to: known suppliers, and addresses with a link. Until the deadline more may be asked."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from procurement.events import suppliers_invited
from procurement.procurements.queries import procurement_brief
from procurement.procurements.vocabulary import ProcurementStatus
from procurement.tenders.models import (
    Tender,
    TenderEmailInvitation,
    TenderInvitation,
)
from procurement.tenders.permissions import can_be_invited
from procurement.tenders.queries import is_invited, link_of, link_state, waiting_links
from procurement.tenders.rules import DRAFT_LINK_DAYS
from procurement.tenders.services.holding import (
    change_draft,
    hold_draft,
    hold_tender,
    london,
    note,
)
from procurement.tenders.services.telling import tell_links, tell_suppliers
from procurement.tenders.vocabulary import LinkState, TenderDeed, TenderStatus
from socialvalue.accounts.queries import organisation_names, suppliers
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken

ONLY_SUPPLIERS = (
    "Only somebody who acts for a supplier can use an invitation. "
    "Sign in with an account of the supplier, or register one."
)
GONE = {
    LinkState.REVOKED: "The authority has taken this invitation back.",
    LinkState.USED: "This invitation was used already. It works once.",
    LinkState.EXPIRED: "This invitation has expired.",
    LinkState.WAITING: "The tender is not published yet. The link works from its publication.",
    LinkState.WITHDRAWN: "The authority has withdrawn this procurement.",
}


def _hold_to_invite(actor: Actor, tender_id: int) -> Tender:
    """The tender's row, locked, while more suppliers can be asked: a draft, or published before its deadline."""
    tender = hold_tender(actor, tender_id)
    if tender.status == TenderStatus.DRAFT:
        return hold_draft(actor, tender_id)
    if tender.status != TenderStatus.PUBLISHED or tender.deadline_at is None:
        raise Conflict("The bids are open, so nobody else can be invited.")
    if clock.now() >= tender.deadline_at:
        raise RuleBroken(
            f"The deadline was {london(tender.deadline_at)}, so nobody else can be invited."
        )
    if procurement_brief(tender.procurement_id).status == ProcurementStatus.WITHDRAWN:
        raise RuleBroken("This procurement is withdrawn, so nobody else can be invited.")
    return tender


# --- known suppliers -------------------------------------------------------------------------------


@transaction.atomic
def invite_supplier(*, actor: Actor, tender_id: int, supplier_id: int) -> TenderInvitation:
    """Ask a known supplier to bid. Asking twice is one invitation. After publication its people get a letter at once.

    RuleBroken from the deadline on.
    """
    tender = _hold_to_invite(actor, tender_id)
    supplier = suppliers().filter(pk=supplier_id).first()
    if supplier is None:
        raise RuleBroken("Select a supplier from the list", field="supplier")
    invitation, is_new = _invite(tender, supplier_id, actor.person_id)
    if not is_new:
        return invitation
    if tender.status == TenderStatus.DRAFT:
        change_draft(tender)
    else:
        tell_suppliers(tender, "invited", supplier_ids=[supplier_id])
        suppliers_invited.send(sender=Tender, tender_id=tender.pk)
    note(
        actor,
        TenderDeed.INVITED,
        f"{supplier.name} is on the list of invited suppliers.",
        tender,
        after={"supplier_id": supplier_id},
    )
    return invitation


def _invite(tender: Tender, supplier_id: int, invited_by_id: int) -> tuple[TenderInvitation, bool]:
    return TenderInvitation.objects.get_or_create(
        tender=tender,
        supplier_id=supplier_id,
        defaults={"invited_at": clock.now(), "invited_by_id": invited_by_id},
    )


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


# --- by e-mail -------------------------------------------------------------------------------------


@transaction.atomic
def invite_by_email(*, actor: Actor, tender_id: int, email: str) -> TenderEmailInvitation:
    """Send a link to an address: at publication, or at once when the tender is published.

    It opens this tender only, once, until the deadline; 30 days while there is none. An address whose link still works
    gets no second one. RuleBroken for what is no address, and from the deadline on. The audit names no address.
    """
    tender = _hold_to_invite(actor, tender_id)
    email = _checked(email)
    now = clock.now()
    known = next((link for link in waiting_links(tender.pk) if link.email == email), None)
    if known is not None:
        return known
    link = TenderEmailInvitation.objects.create(
        tender=tender,
        email=email,
        nonce=secrets.token_hex(16),
        invited_at=now,
        invited_by_id=actor.person_id,
        expires_at=tender.deadline_at or now + timedelta(days=DRAFT_LINK_DAYS),
    )
    if tender.status == TenderStatus.DRAFT:
        change_draft(tender)
    else:
        tell_links(tender, "invited", links=[link])
    note(
        actor,
        TenderDeed.INVITED_BY_EMAIL,
        "A supplier was invited by e-mail.",
        tender,
        after={"link_id": link.pk},
    )
    return link


def _checked(email: str) -> str:
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise RuleBroken(
            f"{email or 'An empty line'} is no e-mail address. Write one like name@example.com.",
            field="emails",
        ) from None
    return email


@transaction.atomic
def invite_by_emails(
    *, actor: Actor, tender_id: int, emails: Sequence[str]
) -> list[TenderEmailInvitation]:
    """Send links to several addresses: to all of them or to none."""
    return [
        invite_by_email(actor=actor, tender_id=tender_id, email=email)
        for email in dict.fromkeys(emails)
    ]


@transaction.atomic
def revoke_link(*, actor: Actor, link_id: int) -> None:
    """Take a link back before it is used. Conflict when it was used; taking back twice is once."""
    found = TenderEmailInvitation.objects.filter(pk=link_id).first()
    if found is None:
        raise NotVisible
    hold_tender(actor, found.tender_id)
    link = _hold_link(link_id)
    if link.revoked_at is not None:
        return
    if link.accepted_at is not None:
        raise Conflict("This link was used already. Its supplier is invited now.")
    TenderEmailInvitation.objects.filter(
        pk=link.pk, accepted_at__isnull=True, revoked_at__isnull=True
    ).update(revoked_at=clock.now(), revoked_by_id=actor.person_id)
    note(
        actor,
        TenderDeed.LINK_REVOKED,
        "An invitation by e-mail was taken back.",
        link.tender,
        after={"link_id": link.pk},
    )


def _hold_link(link_id: int) -> TenderEmailInvitation:
    """The link's row, locked; always after its tender's, as an amendment locks them."""
    return (
        TenderEmailInvitation.objects.select_for_update(of=("self",))
        .select_related("tender")
        .get(pk=link_id)
    )


@transaction.atomic
def accept_link(*, actor: Actor, token: str) -> int:
    """Use a link: the supplier the actor acts for is invited to its tender. Returns the tender's id.

    Who is invited already keeps the link unused. NotVisible for a wrong token, NotAllowed for who acts for no supplier,
    Conflict for a link that no longer works or does not work yet.
    """
    found = link_of(token)
    # Held, so that using the last link and opening the bids do not overlap.
    Tender.objects.select_for_update(of=("self",)).get(pk=found.tender_id)
    link = _hold_link(found.pk)
    tender = link.tender
    if not can_be_invited(actor) or actor.organisation_id is None:
        raise NotAllowed(ONLY_SUPPLIERS)
    if tender.status != TenderStatus.DRAFT and is_invited(actor, tender.pk):
        return tender.pk
    state = link_state(link)
    if state != LinkState.OPEN:
        raise Conflict(GONE[state])
    _invite(tender, actor.organisation_id, link.invited_by_id)
    TenderEmailInvitation.objects.filter(pk=link.pk).update(
        accepted_at=clock.now(), supplier_id=actor.organisation_id
    )
    suppliers_invited.send(sender=Tender, tender_id=tender.pk)
    note(
        actor,
        TenderDeed.LINK_ACCEPTED,
        f"{actor.organisation_name} used an invitation sent by e-mail.",
        tender,
        after={"link_id": link.pk, "supplier_id": actor.organisation_id},
    )
    return tender.pk


# --- at publication, and when the deadline moves ---------------------------------------------------


def send_invitations(tender: Tender) -> None:
    """A published tender goes out: every link that still works lives until the deadline, everybody gets a letter."""
    move_links(tender)
    tell_suppliers(tender, "invited")
    tell_links(tender, "invited")


def move_links(tender: Tender) -> None:
    """Links that still work expire at the tender's deadline."""
    waiting = [link.pk for link in waiting_links(tender.pk)]
    TenderEmailInvitation.objects.filter(pk__in=waiting).update(expires_at=tender.deadline_at)
