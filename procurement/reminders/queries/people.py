"""Who can be written to: people who hold a role today that is reminded, at an organisation with a running contract,
and those for whom something waits that is about no contract."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from procurement.awards.queries.parties import parties_of_live_contracts
from procurement.reminders.permissions import OF_AUTHORITY, OF_SUPPLIER
from socialvalue.accounts.queries import actor_in, people_of, seats_of, surviving
from socialvalue.core.actor import Actor


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person at one of their organisations. Who works for two gets a letter for each."""

    email: str
    actor: Actor

    @property
    def user_id(self) -> int:
        return self.actor.person_id

    @property
    def organisation_id(self) -> int:
        return self.actor.organisation_id or 0


def recipients(also: Collection[tuple[int, int]] = ()) -> Iterator[Recipient]:
    """Everybody who may get the letter of the week, by organisation and name. For the system only.

    ``also`` are people and organisations for whom something waits that is about no contract.
    """
    authorities, suppliers = parties_of_live_contracts()
    yield from _at(authorities, *OF_AUTHORITY)
    others = {organisation_id for _, organisation_id in also} - authorities
    yield from (
        one for one in _at(others, *OF_AUTHORITY) if (one.user_id, one.organisation_id) in also
    )
    yield from _at(suppliers, *OF_SUPPLIER)


def people_at(supplier_id: int) -> list[Recipient]:
    """The people of one supplier who are told of a claim sent back. For the system only."""
    return list(_at({supplier_id}, *OF_SUPPLIER))


def _at(organisation_ids: set[int], *roles: str) -> Iterator[Recipient]:
    people = people_of(sorted(set(surviving(organisation_ids).values())), *roles)
    for organisation_id in sorted(people):
        for user in people[organisation_id]:
            for seat in seats_of(user.pk):
                if seat.organisation_id == organisation_id:
                    yield Recipient(user.email, actor_in(user, seat))
