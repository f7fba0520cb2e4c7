"""Which authorities belong to a region, and from when to when: kept by the administrators of its lead authority."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q

from socialvalue.accounts.models import Organisation, Region, RegionMembership
from socialvalue.accounts.permissions import REGION_KEEPER, keeps_region
from socialvalue.accounts.rules import days_in_words
from socialvalue.accounts.vocabulary import AUTHORITY_KINDS, AccountDeed, MemberStatus
from socialvalue.audit.services import record
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken

MEMBERSHIP_CHANGED = "Somebody else changed who belongs to the region while you were deciding."


@transaction.atomic
def add_region_member(
    *,
    actor: Actor,
    region_slug: str,
    authority_slug: str,
    status: MemberStatus,
    from_on: date,
    to_on: date | None = None,
) -> RegionMembership:
    """An authority belongs to a region the actor's authority leads, from a day to a day, both counted.

    What it let the region see in earlier times there holds on. NotAllowed for who does not keep the region, NotVisible
    for an unknown authority, RuleBroken for days that overlap others.
    """
    region = _kept(actor, region_slug)
    authority = Organisation.objects.filter(slug=authority_slug, kind__in=AUTHORITY_KINDS).first()
    if authority is None:
        raise NotVisible
    _check_days(region, authority, status, from_on, to_on)
    earlier = region.memberships.filter(authority=authority).order_by("-from_on").first()
    row = RegionMembership.objects.create(
        region=region,
        authority=authority,
        status=status,
        from_on=from_on,
        to_on=to_on,
        is_withheld=earlier is not None and earlier.is_withheld,
        in_benchmark=earlier is not None and earlier.in_benchmark,
    )
    record(
        actor=actor,
        deed=AccountDeed.MEMBERSHIP_RECORDED,
        sentence=f"{authority} belongs to {region}: {days_in_words(from_on, to_on)}.",
        target=row,
        after=_told(row),
    )
    return row


@transaction.atomic
def change_region_member(
    *,
    actor: Actor,
    region_slug: str,
    membership_id: int,
    status: MemberStatus,
    from_on: date,
    to_on: date | None,
    seen: Mapping[str, Any],
) -> RegionMembership:
    """Other days, or another status. ``seen`` is what ``region_member`` told when the page was opened.

    Totals of the region follow at once, for every period. NotAllowed, RuleBroken as above; NotVisible for a row of
    another region; Conflict when somebody changed it since.
    """
    region = _kept(actor, region_slug)
    row = region.memberships.select_related("authority").filter(pk=membership_id).first()
    if row is None:
        raise NotVisible
    before = _told(row)
    if before != dict(seen):
        raise Conflict(MEMBERSHIP_CHANGED)
    _check_days(region, row.authority, status, from_on, to_on, but=row.pk)
    row.status, row.from_on, row.to_on = status, from_on, to_on
    after = _told(row)
    if before == after:
        return row
    row.save(update_fields=["status", "from_on", "to_on"])
    record(
        actor=actor,
        deed=AccountDeed.MEMBERSHIP_RECORDED,
        sentence=f"{row.authority} belongs to {region}: {days_in_words(from_on, to_on)}.",
        target=row,
        before=before,
        after=after,
    )
    return row


def _kept(actor: Actor, slug: str) -> Region:
    """The region, held, for who keeps it. NotVisible for a region that another authority leads."""
    if not REGION_KEEPER.allows(actor):
        raise NotAllowed(REGION_KEEPER.reason)
    region = Region.objects.select_for_update(of=("self",)).filter(slug=slug).first()
    if region is None or not keeps_region(actor, region.pk):
        raise NotVisible
    return region


def _told(row: RegionMembership) -> dict[str, Any]:
    return {
        "status": str(row.status),
        "from_on": row.from_on.isoformat(),
        "to_on": row.to_on.isoformat() if row.to_on else "",
    }


def _check_days(
    region: Region,
    authority: Organisation,
    status: MemberStatus,
    from_on: date,
    to_on: date | None,
    *,
    but: int | None = None,
) -> None:
    if authority.pk == region.lead_id:
        raise RuleBroken(
            f"{authority} leads the region, so it always belongs to it.", field="authority"
        )
    if to_on is not None and to_on < from_on:
        raise RuleBroken("The last day must be the first day or later", field="to_on")
    overlapping = RegionMembership.objects.filter(authority=authority).filter(
        Q(to_on__isnull=True) | Q(to_on__gte=from_on)
    )
    if to_on is not None:
        overlapping = overlapping.filter(from_on__lte=to_on)
    for other in overlapping.exclude(pk=but or 0).select_related("region").order_by("from_on"):
        days = days_in_words(other.from_on, other.to_on)
        if other.region_id == region.pk:
            raise RuleBroken(
                f"{authority} belongs to the region already: {days}. Change those days instead",
                field="from_on",
            )
        if MemberStatus.CONSTITUENT == status == other.status:
            raise RuleBroken(
                f"{authority} is a constituent member of {other.region}: {days}. An authority is a constituent member "
                "of one region at a time",
                field="from_on",
            )
