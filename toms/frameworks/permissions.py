"""Who may write editions, and who decides which of them are used."""

from __future__ import annotations

from collections.abc import Sequence

from socialvalue.accounts.permissions import acts_for, allowed, for_deed, is_buyer
from socialvalue.accounts.rules import Sight, people_of, people_of_any
from socialvalue.accounts.vocabulary import Deed
from socialvalue.core.actor import Actor

MEASURE_WRITER = for_deed(Deed.WRITE_MEASURES)
ADOPTER = for_deed(Deed.ADOPT_MEASURES)


def may_write(actor: Actor, holder_id: int | None) -> bool:
    """The platform writes open editions; an authority's policy owner those that it holds."""
    if actor.is_system:
        return True
    return is_buyer(actor) and acts_for(actor, holder_id) and allowed(actor, Deed.WRITE_MEASURES)


WHY_NOT_ADOPT = "Choosing which measures are used is for the policy owner of your organisation."
WHY_NOT_ADOPT_FOR_REGION = (
    "Choosing which measures a region uses is for the policy owner of the authority that leads it."
)


def can_adopt(actor: Actor, authority_id: int | None, region_id: int | None) -> bool:
    """The authority's policy owner; for a region, the policy owner of the authority that leads it."""
    if actor.is_system:
        return True
    if not is_buyer(actor) or not allowed(actor, Deed.ADOPT_MEASURES):
        return False
    return acts_for(actor, authority_id) or (
        region_id is not None and region_id in actor.region_ids
    )


def who_sees_edition(
    holder: tuple[int, str] | None, region_members: Sequence[tuple[int, str]] = ()
) -> tuple[Sight, ...]:
    """An open edition is for everybody who works here. A licensed one is its holder's, and, where a region shares it,
    that of the region's authorities."""
    if holder is None:
        return (people_of_any("the measures with their words and values"),)
    told = "the measures with their words, under the holder’s licence"
    places = dict([holder, *region_members])
    found = [
        people_of(name, place, Deed.READ_AUTHORITY, what=told) for place, name in places.items()
    ]
    found.append(
        Sight(
            "Everybody else who works here",
            "codes and units where something was promised under it, not the words",
            deeds=frozenset({Deed.READ_AUTHORITY, Deed.READ_SUPPLIER}),
            is_here=False,
        )
    )
    return tuple(found)
