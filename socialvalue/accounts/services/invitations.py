"""Inviting people into an organisation: a letter with a link that works once, for seven days, for its address only."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from socialvalue.accounts.models import Invitation, Organisation, User
from socialvalue.accounts.permissions import PEOPLE_MANAGER
from socialvalue.accounts.queries import (
    actor_for,
    belongs_to,
    invitation_path,
    open_invitations_of,
    operates_platform,
    user_by_email,
)
from socialvalue.accounts.rules import INVITATION_DAYS, MOST_INVITATIONS, admin_role, digest_of
from socialvalue.accounts.services.people import new_person
from socialvalue.accounts.services.roles import check_roles, hold_roles, settle_roles
from socialvalue.accounts.vocabulary import AccountDeed, Role
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from socialvalue.core.letters import post
from socialvalue.core.periods import uk_moment

LETTER_EVERY = timedelta(minutes=10)
"""One letter an address from one organisation, so that nobody fills a mailbox by pressing a button."""
NOT_ANY_MORE = "This invitation no longer works. Ask the organisation for a new one."
ANOTHER_ADDRESS = (
    "This invitation was sent to another address. Sign out, then open the link in the letter again."
)
OWN_INVITATION = "You invited this address yourself, and nobody grants themselves a role."


@transaction.atomic
def invite(*, actor: Actor, email: str, roles: Collection[Role]) -> Invitation:
    """Write to this address how to join the actor's organisation with these roles.

    What comes back is the same whether or not the address is known to the service. NotAllowed for who administers no
    organisation; RuleBroken for what is no address, one's own, one that belongs here already or is invited already,
    for roles that cannot be granted, and for too many open invitations.
    """
    if not PEOPLE_MANAGER.allows(actor):
        raise NotAllowed(PEOPLE_MANAGER.reason)
    invitation, token = _invite(actor, _held(actor.organisation_id or 0), email, roles)
    _write(invitation, token, actor.name)
    return invitation


@transaction.atomic
def invite_administrator(
    *, actor: Actor, organisation_slug: str, email: str
) -> tuple[Invitation, str]:
    """The first administrator of an organisation, or another one: the invitation, and the address its letter holds.

    For the platform and its operators. NotVisible when there is no such organisation; RuleBroken as above.
    """
    if not (actor.is_system or operates_platform(actor)):
        raise NotAllowed("Only an operator of the platform invites the first administrator.")
    organisation = Organisation.objects.filter(slug=organisation_slug).first()
    if organisation is None:
        raise NotVisible(f"There is no organisation called {organisation_slug!r}.")
    held = _held(organisation.pk)
    invitation, token = _invite(actor, held, email, [admin_role(organisation.kind)])
    _write(invitation, token, "")
    return invitation, invitation_path(token)


@transaction.atomic
def send_invitation_again(*, actor: Actor, invitation_id: int) -> Invitation:
    """A new letter with a new link and another seven days; the old link no longer works.

    NotVisible for another organisation's invitation, Conflict for one that was accepted or revoked.
    """
    old = _own(actor, invitation_id)
    _revoke(actor, old)
    invitation, token = _invite(actor, old.organisation, old.email, [Role(r) for r in old.roles])
    _write(invitation, token, actor.name)
    return invitation


@transaction.atomic
def revoke_invitation(*, actor: Actor, invitation_id: int) -> None:
    """Its link no longer works. NotVisible, Conflict as above."""
    _revoke(actor, _own(actor, invitation_id))


@transaction.atomic
def accept_invitation(*, actor: Actor, token: str) -> str:
    """Join with the signed-in person's own account; the slug of the organisation they can act for now.

    NotVisible for a link that was never given out; Conflict for one that no longer works; NotAllowed for somebody
    with another address than the letter went to; RuleBroken when the roles do not go together with those held.
    """
    user = User.objects.get(pk=actor.person_id)
    invitation = _open(token)
    if user.email.lower() != invitation.email.lower():
        raise NotAllowed(ANOTHER_ADDRESS)
    _join(user, invitation)
    return invitation.organisation.slug


@transaction.atomic
def accept_as_new_person(*, token: str, full_name: str, password: str) -> tuple[User, str]:
    """Join as somebody new: the account, for the address the letter went to, and the slug of the organisation.

    No actor: the link proves the address, and the person answers for the record. NotVisible and Conflict as above;
    RuleBroken for an empty name, a weak password, or an address that has an account by now.
    """
    invitation = _open(token)
    user = new_person(email=invitation.email, full_name=full_name, password=password)
    _join(user, invitation)
    return user, invitation.organisation.slug


def _held(organisation_id: int) -> Organisation:
    """The organisation, held: of two who invite one address at once the second sees the first."""
    return Organisation.objects.select_for_update(of=("self",)).get(pk=organisation_id)


def _invite(
    actor: Actor, organisation: Organisation, email: str, roles: Collection[Role]
) -> tuple[Invitation, str]:
    address = email.strip().lower()
    _check(actor, organisation, address, roles)
    now = clock.now()
    for expired in Invitation.objects.filter(
        organisation=organisation, email__iexact=address, accepted_at__isnull=True,
        revoked_at__isnull=True, expires_at__lte=now,
    ):  # fmt: skip
        _revoke(actor, expired)
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        organisation=organisation,
        email=address,
        roles=sorted(roles),
        token_digest=digest_of(token),
        invited_by_id=actor.user_id,
        invited_at=now,
        expires_at=now + timedelta(days=INVITATION_DAYS),
    )
    # The record stays for ever, the address does not have to: it is in the row of the invitation.
    record(
        actor=actor,
        deed=AccountDeed.INVITED,
        sentence=f"Somebody was invited to {organisation} as {_named(roles)}.",
        target=invitation,
        after={"organisation": organisation.pk, "roles": sorted(roles)},
    )
    return invitation, token


def _check(actor: Actor, organisation: Organisation, address: str, roles: Collection[Role]) -> None:
    try:
        validate_email(address)
    except ValidationError:
        raise RuleBroken("Enter an e-mail address like name@example.com", field="email") from None
    if not roles:
        raise RuleBroken("Select at least one role", field="roles")
    check_roles(organisation, roles)
    known = user_by_email(address)
    if known is not None and known.pk == actor.user_id:
        raise RuleBroken(
            "This is your own address, and nobody grants themselves a role.", field="email"
        )
    if known is not None and belongs_to(known.pk, organisation.pk):
        raise RuleBroken(
            "This person belongs to your organisation already. Change their roles on their page",
            field="email",
        )
    waiting = open_invitations_of(organisation.pk)
    if any(row.email == address for row in waiting):
        raise RuleBroken(
            "This address is invited already. Send that invitation again, or revoke it first",
            field="email",
        )
    if Invitation.objects.filter(
        organisation=organisation, email=address, invited_at__gt=clock.now() - LETTER_EVERY
    ).exists():
        raise RuleBroken(
            "A letter went to this address less than ten minutes ago. Wait a little, then send another one",
            field="email",
        )
    if len(waiting) >= MOST_INVITATIONS:
        raise RuleBroken(
            f"There are {MOST_INVITATIONS} invitations that nobody has answered. Revoke those that are no longer "
            "needed, then try again",
            field="email",
        )


def _write(invitation: Invitation, token: str, inviter: str) -> None:
    until = f"{uk_moment(invitation.expires_at.astimezone(clock.LONDON))}, UK time"
    context = {
        "organisation": invitation.organisation.name,
        "roles": [Role(role).label for role in invitation.roles],
        "inviter": inviter,
        "path": invitation_path(token),
        "expiry": until,
    }
    post(invitation.email, "invitation", context)


def _own(actor: Actor, invitation_id: int) -> Invitation:
    """An invitation of the actor's organisation that waits for an answer, held."""
    if not PEOPLE_MANAGER.allows(actor):
        raise NotAllowed(PEOPLE_MANAGER.reason)
    found = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("organisation")
        .filter(pk=invitation_id, organisation_id=actor.organisation_id or 0)
        .first()
    )
    if found is None:
        raise NotVisible
    if found.accepted_at or found.revoked_at:
        raise Conflict("This invitation was answered or revoked while you were deciding.")
    return found


def _revoke(actor: Actor, invitation: Invitation) -> None:
    invitation.revoked_at, invitation.revoked_by_id = clock.now(), actor.user_id
    invitation.save(update_fields=["revoked_at", "revoked_by"])
    record(
        actor=actor,
        deed=AccountDeed.INVITATION_REVOKED,
        sentence=f"An invitation to {invitation.organisation} was revoked.",
        target=invitation,
        before={"roles": invitation.roles},
    )


def _open(token: str) -> Invitation:
    """The invitation of this link, held while it is used: it works once."""
    found = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("organisation")
        .filter(token_digest=digest_of(token))
        .first()
    )
    if found is None:
        raise NotVisible
    if found.accepted_at or found.revoked_at or found.expires_at <= clock.now():
        raise Conflict(NOT_ANY_MORE)
    return found


def _join(user: User, invitation: Invitation) -> None:
    if user.pk == invitation.invited_by_id:
        raise NotAllowed(OWN_INVITATION)
    organisation = invitation.organisation
    held = hold_roles(organisation, user)
    actor = Actor(
        user_id=user.pk,
        name=str(user),
        organisation_id=organisation.pk,
        organisation_name=organisation.name,
        organisation_kind=organisation.kind,
    )
    settle_roles(
        actor,
        organisation,
        user,
        held,
        {*held, *invitation.roles} - {Role.MEMBER},
        granted_by_id=invitation.invited_by_id,
    )
    invitation.accepted_at, invitation.accepted_by = clock.now(), user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    record(
        actor=actor_for(user, organisation.slug),
        deed=AccountDeed.INVITATION_ACCEPTED,
        sentence=f"{user} accepted the invitation to {organisation}.",
        target=invitation,
        after={"roles": invitation.roles},
    )


def _named(roles: Collection[str]) -> str:
    return " and ".join(Role(role).label.lower() for role in sorted(roles))
