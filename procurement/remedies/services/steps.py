"""Parts of the deeds of this room: finding and locking what they change."""

from __future__ import annotations

from procurement.remedies.models import Shortfall
from procurement.remedies.permissions import can_see_contract
from procurement.remedies.queries.standing import UNFINISHED
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotVisible

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
