"""The people of an organisation with their roles, as its administrators see them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.module_loading import import_string

from socialvalue.accounts.models import Membership, Organisation, User
from socialvalue.accounts.permissions import PEOPLE_MANAGER, PEOPLE_READER
from socialvalue.accounts.queries.organisations import organisation_of
from socialvalue.accounts.queries.seats import regions_led_by
from socialvalue.accounts.rules import MAY, WRITES, admin_role, deeds_of, roles_at
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.queries import HistoryLine, history_of
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotAllowed, NotVisible
from socialvalue.core.tables import Column, Table

NOW, LEFT = "", "left"


@dataclass(frozen=True, slots=True)
class Held:
    """A role held in the organisation: since when, granted by whom; once it is over, until when, ended by whom."""

    role: str
    label: str
    since: datetime
    granted_by: str
    until: datetime | None = None
    ended_by: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who belongs to the organisation, or did. ``roles`` are held now, ``former`` are over."""

    id: int
    name: str
    email: str
    is_active: bool
    roles: tuple[Held, ...]
    former: tuple[Held, ...]

    @property
    def held(self) -> frozenset[str]:
        return frozenset(row.role for row in self.roles)

    @property
    def labels(self) -> str:
        return ", ".join(row.label for row in self.roles)

    @property
    def since(self) -> datetime:
        """When the oldest role held now began; of somebody who left, when they came."""
        return min(row.since for row in self.roles or self.former)

    @property
    def left_at(self) -> datetime | None:
        """When the last role ended; None while one is held."""
        if self.roles:
            return None
        return max(row.until for row in self.former if row.until)


PEOPLE_SORTS: dict[str, Callable[[Person], tuple[Any, ...]]] = {
    "name": lambda person: (person.name.lower(), person.id),
    "email": lambda person: (person.email.lower(), person.id),
    "role": lambda person: (person.labels, person.name.lower(), person.id),
    "since": lambda person: (person.since, person.id),
}
"""How the list can be ordered."""


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """What is asked of the list. ``who`` is ``NOW`` or ``LEFT``; ``sort`` is of ``PEOPLE_SORTS``, turned by "-"."""

    q: str = ""
    role: str = ""
    who: str = NOW
    sort: str = "name"


def people_here(actor: Actor, wanted: PeopleFilter | None = None) -> list[Person]:
    """The people of the acting organisation. NotAllowed for who does not see them."""
    wanted = wanted or PeopleFilter()
    found = [
        person
        for person in _people(_memberships(actor))
        if bool(person.roles) == (wanted.who == NOW) and _fits(person, wanted)
    ]
    name = wanted.sort.removeprefix("-")
    order = PEOPLE_SORTS.get(name, PEOPLE_SORTS["name"])
    return sorted(found, key=order, reverse=wanted.sort.startswith("-"))


def _fits(person: Person, wanted: PeopleFilter) -> bool:
    rows = person.roles or person.former
    if wanted.role and wanted.role not in {row.role for row in rows}:
        return False
    text = f"{person.name} {person.email}".lower()
    return all(word in text for word in wanted.q.lower().split())


def people_table(actor: Actor, wanted: PeopleFilter) -> Table:
    """One row for each person and role of the filtered list, for CSV and XLSX."""
    columns = [
        Column("Name", width=30), Column("E-mail address", width=34), Column("Role", width=28),
        Column("Since", "date"), Column("Granted by", width=30), Column("Until", "date"),
        Column("Ended by", width=30),
    ]  # fmt: skip
    rows = [
        (
            person.name, person.email, row.label, _day(row.since), row.granted_by,
            _day(row.until), row.ended_by,
        )
        for person in people_here(actor, wanted)
        for row in person.roles or person.former
    ]  # fmt: skip
    return Table(f"People of {actor.organisation_name}", columns, rows)


def _day(moment: datetime | None) -> date | None:
    return moment.astimezone(clock.LONDON).date() if moment else None


@dataclass(frozen=True, slots=True)
class SeatElsewhere:
    """Something a person is named on, beside their roles: a panel of one tender."""

    what: str
    as_what: str
    url: str


@dataclass(frozen=True, slots=True)
class PersonPage:
    """One person, what they hold and what could be granted. ``why_not`` is empty when the actor may change it."""

    person: Person
    choices: tuple[tuple[str, str, str], ...]
    """Role, label, what it may do."""
    seats: tuple[SeatElsewhere, ...]
    history: list[HistoryLine] = field(default_factory=list)
    is_self: bool = False
    is_last_admin: bool = False
    may_change: bool = False


def person_page(actor: Actor, person_id: int) -> PersonPage:
    """Somebody who belongs or belonged to the acting organisation. NotVisible for anybody else."""
    rows = _memberships(actor)
    found = _people(rows.filter(user_id=person_id))
    if not found:
        raise NotVisible
    person = found[0]
    organisation = organisation_of(actor)
    role = admin_role(organisation.kind)
    admins = {
        row.user_id for row in rows.filter(role=role, ended_at__isnull=True, user__is_active=True)
    }
    return PersonPage(
        person=person,
        choices=role_choices(organisation),
        seats=tuple(_seats_elsewhere(actor, person_id)),
        history=_history(rows, person_id),
        is_self=actor.user_id == person_id,
        is_last_admin=admins == {person_id},
        may_change=PEOPLE_MANAGER.allows(actor) and bool(person.roles),
    )


def role_choices(organisation: Organisation) -> tuple[tuple[str, str, str], ...]:
    """The roles that can be granted there: value, label, and the first things it may do."""
    return tuple(
        (role.value, role.label, _first_deeds(role)) for role in grantable_roles(organisation)
    )


def grantable_roles(organisation: Organisation) -> tuple[Role, ...]:
    """In the order of the vocabulary. Those of a region only where one is led."""
    return roles_at(organisation.kind, leads_region=bool(regions_led_by(organisation.pk)))


def administrators_of(organisation_id: int) -> list[str]:
    """Names of those who grant roles there, for their colleagues."""
    organisation = Organisation.objects.get(pk=organisation_id)
    people = (
        User.objects.filter(
            is_active=True,
            memberships__organisation_id=organisation_id,
            memberships__role=admin_role(organisation.kind),
            memberships__ended_at__isnull=True,
        )
        .distinct()
        .order_by("full_name", "pk")
    )
    return [str(person) for person in people]


def _first_deeds(role: Role) -> str:
    """What sets this role apart, in a line: its deeds beside reading, the rarest first."""
    deeds = sorted(
        (deed for deed in deeds_of(role) if deed in WRITES), key=lambda deed: len(MAY[deed])
    )
    if not deeds:
        return "Reads everything of the organisation, writes nothing."
    text = "; ".join(deed.label for deed in deeds[:3])
    return f"{text[:1].upper()}{text[1:]}{' …' if len(deeds) > 3 else '.'}"


def _memberships(actor: Actor) -> QuerySet[Membership]:
    if not PEOPLE_READER.allows(actor):
        raise NotAllowed(PEOPLE_READER.reason)
    return (
        Membership.objects.filter(organisation_id=actor.organisation_id or 0)
        .select_related("user", "granted_by", "ended_by")
        .order_by("user_id", "granted_at", "pk")
    )


def _people(rows: QuerySet[Membership]) -> list[Person]:
    grouped: dict[int, list[Membership]] = {}
    for row in rows:
        grouped.setdefault(row.user_id, []).append(row)
    return [_person(found) for found in grouped.values()]


def _person(rows: Sequence[Membership]) -> Person:
    user = rows[0].user
    held = [_held(row) for row in rows]
    return Person(
        user.pk,
        str(user),
        user.email,
        user.is_active,
        tuple(row for row in held if row.until is None),
        tuple(row for row in held if row.until is not None),
    )


def _held(row: Membership) -> Held:
    return Held(
        row.role,
        Role(row.role).label,
        row.granted_at,
        str(row.granted_by or "the platform"),
        row.ended_at,
        str(row.ended_by or "the platform") if row.ended_at else "",
    )


def _history(rows: QuerySet[Membership], person_id: int) -> list[HistoryLine]:
    """Every grant and end of a role of this person here, newest first."""
    ids = rows.filter(user_id=person_id).values_list("pk", flat=True)
    lines = [line for pk in ids for line in history_of(target_type="membership", target_id=pk)]
    return sorted(lines, key=lambda line: line.at, reverse=True)


def _seats_elsewhere(actor: Actor, person_id: int) -> list[SeatElsewhere]:
    """What higher rooms name this person on, each told by a query of its own: people stand below every room."""
    return [
        SeatElsewhere(*told)
        for path in settings.PERSON_SEATS
        for told in import_string(path)(actor, person_id)
    ]
