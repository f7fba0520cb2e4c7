"""Predicates about role and organisation. Rules about an object are in the room that owns it."""

from __future__ import annotations

from socialvalue.accounts.vocabulary import (
    AUTHORITY_KINDS,
    BUYER_ROLES,
    SUPPLIER_ROLES,
    OrganisationKind,
    Role,
)
from socialvalue.core.access import ANYONE, SIGNED_IN, Access
from socialvalue.core.actor import Actor

__all__ = [
    "ANYONE",
    "AUTHORITY_MANAGER",
    "BUYER",
    "SIGNED_IN",
    "SUPPLIER",
    "acts_for",
    "is_buyer",
    "is_supplier",
    "roles",
]


def is_buyer(actor: Actor) -> bool:
    """Acting for an authority with at least one buyer-side role."""
    return actor.organisation_kind in AUTHORITY_KINDS and actor.has(*BUYER_ROLES)


def is_supplier(actor: Actor) -> bool:
    return actor.organisation_kind == OrganisationKind.SUPPLIER and actor.has(*SUPPLIER_ROLES)


def acts_for(actor: Actor, organisation_id: int | None) -> bool:
    """The actor acts for this organisation (never true without one)."""
    return organisation_id is not None and actor.organisation_id == organisation_id


def roles(*wanted: Role) -> Access:
    """Access for people who hold any of these roles where they act."""
    names = " or ".join(sorted(role.label.lower() for role in wanted))
    article = "an" if names[:1] in "aeiou" else "a"
    return Access(
        f"roles: {', '.join(sorted(wanted))}",
        lambda actor: actor.has(*wanted),
        f"This page is for {article} {names}. Ask your organisation's administrator for that role.",
    )


BUYER = Access(
    "buyer side", is_buyer, "This page is for people who work for a council or combined authority."
)
SUPPLIER = Access("supplier side", is_supplier, "This page is for people who work for a supplier.")


def manages_authority(actor: Actor) -> bool:
    """Decides for the authority what others see of it."""
    return is_buyer(actor) and actor.has(Role.DIRECTORATE_MANAGER, Role.ORGANISATION_ADMIN)


AUTHORITY_MANAGER = Access(
    "managers of an authority",
    manages_authority,
    "Only a directorate manager or an organisation administrator decides what the region sees. "
    "Ask your organisation's administrator.",
)
