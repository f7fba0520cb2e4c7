"""A running contract of two quarters with its plan, and people on both sides who can be written to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from procurement.awards.models import Commitment, Contract
from procurement.reminders.services import send_digests, tell_of_returns
from socialvalue.accounts.models import Organisation, User
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM, Actor
from tests.factories.accounts import AuthorityFactory, SupplierFactory, actor_for_role
from tests.factories.action_plans import planned
from tests.factories.deliveries import claim
from tests.factories.ledger import Promise, contract_with, measure

STARTS, ENDS = date(2026, 10, 1), date(2027, 3, 31)
DUE = date(2026, 12, 31)
"""The last day of the first quarter, a Thursday."""
FORTNIGHT, THREE_DAYS = date(2026, 12, 14), date(2026, 12, 28)
WEEK_LATE, THREE_WEEKS_LATE = date(2027, 1, 11), date(2027, 1, 25)
"""The Mondays on which the shipped days are told."""


@dataclass(frozen=True)
class World:
    authority: Organisation
    supplier: Organisation
    manager: Actor
    claimant: Actor
    colleague: Actor
    contract: Contract
    hours: Commitment


def world(*, ends_on: date = ENDS, **more: Organisation) -> World:
    """Two people of the supplier, one contract manager, one commitment of 100 hours."""
    authority = more.get("authority") or AuthorityFactory()
    supplier = more.get("supplier") or SupplierFactory()
    contract, (hours,) = contract_with(
        Promise(measure("M1")),
        authority=authority,
        supplier=supplier,
        starts_on=STARTS,
        ends_on=ends_on,
    )
    planned(contract)
    return World(
        authority,
        supplier,
        actor_for_role(Role.CONTRACT_MANAGER, authority),
        actor_for_role(Role.SUPPLIER_CONTRIBUTOR, supplier),
        actor_for_role(Role.SUPPLIER_ADMIN, supplier),
        contract,
        hours,
    )


def london(day: date, hour: int = 7, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=clock.LONDON)


def weekly(day: date, hour: int = 7, minute: int = 0) -> int:
    """The job of the week at that time in London; how many letters went."""
    with clock.at(london(day, hour, minute)):
        return send_digests(actor=SYSTEM)


def sweep(moment: datetime) -> int:
    """The job that tells of returns."""
    with clock.at(moment):
        return tell_of_returns(actor=SYSTEM)


def claimed(world: World, at: datetime, *, quantity: int = 10) -> int:
    with clock.at(at):
        made = claim(world.claimant, world.hours, quantity=Decimal(quantity), quarter=STARTS)
    return made.pk


def address(actor: Actor) -> str:
    return User.objects.get(pk=actor.user_id).email


def addresses(*actors: Actor) -> list[str]:
    return sorted(address(actor) for actor in actors)


def days(number: int) -> timedelta:
    return timedelta(days=number)
