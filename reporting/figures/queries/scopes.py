"""What a figure is about: which authorities, which period, and for a region which months of each member."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from reporting.figures.permissions import can_see_authority, can_see_region
from reporting.figures.rules.spans import Span, Window
from socialvalue.accounts import queries as accounts
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """An authority of a region in a period, with the days it belonged."""

    id: int
    slug: str
    name: str
    status: str
    windows: tuple[Window, ...]
    tile_code: str
    tile_column: int | None
    tile_row: int | None


@dataclass(frozen=True, slots=True)
class Scope:
    """Made only by ``council_scope`` and ``region_scope``, which show that the actor may see it."""

    name: str
    authority_ids: tuple[int, ...]
    span: Span
    region_id: int | None = None
    region_slug: str = ""
    members: tuple[MemberFacts, ...] = field(default=())

    def counts(self, authority_id: int, month: date) -> bool:
        """True when this month of this authority is part of the total."""
        if self.region_id is None:
            return authority_id in self.authority_ids
        return any(w.covers(month) for w in self.windows.get(authority_id, ()))

    @property
    def windows(self) -> Mapping[int, tuple[Window, ...]]:
        return {member.id: member.windows for member in self.members}

    def of(self, span: Span) -> Scope:
        return replace(self, span=span)


def council_scope(actor: Actor, span: Span) -> Scope:
    """The acting authority's own figures. NotVisible for anybody who does not act for an authority."""
    if actor.organisation_id is None or not can_see_authority(actor, actor.organisation_id):
        raise NotVisible
    return Scope(actor.organisation_name, (actor.organisation_id,), span)


def region_scope(actor: Actor, span: Span, region_slug: str = "") -> Scope:
    """A region the acting organisation leads: the one named, or its first. NotVisible otherwise."""
    regions = list(accounts.regions(actor.region_ids))
    found = next((r for r in regions if not region_slug or r.slug == region_slug), None)
    if found is None or not can_see_region(actor, found.pk):
        raise NotVisible
    members = _members(found.pk, span)
    return Scope(
        found.name, tuple(member.id for member in members), span, found.pk, found.slug, members
    )


def _members(region_id: int, span: Span) -> tuple[MemberFacts, ...]:
    """Every authority that belonged in this period or the year before, each once with all its days."""
    grouped: dict[int, list[accounts.Member]] = {}
    for row in accounts.members_of(region_id, span.earlier().first, span.last):
        grouped.setdefault(row.organisation_id, []).append(row)
    return tuple(
        MemberFacts(
            key,
            rows[-1].slug,
            rows[-1].name,
            rows[-1].status,
            tuple(Window(row.from_on, row.to_on) for row in rows),
            rows[-1].tile_code,
            rows[-1].tile_column,
            rows[-1].tile_row,
        )
        for key, rows in grouped.items()
    )
