"""Predicates about role and organisation. Rules about an object are in the room that owns it."""

from __future__ import annotations

from socialvalue.accounts.rules import MAY, may
from socialvalue.accounts.vocabulary import AUTHORITY_KINDS, Deed, OrganisationKind, Role
from socialvalue.core.access import ANYONE, SIGNED_IN, Access
from socialvalue.core.actor import Actor

__all__ = [
    "ANYONE",
    "AUTHORITY_MANAGER",
    "BUYER",
    "OPERATOR",
    "OWN_AUTHORITY",
    "OWN_SUPPLIER",
    "PARTY",
    "PEOPLE_MANAGER",
    "PEOPLE_READER",
    "RECORD_READER",
    "REGION_KEEPER",
    "REGION_MEMBERS_READER",
    "SEALS_READER",
    "SIGNED_IN",
    "SUPPLIER",
    "acts_for",
    "allowed",
    "for_deed",
    "is_buyer",
    "is_supplier",
    "keeps_region",
    "manages_authority",
    "roles_for",
]


def allowed(actor: Actor, *deeds: Deed) -> bool:
    """A role the actor holds where they act may do one of these deeds, says the table."""
    return any(may(actor.roles, deed) for deed in deeds)


def is_buyer(actor: Actor) -> bool:
    """Acting for an authority with at least one buyer-side role."""
    return actor.organisation_kind in AUTHORITY_KINDS and allowed(actor, Deed.READ_AUTHORITY)


def is_supplier(actor: Actor) -> bool:
    return actor.organisation_kind == OrganisationKind.SUPPLIER and allowed(
        actor, Deed.READ_SUPPLIER
    )


def acts_for(actor: Actor, organisation_id: int | None) -> bool:
    """The actor acts for this organisation, or for the one it was merged into (never true without one)."""
    return organisation_id is not None and organisation_id in actor.organisation_ids


def roles_for(*deeds: Deed) -> tuple[Role, ...]:
    """The roles that may do one of these, by name: for asking who they are, never whether somebody may."""
    return tuple(sorted({role for deed in deeds for role in MAY[deed]}))


def for_deed(*deeds: Deed) -> Access:
    """Access for people who may do any of these where they act."""
    wanted = roles_for(*deeds)
    names = " or ".join(sorted(role.label.lower() for role in wanted))
    article = "an" if names[:1] in "aeiou" else "a"
    return Access(
        f"roles: {', '.join(wanted)}",
        lambda actor: allowed(actor, *deeds),
        f"This page is for {article} {names}. Ask your organisation's administrator for that role.",
    )


BUYER = Access(
    "buyer side", is_buyer, "This page is for people who work for a council or combined authority."
)
SUPPLIER = Access("supplier side", is_supplier, "This page is for people who work for a supplier.")


PARTY = Access(
    "buyer or supplier",
    lambda actor: is_buyer(actor) or is_supplier(actor),
    "This page is for people who work for a council, a combined authority or a supplier.",
)


def manages_authority(actor: Actor) -> bool:
    """Decides for the authority what others see of it."""
    return is_buyer(actor) and allowed(actor, Deed.CHOOSE_REGION_SEES)


OWN_SUPPLIER = Access(
    "administrators of a supplier",
    lambda actor: is_supplier(actor) and allowed(actor, Deed.DESCRIBE_ORGANISATION),
    "This page is for a supplier administrator. Ask your organisation's administrator for that role.",
)
OWN_AUTHORITY = Access(
    "administrators of an authority",
    lambda actor: is_buyer(actor) and allowed(actor, Deed.DESCRIBE_ORGANISATION),
    "This page is for an organisation administrator. Ask your organisation's administrator for that role.",
)
AUTHORITY_MANAGER = Access(
    "managers of an authority",
    manages_authority,
    "Only a directorate manager or an organisation administrator decides what the region sees. "
    "Ask your organisation's administrator.",
)


def keeps_region(actor: Actor, region_id: int) -> bool:
    """A regional administrator of the authority that leads this region."""
    return REGION_KEEPER.allows(actor) and region_id in actor.region_ids


OPERATOR = Access(
    "platform operators",
    lambda actor: actor.is_operator,
    "This page is for the people who keep the service running.",
)
PEOPLE_MANAGER = Access(
    "administrators of an organisation",
    lambda actor: allowed(actor, Deed.MANAGE_PEOPLE),
    "Only an administrator of your organisation invites people and changes their roles.",
)
PEOPLE_READER = Access(
    "who sees the people of an organisation",
    lambda actor: allowed(actor, Deed.READ_PEOPLE),
    "Who holds which role is shown to the organisation's administrators, directorate managers and auditors.",
)
RECORD_READER = Access(
    "who reads the record of an organisation",
    lambda actor: allowed(actor, Deed.READ_RECORD),
    "The record of your organisation is read by its administrators, directorate managers and auditors.",
)
SEALS_READER = Access(
    "who reads the record of an authority",
    lambda actor: is_buyer(actor) and allowed(actor, Deed.READ_RECORD),
    "The seals are read by administrators, directorate managers and auditors of a council or combined authority.",
)
REGION_KEEPER = Access(
    "administrators of a region's lead authority",
    lambda actor: (
        is_buyer(actor) and allowed(actor, Deed.KEEP_MEMBERSHIPS) and bool(actor.region_ids)
    ),
    "Only a regional administrator of the authority that leads the region says who belongs to it.",
)
REGION_MEMBERS_READER = Access(
    "who sees the members of a region",
    lambda actor: (
        is_buyer(actor) and allowed(actor, Deed.READ_MEMBERSHIPS) and bool(actor.region_ids)
    ),
    "This page is for people of the authority that leads a region. Ask your organisation's administrator.",
)
