"""Invitations: who is asked to join an organisation, and what a link says to whoever holds it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from socialvalue.accounts.models import Invitation
from socialvalue.accounts.permissions import PEOPLE_READER
from socialvalue.accounts.queries.people import user_by_email
from socialvalue.accounts.rules import digest_of
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotAllowed, NotVisible


@dataclass(frozen=True, slots=True)
class OpenInvitation:
    """An invitation that nobody has answered or revoked. ``is_expired``: its link no longer works."""

    id: int
    email: str
    roles: tuple[str, ...]
    """Labels."""
    invited_by: str
    invited_at: datetime
    expires_at: datetime
    is_expired: bool


def open_invitations(actor: Actor) -> list[OpenInvitation]:
    """Those of the actor's organisation, newest first, expired ones too. NotAllowed for who does not see its people."""
    if not PEOPLE_READER.allows(actor):
        raise NotAllowed(PEOPLE_READER.reason)
    return _waiting(actor.organisation_id or 0)


def open_invitation(actor: Actor, invitation_id: int) -> OpenInvitation:
    """One of them. NotVisible for any other."""
    for row in open_invitations(actor):
        if row.id == invitation_id:
            return row
    raise NotVisible


def open_invitations_of(organisation_id: int) -> list[OpenInvitation]:
    """Those whose link still works. The caller may invite there."""
    return [row for row in _waiting(organisation_id) if not row.is_expired]


def _waiting(organisation_id: int) -> list[OpenInvitation]:
    now = clock.now()
    rows = Invitation.objects.filter(
        organisation_id=organisation_id, accepted_at__isnull=True, revoked_at__isnull=True
    ).select_related("invited_by")
    return [
        OpenInvitation(
            row.pk,
            row.email,
            role_labels(row.roles),
            str(row.invited_by or "The platform"),
            row.invited_at,
            row.expires_at,
            row.expires_at <= now,
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class InvitationPage:
    """What the link of a letter opens. ``is_open``: it still works; ``is_mine``: it went to the signed-in person."""

    organisation: str
    is_demonstration: bool
    roles: tuple[str, ...]
    email: str
    expires_at: datetime
    is_open: bool
    has_account: bool
    is_mine: bool


def invitation_page(actor: Actor, token: str) -> InvitationPage:
    """What a link says. NotVisible when it was never given out.

    Whoever holds it reads the mail of its address, so the page may say whether that address has an account.
    """
    found = (
        Invitation.objects.select_related("organisation")
        .filter(token_digest=digest_of(token))
        .first()
    )
    if found is None:
        raise NotVisible
    person = user_by_email(found.email)
    return InvitationPage(
        organisation=found.organisation.name,
        is_demonstration=found.organisation.is_demonstration,
        roles=role_labels(found.roles),
        email=found.email,
        expires_at=found.expires_at,
        is_open=not (found.accepted_at or found.revoked_at) and found.expires_at > clock.now(),
        has_account=person is not None,
        is_mine=person is not None and person.pk == actor.user_id,
    )


def invitation_path(token: str) -> str:
    return reverse("accounts:invitation", args=[token])


def role_labels(roles: list[str]) -> tuple[str, ...]:
    return tuple(role.label for role in Role if role.value in roles)
