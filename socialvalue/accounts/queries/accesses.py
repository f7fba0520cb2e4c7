"""A person in each of their organisations: what concerns the account stands in the record of every one."""

from __future__ import annotations

from socialvalue.accounts.models import User
from socialvalue.accounts.queries.people import user_by_email
from socialvalue.accounts.queries.seats import actor_in, seats_of
from socialvalue.core.actor import Actor


def actors_of(user: User) -> list[Actor]:
    """One actor for each organisation the person may act for; one without organisation when there is none."""
    return [actor_in(user, seat) for seat in seats_of(user.pk)] or [
        Actor(user_id=user.pk, name=str(user))
    ]


def actors_with_address(email: str) -> list[Actor]:
    """The same for the person with this address; nobody when it is not known."""
    user = user_by_email(email) if email else None
    return actors_of(user) if user else []
