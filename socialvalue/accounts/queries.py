"""People and organisations as others may know them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.core import signing
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from socialvalue.accounts.models import Membership, Organisation, Region, RegionMembership, User
from socialvalue.accounts.permissions import AUTHORITY_MANAGER, manages_authority
from socialvalue.accounts.rules import RegionSees
from socialvalue.accounts.vocabulary import (
    AUTHORITY_KINDS,
    COUNTY_OF,
    MORE_AREAS,
    OrganisationKind,
)
from socialvalue.audit.queries import HistoryLine, history_of
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotAllowed, NotVisible


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


def seats_of(user_id: int) -> list[Seat]:
    """Every organisation the person may act for, by name."""
    rows = (
        Membership.objects.filter(user_id=user_id, ended_at__isnull=True)
        .select_related("organisation")
        .order_by("organisation__name", "organisation_id")
    )
    seats: dict[int, Seat] = {}
    for row in rows:
        found = seats.get(row.organisation_id)
        held = (found.roles if found else frozenset()) | {row.role}
        organisation = row.organisation
        seats[row.organisation_id] = Seat(
            organisation.pk,
            organisation.name,
            organisation.slug,
            organisation.kind,
            organisation.brand_colour,
            organisation.is_demonstration,
            held,
        )
    return list(seats.values())


def regions_led_by(organisation_id: int) -> frozenset[int]:
    return frozenset(Region.objects.filter(lead_id=organisation_id).values_list("pk", flat=True))


def actor_for(user: User, organisation_slug: str = "") -> Actor:
    """The actor of this person at this organisation, or at their first. NotVisible if they have no seat there."""
    seats = seats_of(user.pk)
    if organisation_slug:
        seats = [seat for seat in seats if seat.slug == organisation_slug]
        if not seats:
            raise NotVisible
    if not seats:
        return Actor(user_id=user.pk, name=str(user))
    return actor_in(user, seats[0])


def actor_in(user: User, seat: Seat) -> Actor:
    return Actor(
        user_id=user.pk,
        name=str(user),
        organisation_id=seat.organisation_id,
        organisation_name=seat.name,
        organisation_kind=seat.kind,
        roles=seat.roles,
        region_ids=regions_led_by(seat.organisation_id),
    )


def user_by_email(email: str) -> User | None:
    return User.objects.filter(email__iexact=email).first()


def authorities() -> QuerySet[Organisation]:
    """Every council and combined authority. Public knowledge."""
    return Organisation.objects.filter(kind__in=AUTHORITY_KINDS).order_by("name")


def suppliers() -> QuerySet[Organisation]:
    """Every supplier, for an authority that invites. Names only are public knowledge."""
    return Organisation.objects.filter(kind=OrganisationKind.SUPPLIER).order_by("name")


def organisation(slug: str) -> Organisation:
    """One organisation by slug. NotVisible when there is none."""
    found = Organisation.objects.filter(slug=slug).first()
    if found is None:
        raise NotVisible(f"There is no organisation called {slug!r}.")
    return found


def organisation_names(ids: Sequence[int]) -> dict[int, str]:
    return dict(Organisation.objects.filter(pk__in=set(ids)).values_list("pk", "name"))


def authority_named(name: str) -> Organisation | None:
    """The authority a notice means by this name: exact name or known alias, case and spacing aside."""
    wanted = _plain(name)
    for found in authorities():
        if wanted in {_plain(known) for known in (found.name, *found.aliases)}:
            return found
    return None


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", name.lower()).strip()


def people_with_role(organisation_id: int, *roles: str) -> QuerySet[User]:
    """Active people who hold one of these roles at the organisation."""
    return (
        User.objects.filter(
            is_active=True,
            memberships__organisation_id=organisation_id,
            memberships__role__in=roles,
            memberships__ended_at__isnull=True,
        )
        .distinct()
        .order_by("full_name", "pk")
    )


def people_of(organisation_ids: Sequence[int], *roles: str) -> dict[int, list[User]]:
    """Active people who hold one of these roles, by organisation. One query."""
    rows = (
        Membership.objects.filter(
            organisation_id__in=set(organisation_ids),
            role__in=roles,
            ended_at__isnull=True,
            user__is_active=True,
        )
        .select_related("user")
        .order_by("user__full_name", "user_id", "pk")
    )
    found: dict[int, list[User]] = {}
    for row in rows:
        people = found.setdefault(row.organisation_id, [])
        if row.user not in people:
            people.append(row.user)
    return found


def region_of(authority_id: int, on: date) -> Region | None:
    """The region this authority belongs to on that day: as its lead, or as a member."""
    return (
        Region.objects.filter(
            Q(lead_id=authority_id)
            | Q(
                memberships__authority_id=authority_id,
                memberships__from_on__lte=on,
            )
            & (Q(memberships__to_on__isnull=True) | Q(memberships__to_on__gte=on))
        )
        .order_by("pk")
        .first()
    )


def region(slug: str) -> Region:
    found = Region.objects.filter(slug=slug).select_related("lead").first()
    if found is None:
        raise NotVisible(f"There is no region called {slug!r}.")
    return found


def regions(ids: Sequence[int] | frozenset[int] | None = None) -> QuerySet[Region]:
    rows = Region.objects.select_related("lead").order_by("name")
    return rows if ids is None else rows.filter(pk__in=ids)


@dataclass(frozen=True, slots=True)
class Member:
    """An authority in a region for part of a period: ``from_on`` … ``to_on``, both days counted."""

    organisation_id: int
    slug: str
    name: str
    status: str
    from_on: date
    to_on: date | None
    tile_code: str
    tile_column: int | None
    tile_row: int | None
    is_lead: bool = False
    is_withheld: bool = False
    """It withholds its figures from the region: nothing of it may be shown there but its name."""


def members_of(region_id: int, first: date, last: date) -> list[Member]:
    """The region's lead and every authority that was a member on at least one day of the period."""
    region = Region.objects.select_related("lead").get(pk=region_id)
    lead = region.lead
    found = [
        Member(
            lead.pk, lead.slug, lead.name, "lead", date.min, None,
            lead.tile_code, lead.tile_column, lead.tile_row, is_lead=True,
        )
    ]  # fmt: skip
    rows = (
        RegionMembership.objects.filter(region_id=region_id, from_on__lte=last)
        .filter(Q(to_on__isnull=True) | Q(to_on__gte=first))
        .select_related("authority")
        .annotate(withholds=Exists(_of_same().filter(is_withheld=True)))
        .order_by("authority__name", "from_on")
    )
    for row in rows:
        authority = row.authority
        found.append(
            Member(
                authority.pk, authority.slug, authority.name, row.status, row.from_on, row.to_on,
                authority.tile_code, authority.tile_column, authority.tile_row,
                is_withheld=row.withholds,
            )
        )  # fmt: skip
    return found


def _of_same() -> QuerySet[RegionMembership]:
    """Every time the same authority spent in the same region."""
    return RegionMembership.objects.filter(
        region_id=OuterRef("region_id"), authority_id=OuterRef("authority_id")
    )


def compared_in(region_id: int, first: date, last: date) -> dict[int, str]:
    """Names of the members on at least one day of the period that agree to be compared, in alphabetical order."""
    rows = (
        RegionMembership.objects.filter(region_id=region_id, from_on__lte=last)
        .filter(Q(to_on__isnull=True) | Q(to_on__gte=first))
        .exclude(Exists(_of_same().filter(in_benchmark=False)))
        .order_by("authority__name", "authority_id")
    )
    return dict(rows.values_list("authority_id", "authority__name"))


@dataclass(frozen=True, slots=True)
class RegionChoice:
    """What an authority lets one region see. ``version`` moves with every change; ``membership_id`` is its latest."""

    region_id: int
    slug: str
    name: str
    lead_name: str
    sees: RegionSees
    version: int
    membership_id: int


def region_choices(actor: Actor) -> list[RegionChoice]:
    """The regions the acting authority belongs or belonged to, by name, and what each sees.

    NotAllowed for who does not decide it. The region's lead always shares with its own region, so it has no choice.
    """
    if not manages_authority(actor):
        raise NotAllowed(AUTHORITY_MANAGER.reason)
    return _choices(actor.organisation_id or 0)


def regions_comparing(authority_id: int) -> list[RegionChoice]:
    """The regions in which this authority agrees to be compared. The caller has shown that the actor is of it."""
    return [row for row in _choices(authority_id) if row.sees.in_benchmark]


def _choices(authority_id: int) -> list[RegionChoice]:
    rows = (
        RegionMembership.objects.filter(authority_id=authority_id)
        .select_related("region", "region__lead")
        .order_by("region__name", "region_id", "from_on")
    )
    grouped: dict[int, list[RegionMembership]] = {}
    for row in rows:
        grouped.setdefault(row.region_id, []).append(row)
    return [
        RegionChoice(
            region_id,
            found[0].region.slug,
            found[0].region.name,
            found[0].region.lead.name,
            RegionSees(
                any(row.is_withheld for row in found), all(row.in_benchmark for row in found)
            ),
            sum(row.choice_version for row in found),
            found[-1].pk,
        )
        for region_id, found in grouped.items()
    ]


def region_choice(actor: Actor, slug: str = "") -> RegionChoice | None:
    """One of the ``region_choices``, or the first; None for an authority without a region. NotVisible for any other."""
    found = region_choices(actor)
    if not slug:
        return found[0] if found else None
    for row in found:
        if row.slug == slug:
            return row
    raise NotVisible


def region_choice_history(choice: RegionChoice) -> list[HistoryLine]:
    """Who chose what when; the choice was shown by ``region_choice``."""
    return history_of(target_type="regionmembership", target_id=choice.membership_id)


@dataclass(frozen=True, slots=True)
class Belonging:
    """Days of an authority in a region, both counted; ``to_on`` None means it still belongs."""

    authority_id: int
    region_id: int
    from_on: date
    to_on: date | None


def belongings_of(authority_ids: Sequence[int], first: date, last: date) -> list[Belonging]:
    """The memberships of these authorities in any region on at least one day of the period; leads not counted."""
    rows = (
        RegionMembership.objects.filter(authority_id__in=set(authority_ids), from_on__lte=last)
        .filter(Q(to_on__isnull=True) | Q(to_on__gte=first))
        .order_by("authority_id", "region_id", "from_on")
    )
    return [Belonging(row.authority_id, row.region_id, row.from_on, row.to_on) for row in rows]


# --- registering -----------------------------------------------------------------------------------

REGISTRATION_DAYS = 3
_SIGNER = signing.Signer(salt="accounts.registration", sep=".")


@dataclass(frozen=True, slots=True)
class Registration:
    """What a registration link says: whose address is proven, why one registers, and where to go afterwards."""

    email: str
    about: str
    next_path: str
    expires_at: datetime
    is_expired: bool
    has_account: bool


def own_path(path: str) -> str:
    """The path when it is one of this site's, else nothing: nobody is sent elsewhere."""
    is_ours = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if is_ours else ""


def sign_in_path(next_path: str = "") -> str:
    """The sign-in page, and back."""
    path = own_path(next_path)
    return reverse("account_login") + (f"?{urlencode({'next': path})}" if path else "")


def registration_path(email: str, *, next_path: str = "", about: str = "") -> str:
    """A signed address at which whoever holds it registers with this e-mail address, for three days.

    To be given only to who has shown that they read this address' letters.
    """
    until = registration_ends()
    told = [email, about, own_path(next_path), until.isoformat()]
    return reverse("accounts:register_with", args=[_SIGNER.sign_object(told, compress=True)])


def registration_ends() -> datetime:
    """When a registration link that is made now expires."""
    return clock.now() + timedelta(days=REGISTRATION_DAYS)


def registration_of(token: str) -> Registration:
    """What a registration link says. NotVisible when it was not signed here."""
    try:
        email, about, next_path, until = _SIGNER.unsign_object(token)
    except (signing.BadSignature, ValueError):
        raise NotVisible from None
    expires_at = datetime.fromisoformat(until)
    return Registration(
        email=email,
        about=about,
        next_path=next_path,
        expires_at=expires_at,
        is_expired=clock.now() >= expires_at,
        has_account=user_by_email(email) is not None,
    )


def name_taken(name: str) -> str:
    """The organisation that has this name already, case and spacing aside; nothing when none has."""
    wanted = _plain(name)
    names = Organisation.objects.order_by("pk").values_list("name", flat=True)
    return next((known for known in names if _plain(known) == wanted), "") if wanted else ""


def council_areas() -> list[tuple[str, str]]:
    """The areas an organisation can say it is in: slug, and the council whose area it is, in alphabetical order."""
    rows = Organisation.objects.filter(kind=OrganisationKind.COUNCIL)
    found = dict(rows.values_list("slug", "name"))
    return sorted((MORE_AREAS | found).items(), key=lambda area: area[1])


def county_of(place: str) -> str:
    """The county council's area that a district lies in; empty where one council does everything."""
    return COUNTY_OF.get(place, "")


def organisation_of(actor: Actor) -> Organisation:
    """The organisation the actor acts for. NotVisible without one."""
    if actor.organisation_id is None:
        raise NotVisible
    return Organisation.objects.get(pk=actor.organisation_id)
