"""People who left an organisation, for those who administer it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from socialvalue.accounts.models import Membership, User
from socialvalue.accounts.permissions import PEOPLE_MANAGER
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotAllowed, NotVisible


@dataclass(frozen=True, slots=True)
class Leaver:
    """Somebody who holds or held a role there. ``why_not`` says why their data cannot be erased; empty when it can."""

    user_id: int
    name: str
    email: str
    roles: tuple[str, ...]
    """What they held, in words."""
    left_at: datetime | None
    why_not: str


def leaver_of(actor: Actor, user_id: int) -> Leaver:
    """NotAllowed for who is no administrator, NotVisible for who never belonged to the actor's organisation."""
    if not PEOPLE_MANAGER.allows(actor):
        raise NotAllowed(PEOPLE_MANAGER.reason)
    held = list(
        Membership.objects.filter(
            user_id=user_id, organisation_id=actor.organisation_id or 0
        ).order_by("pk")
    )
    user = User.objects.filter(pk=user_id).first()
    if user is None or not held:
        raise NotVisible
    ends = [row.ended_at for row in held if row.ended_at is not None]
    return Leaver(
        user_id=user.pk,
        name=str(user),
        email=user.email,
        roles=tuple(dict.fromkeys(row.get_role_display() for row in held)),
        left_at=max(ends) if ends and len(ends) == len(held) else None,
        why_not=_why_not(actor, user, held),
    )


def _why_not(actor: Actor, user: User, held: list[Membership]) -> str:
    if user.erased_at is not None:
        return "This person’s data was erased already."
    if user.pk == actor.user_id:
        return "Erase your own data on the page “Your data”."
    if any(row.ended_at is None for row in held):
        return "This person still holds a role here. End every role first."
    elsewhere = Membership.objects.filter(user=user, ended_at__isnull=True)
    if user.is_staff or elsewhere.exists():
        # Where, is not for this organisation to know.
        return "This person’s account is still used elsewhere. They can erase it themselves."
    return ""
