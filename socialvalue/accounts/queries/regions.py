"""Regions, who belongs to them when, and what they see."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from socialvalue.accounts.models import Region, RegionMembership
from socialvalue.accounts.permissions import AUTHORITY_MANAGER, manages_authority
from socialvalue.accounts.rules import RegionSees
from socialvalue.accounts.vocabulary import AccountDeed
from socialvalue.audit.queries import DatedDeed, HistoryLine, dated_deeds, history_of
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotAllowed, NotVisible


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


def agreed_as_at(region_id: int, first: date, last: date, day: date) -> frozenset[int]:
    """The members on at least one day of the period that agreed to be compared at the end of a past day.

    By when each choice was made, which the record tells; where no choice is on record, what stands now has stood
    from the first. Who belongs is read as it is recorded now.
    """
    rows = list(
        RegionMembership.objects.filter(region_id=region_id).order_by("authority_id", "from_on")
    )
    chosen: dict[int, list[DatedDeed]] = {}
    authorities = {row.pk: row.authority_id for row in rows}
    for deed in dated_deeds(
        target_type=RegionMembership._meta.model_name or "",
        deeds=[AccountDeed.REGION_SEES],
        target_ids=list(authorities),
    ):
        chosen.setdefault(authorities[deed.target_id or 0], []).append(deed)
    until = clock.end_of(day)
    belonging = {r.authority_id for r in rows if r.from_on <= last and (r.to_on or last) >= first}
    return frozenset(
        key
        for key in belonging
        if _stood(
            chosen.get(key, []),
            until,
            all(row.in_benchmark for row in rows if row.authority_id == key),
        )
    )


def _stood(choices: Sequence[DatedDeed], until: datetime, now: bool) -> bool:
    """Whether it agreed before ``until``: as it last chose by then, else as it was before it first chose."""
    by_then = [choice for choice in choices if choice.at < until]
    if by_then:
        return bool(by_then[-1].after["in_benchmark"])
    return bool(choices[0].before["in_benchmark"]) if choices else now


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


def ever_in(region_ids: Collection[int]) -> frozenset[int]:
    """The authorities that belong or belonged to one of these regions; leads not counted."""
    if not region_ids:
        return frozenset()
    rows = RegionMembership.objects.filter(region_id__in=region_ids).order_by()
    return frozenset(rows.values_list("authority_id", flat=True))


def belongings_of(authority_ids: Sequence[int], first: date, last: date) -> list[Belonging]:
    """The memberships of these authorities in any region on at least one day of the period; leads not counted."""
    rows = (
        RegionMembership.objects.filter(authority_id__in=set(authority_ids), from_on__lte=last)
        .filter(Q(to_on__isnull=True) | Q(to_on__gte=first))
        .order_by("authority_id", "region_id", "from_on")
    )
    return [Belonging(row.authority_id, row.region_id, row.from_on, row.to_on) for row in rows]
