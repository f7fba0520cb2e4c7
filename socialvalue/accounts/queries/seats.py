"""Where a person may act, and as what."""

from __future__ import annotations

from dataclasses import dataclass

from socialvalue.accounts.models import Membership, Organisation, Region, User
from socialvalue.accounts.vocabulary import OrganisationKind
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible


@dataclass(frozen=True, slots=True)
class Seat:
    """One organisation a person may act for, with the roles held there."""

    organisation_id: int
    name: str
    slug: str
    kind: str
    brand_colour: str
    is_demonstration: bool
    roles: frozenset[str]
    asks_second_step: bool = False


def seats_of(user_id: int) -> list[Seat]:
    """Every organisation the person may act for, by name. One that was merged into another is that other."""
    rows = (
        Membership.objects.filter(user_id=user_id, ended_at__isnull=True)
        .select_related("organisation__merged_into")
        .order_by("organisation__name", "organisation_id")
    )
    seats: dict[int, Seat] = {}
    for row in rows:
        organisation = row.organisation.merged_into or row.organisation
        found = seats.get(organisation.pk)
        held = (found.roles if found else frozenset()) | {row.role}
        seats[organisation.pk] = Seat(
            organisation.pk,
            organisation.name,
            organisation.slug,
            organisation.kind,
            organisation.brand_colour,
            organisation.is_demonstration,
            held,
            organisation.asks_second_step,
        )
    return list(seats.values())


def regions_led_by(organisation_id: int) -> frozenset[int]:
    return frozenset(Region.objects.filter(lead_id=organisation_id).values_list("pk", flat=True))


def merged_into(organisation_id: int) -> frozenset[int]:
    """The suppliers that this one goes on for."""
    rows = Organisation.objects.filter(merged_into_id=organisation_id)
    return frozenset(rows.values_list("pk", flat=True))


def actor_for(user: User, organisation_slug: str = "") -> Actor:
    """The actor of this person at this organisation, or at their first. NotVisible if they have no seat there."""
    if user.is_staff and not organisation_slug:
        return operator(user)
    # An operator holds no role: what is left of earlier ones does not count.
    seats = [] if user.is_staff else seats_of(user.pk)
    if organisation_slug:
        seats = [seat for seat in seats if seat.slug == organisation_slug]
        if not seats:
            raise NotVisible
    if not seats:
        return Actor(user_id=user.pk, name=str(user))
    return actor_in(user, seats[0])


def operator(user: User) -> Actor:
    """Somebody who keeps the service running, and acts for no organisation."""
    return Actor(user_id=user.pk, name=str(user), is_operator=True)


def actor_in(user: User, seat: Seat) -> Actor:
    is_supplier = seat.kind == OrganisationKind.SUPPLIER
    return Actor(
        user_id=user.pk,
        name=str(user),
        organisation_id=seat.organisation_id,
        organisation_name=seat.name,
        organisation_kind=seat.kind,
        roles=seat.roles,
        # A supplier leads no region, an authority is merged into nothing: one query for either.
        region_ids=frozenset() if is_supplier else regions_led_by(seat.organisation_id),
        merged_ids=merged_into(seat.organisation_id) if is_supplier else frozenset(),
    )
