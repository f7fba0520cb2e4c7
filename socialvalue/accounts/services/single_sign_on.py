"""What follows from signing in: a proven address, and membership of the organisation whose service vouches."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.db import transaction

from socialvalue.accounts.models import Membership, Organisation, User
from socialvalue.accounts.queries.seats import actor_for
from socialvalue.accounts.vocabulary import AccountDeed, Role
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.errors import NotVisible


@transaction.atomic
def prove_address(*, user: User) -> None:
    """Note that the address is this person's: their account was opened by a letter to it, or a service vouches.

    allauth takes an address for unproven until it is told otherwise.
    """
    email = user.email.lower()
    if EmailAddress.objects.filter(user=user, email=email, verified=True, primary=True).exists():
        return
    EmailAddress.objects.filter(user=user, primary=True).exclude(email=email).update(primary=False)
    EmailAddress.objects.update_or_create(
        user=user, email=email, defaults={"verified": True, "primary": True}
    )


@transaction.atomic
def leave_passwords(*, user: User) -> None:
    """From now on this person signs in at their organisation's service only; every session by password ends."""
    if user.has_usable_password():
        user.set_unusable_password()
        user.save(update_fields=["password"])


@transaction.atomic
def join(*, user: User, organisation_slug: str) -> None:
    """Whoever signs in at an organisation's own service for the first time is its member, without any right.

    Once only: a membership that was ended there stays ended. Platform operators hold no role. NotVisible when there is
    no such organisation.
    """
    organisation = Organisation.objects.filter(slug=organisation_slug).first()
    if organisation is None:
        raise NotVisible(f"There is no organisation called {organisation_slug!r}.")
    if user.is_staff or Membership.objects.filter(user=user, organisation=organisation).exists():
        return
    membership = Membership.objects.create(
        user=user, organisation=organisation, role=Role.MEMBER, granted_at=clock.now()
    )
    record(
        actor=actor_for(user, organisation_slug),
        deed=AccountDeed.ROLE_GRANTED,
        sentence=f"{user} joined {organisation} by signing in through its sign-in service, without rights.",
        target=membership,
        after={"role": Role.MEMBER.value},
    )
