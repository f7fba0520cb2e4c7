"""Who can see a record, in words and in rules at once: what a page tells is what its permissions ask. Pure.

A room's permissions say ``who_sees_…(record)``: one ``Sight`` for each group of people. ``sees`` is what a test holds
against the page itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from socialvalue.accounts.rules.deeds import MAY, may
from socialvalue.accounts.vocabulary import (
    AUTHORITY_KINDS,
    BUYER_ROLES,
    SUPPLIER_ROLES,
    Deed,
    OrganisationKind,
)
from socialvalue.core.actor import Actor


@dataclass(frozen=True, slots=True)
class Sight:
    """A group of people, what of the record they see, and until when; ``until`` is empty where it has no end.

    ``deeds`` and ``organisation_id`` say who they are: whoever acts for the organisation in a role that may do one of
    these. Without an organisation it is whoever works for any; without deeds it is everybody, signed in or not.
    """

    who: str
    what: str
    until: str = ""
    deeds: frozenset[Deed] = frozenset()
    organisation_id: int | None = None
    is_here: bool = True
    """They open this page. Otherwise they see what is said of it at an address of their own."""

    def __str__(self) -> str:
        until = f", until {self.until}" if self.until else ""
        return f"{self.who}: {self.what}{until}"


def people_of(
    name: str, organisation_id: int, *deeds: Deed, what: str, until: str = "", is_here: bool = True
) -> Sight:
    """The people of one organisation who may do one of these."""
    roles = frozenset(role for deed in deeds for role in MAY[deed])
    if roles >= BUYER_ROLES or roles >= SUPPLIER_ROLES:
        who = f"Everybody who works for {name}"
    else:
        labels = [role.label.lower() + "s" for role in sorted(roles, key=lambda role: role.label)]
        first, rest = labels[0].capitalize(), labels[1:]
        listed = f"{', '.join([first, *rest[:-1]])} and {rest[-1]}" if rest else first
        who = f"{listed} of {name}"
    return Sight(who, what, until, frozenset(deeds), organisation_id, is_here)


def people_of_authorities(what: str) -> Sight:
    return Sight(
        "Everybody who works for a council or combined authority",
        what,
        deeds=frozenset({Deed.READ_AUTHORITY}),
    )


def people_of_any(what: str) -> Sight:
    return Sight(
        "Everybody who works for a council, a combined authority or a supplier",
        what,
        deeds=frozenset({Deed.READ_AUTHORITY, Deed.READ_SUPPLIER}),
    )


def the_region(what: str) -> Sight:
    """Where the authority belongs to a region: what that one is told, on pages of its own."""
    return Sight(
        "Regional analysts of the authority that leads its region",
        what,
        deeds=frozenset({Deed.READ_REGION}),
        is_here=False,
    )


def everybody(what: str, until: str = "") -> Sight:
    return Sight("Everybody, without signing in", what, until)


def elsewhere(sight: Sight) -> Sight:
    """They see it at an address of their own."""
    return replace(sight, is_here=False)


def sees(actor: Actor, sights: Iterable[Sight]) -> bool:
    """The actor is among those who open this page."""
    return any(_is_among(actor, sight) for sight in sights if sight.is_here)


def _is_among(actor: Actor, sight: Sight) -> bool:
    if not sight.deeds:
        return True
    if sight.organisation_id is not None and sight.organisation_id not in actor.organisation_ids:
        return False
    return any(may(actor.roles, deed) and _is_of_side(actor, deed) for deed in sight.deeds)


def _is_of_side(actor: Actor, deed: Deed) -> bool:
    """A role counts at an organisation of its own side only."""
    if actor.organisation_kind == OrganisationKind.SUPPLIER:
        return not MAY[deed].isdisjoint(SUPPLIER_ROLES)
    return actor.organisation_kind in AUTHORITY_KINDS and not MAY[deed].isdisjoint(BUYER_ROLES)
