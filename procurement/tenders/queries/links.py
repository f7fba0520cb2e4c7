"""Invitation links: signed, for one tender, until they expire, are revoked or are used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core import signing
from django.db.models import Q

from procurement.procurements.queries import procurement_brief
from procurement.procurements.vocabulary import ProcurementStatus
from procurement.tenders.models import TenderEmailInvitation, TenderInvitation
from procurement.tenders.permissions import can_be_invited
from procurement.tenders.queries.tenders import tender_for
from procurement.tenders.vocabulary import LinkState, TenderStatus
from socialvalue.accounts.queries import organisation_names, user_by_email
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible
from socialvalue.core.purging import shown_address

_SIGNER = signing.Signer(salt="procurement.tenders.invitation", sep=".")


def token_of(link: TenderEmailInvitation) -> str:
    """What the link's address ends with. Nobody can make one without the site's secret key."""
    return _SIGNER.sign_object([link.pk, link.nonce])


def link_of(token: str) -> TenderEmailInvitation:
    """The link of a token. NotVisible when it was not signed here, or names no link."""
    try:
        found = _SIGNER.unsign_object(token)
    except (signing.BadSignature, ValueError):
        raise NotVisible from None
    pk, nonce = found
    link = TenderEmailInvitation.objects.select_related("tender").filter(pk=pk, nonce=nonce).first()
    if link is None:
        raise NotVisible
    return link


def link_state(link: TenderEmailInvitation) -> LinkState:
    """Where a link stands, whoever opens it. It works before its expiry, not at it."""
    brief = procurement_brief(link.tender.procurement_id)
    return _state(link, clock.now(), brief.status == ProcurementStatus.WITHDRAWN)


def _state(link: TenderEmailInvitation, now: datetime, is_withdrawn: bool) -> LinkState:
    tender = link.tender
    if link.revoked_at is not None:
        return LinkState.REVOKED
    if link.accepted_at is not None:
        return LinkState.USED
    if is_withdrawn:
        return LinkState.WITHDRAWN
    if now >= link.expires_at:
        return LinkState.EXPIRED
    if tender.status == TenderStatus.DRAFT:
        return LinkState.WAITING
    return LinkState.OPEN if tender.status == TenderStatus.PUBLISHED else LinkState.EXPIRED


@dataclass(frozen=True, slots=True)
class LinkPage:
    """What the page of a link says to whoever holds it."""

    tender_id: int
    email: str
    authority_name: str
    title: str
    reference: str
    deadline_at: datetime | None
    expires_at: datetime
    state: LinkState
    is_invited: bool
    """The reader's own organisation is invited already: nothing is left to accept."""
    may_accept: bool
    has_account: bool
    """Somebody with this address can sign in."""


def link_page(actor: Actor, token: str) -> LinkPage:
    """The page of a link, signed in or not. NotVisible for a wrong token."""
    link = link_of(token)
    tender = link.tender
    brief = procurement_brief(tender.procurement_id)
    state = _state(link, clock.now(), brief.status == ProcurementStatus.WITHDRAWN)
    return LinkPage(
        tender_id=tender.pk,
        email=shown_address(link.email),
        authority_name=brief.authority_name,
        title=brief.title,
        reference=brief.reference,
        deadline_at=tender.deadline_at,
        expires_at=link.expires_at,
        state=state,
        is_invited=is_invited(actor, tender.pk) and tender.status != TenderStatus.DRAFT,
        may_accept=state == LinkState.OPEN and can_be_invited(actor),
        has_account=user_by_email(link.email) is not None,
    )


def is_invited(actor: Actor, tender_id: int) -> bool:
    """The supplier the actor acts for is invited to this tender."""
    return (
        can_be_invited(actor)
        and TenderInvitation.objects.filter(
            tender_id=tender_id, supplier_id__in=actor.organisation_ids
        ).exists()
    )


LOOKS = {
    LinkState.WAITING: "draft",
    LinkState.OPEN: "submitted",
    LinkState.USED: "verified",
    LinkState.REVOKED: "skipped",
    LinkState.EXPIRED: "overdue",
    LinkState.WITHDRAWN: "skipped",
}


@dataclass(frozen=True, slots=True)
class LinkInfo:
    """A link as the buyer sees it. Never the link itself: it goes to its address only."""

    id: int
    email: str
    state: LinkState
    invited_at: datetime
    expires_at: datetime
    used_by: str

    @property
    def look(self) -> str:
        """The drawn status that says the same."""
        return LOOKS[self.state]

    @property
    def is_revocable(self) -> bool:
        return self.state in (LinkState.WAITING, LinkState.OPEN)


def links_of(actor: Actor, tender_id: int) -> list[LinkInfo]:
    """Every link of a tender of the actor's authority, oldest first."""
    tender = tender_for(actor, tender_id)
    brief = procurement_brief(tender.procurement_id)
    is_withdrawn = brief.status == ProcurementStatus.WITHDRAWN
    rows = list(
        TenderEmailInvitation.objects.filter(tender_id=tender_id)
        .select_related("tender")
        .order_by("pk")
    )
    names = organisation_names([row.supplier_id for row in rows if row.supplier_id])
    now = clock.now()
    return [
        LinkInfo(
            row.pk,
            shown_address(row.email),
            _state(row, now, is_withdrawn),
            row.invited_at,
            row.expires_at,
            names[row.supplier_id] if row.supplier_id else "",
        )
        for row in rows
    ]


def waiting_links(tender_id: int) -> Sequence[TenderEmailInvitation]:
    """Links that can still be used: neither revoked nor used nor expired. No actor: for services and checks."""
    return list(
        TenderEmailInvitation.objects.filter(
            Q(tender_id=tender_id, revoked_at__isnull=True, accepted_at__isnull=True)
            & Q(expires_at__gt=clock.now())
        )
        .select_related("tender")
        .order_by("pk")
    )
