"""Parts of the deeds of this room: finding and locking what they change, and writing to people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from procurement.awards.permissions import Parties
from procurement.remedies.models import Shortfall
from procurement.remedies.permissions import can_see_contract, is_buying
from procurement.remedies.queries.standing import UNFINISHED
from socialvalue.accounts.queries import people_with_role
from socialvalue.accounts.vocabulary import SUPPLIER_ROLES, Role
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotVisible
from socialvalue.core.letters import post

CHANGED = "This page changed after you opened it. Read it as it is now, then decide."


def locked_shortfall(actor: Actor, shortfall_id: int) -> Shortfall:
    """A shortfall of the actor's own contract, to change. NotVisible for anybody else."""
    found = (
        Shortfall.objects.select_for_update(of=("self",))
        .select_related("contract", "authority", "supplier")
        .filter(pk=shortfall_id)
        .first()
    )
    if found is None or not can_see_contract(actor, found):
        raise NotVisible
    return found


def check_unfinished(row: Shortfall, expected_version: int | None = None) -> None:
    """Conflict when it is closed, or changed since the person read it."""
    if row.status not in UNFINISHED:
        raise Conflict(
            f"This shortfall is finished already ({row.get_status_display().lower()}): {row.outcome}"
        )
    if expected_version is not None and row.version != expected_version:
        raise Conflict(CHANGED)


def bump(row: Shortfall, **values: object) -> None:
    """Save these values with the next version. Call with the row locked."""
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1
    row.save(update_fields=[*values, "version"])


def write_to_party(
    organisation_id: int,
    roles: Iterable[str],
    template: str,
    context: Mapping[str, object],
    *,
    but: int | None = None,
) -> None:
    """One letter to everybody who holds one of these roles there, except the person ``but``."""
    for person in people_with_role(organisation_id, *roles):
        if person.pk != but:
            post(person.email, template, {**context, "person": str(person)})


def write_to_other(
    actor: Actor, parties: Parties, template: str, context: Mapping[str, object]
) -> None:
    """To the other side of the contract: its contract managers, or everybody at the supplier."""
    if is_buying(actor, parties):
        write_to_party(parties.supplier_id, SUPPLIER_ROLES, template, context, but=actor.user_id)
    else:
        write_to_party(
            parties.authority_id, [Role.CONTRACT_MANAGER], template, context, but=actor.user_id
        )
