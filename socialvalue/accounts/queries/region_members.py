"""Who belongs to the regions that the acting authority leads, since when and until when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from socialvalue.accounts.models import Organisation, Region, RegionMembership
from socialvalue.accounts.permissions import REGION_MEMBERS_READER, keeps_region
from socialvalue.accounts.rules import days_in_words
from socialvalue.accounts.vocabulary import AUTHORITY_KINDS, MemberStatus
from socialvalue.audit.queries import HistoryLine, history_of
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotAllowed, NotVisible
from socialvalue.core.tables import Column, Table


@dataclass(frozen=True, slots=True)
class RegionMember:
    """Days of an authority in a region, both counted; ``to_on`` None means it still belongs."""

    id: int
    authority: str
    authority_slug: str
    status: str
    from_on: date
    to_on: date | None
    is_withheld: bool

    @property
    def status_label(self) -> str:
        return MemberStatus(self.status).label

    @property
    def days(self) -> str:
        return days_in_words(self.from_on, self.to_on)

    @property
    def seen(self) -> dict[str, str]:
        """What the service compares with what is there now."""
        return {
            "status": self.status,
            "from_on": self.from_on.isoformat(),
            "to_on": self.to_on.isoformat() if self.to_on else "",
        }


@dataclass(frozen=True, slots=True)
class LedRegion:
    """A region, its lead, and everybody who belongs to it now, will, or did."""

    slug: str
    name: str
    lead: str
    now: Sequence[RegionMember]
    later: Sequence[RegionMember]
    before: Sequence[RegionMember]
    may_change: bool


def led_regions(actor: Actor) -> list[LedRegion]:
    """The regions the acting authority leads, by name. NotAllowed for who does not see their members."""
    if not REGION_MEMBERS_READER.allows(actor):
        raise NotAllowed(REGION_MEMBERS_READER.reason)
    rows = Region.objects.filter(pk__in=actor.region_ids).select_related("lead").order_by("name")
    return [_led(actor, row) for row in rows]


def led_region(actor: Actor, slug: str) -> LedRegion:
    """One of them. NotVisible for any other."""
    for found in led_regions(actor):
        if found.slug == slug:
            return found
    raise NotVisible


def _led(actor: Actor, region: Region) -> LedRegion:
    today = clock.today()
    members = [_member(row) for row in _rows(region.pk)]
    return LedRegion(
        region.slug,
        region.name,
        region.lead.name,
        [row for row in members if row.from_on <= today and (not row.to_on or row.to_on >= today)],
        [row for row in members if row.from_on > today],
        [row for row in members if row.to_on and row.to_on < today],
        keeps_region(actor, region.pk),
    )


def region_member(actor: Actor, slug: str, membership_id: int) -> RegionMember:
    """One time of one authority in a region the actor's authority leads. NotVisible for any other."""
    found = led_region(actor, slug)
    for row in (*found.now, *found.later, *found.before):
        if row.id == membership_id:
            return row
    raise NotVisible


def region_member_history(member: RegionMember) -> list[HistoryLine]:
    """Who recorded what when; the row was shown by ``region_member``."""
    return history_of(target_type="regionmembership", target_id=member.id)


def possible_members(actor: Actor, slug: str) -> list[tuple[str, str]]:
    """Slug and name of every authority but the region's lead."""
    lead = led_region(actor, slug).lead
    rows = Organisation.objects.filter(kind__in=AUTHORITY_KINDS).exclude(name=lead)
    return list(rows.order_by("name").values_list("slug", "name"))


def region_members_table(actor: Actor, slug: str) -> Table:
    """Every row of the region, for CSV and XLSX."""
    found = led_region(actor, slug)
    columns = [
        Column("Authority", width=40), Column("Status", width=18), Column("First day", "date"),
        Column("Last day", "date"), Column("Figures", width=14),
    ]  # fmt: skip
    rows = [
        (
            row.authority, row.status_label, row.from_on, row.to_on,
            "Withheld" if row.is_withheld else "Shared",
        )
        for row in (*found.now, *found.later, *found.before)
    ]  # fmt: skip
    return Table(f"Members of {found.name}", columns, rows)


def _rows(region_id: int) -> QuerySet[RegionMembership]:
    return (
        RegionMembership.objects.filter(region_id=region_id)
        .select_related("authority")
        .order_by("authority__name", "from_on")
    )


def _member(row: RegionMembership) -> RegionMember:
    return RegionMember(
        row.pk,
        row.authority.name,
        row.authority.slug,
        row.status,
        row.from_on,
        row.to_on,
        row.is_withheld,
    )
