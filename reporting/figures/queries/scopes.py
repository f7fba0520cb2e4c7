"""What a figure is about: which authorities, which period, and for a region which months of each member."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache

from procurement.awards import queries as awards
from procurement.ledger.rules import Stretch
from reporting.figures.permissions import can_see_authority, can_see_region
from reporting.figures.rules.spans import Span, Window, runs_of
from socialvalue.accounts import queries as accounts
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible
from toms.frameworks.queries import Readership, everybody, readership


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
    is_withheld: bool = False
    """It withholds its figures from the region: of it nothing may be read but its name."""

    def belongs(self, month: date) -> bool:
        return any(window.covers(month) for window in self.windows)


@dataclass(frozen=True, slots=True)
class Scope:
    """Made only by ``council_scope``, ``directorate_scope`` and ``region_scope`` or ``scope_of``, which show that the
    actor may see it, and, for what the public may, by ``published_scope``."""

    name: str
    authority_ids: tuple[int, ...]
    span: Span
    region_id: int | None = None
    region_slug: str = ""
    members: tuple[MemberFacts, ...] = field(default=())
    """Of a region: every member, those that withhold their figures too. ``authority_ids`` are those that do not."""
    at: date | None = None
    """The day at whose end the figures are read; None means now."""
    reader: Readership | None = None
    """Who is not told the titles of measures under another's licence; None for an authority's own figures."""
    directorate: str = ""
    """The one directorate it is narrowed to; empty means the whole authority."""
    contract_ids: tuple[int, ...] | None = None
    """The contracts of that directorate, whose entries are read from the ledger; None means every contract."""

    def counts(self, authority_id: int, month: date) -> bool:
        """True when this month of this authority is part of the total."""
        if self.region_id is None or authority_id not in self.authority_ids:
            return authority_id in self.authority_ids
        return any(w.covers(month) for w in self.windows.get(authority_id, ()))

    def inside(self) -> list[Stretch]:
        """The months of the period that are part of the total."""
        return self._stretches(inside=True)

    def outside(self) -> list[Stretch]:
        """The months of the period that lie outside a membership."""
        return self._stretches(inside=False)

    def _stretches(self, *, inside: bool) -> list[Stretch]:
        months, windows = self.span.months, self.windows

        @cache  # Most members belonged for the same days.
        def runs(days: tuple[Window, ...]) -> list[tuple[date, date]]:
            return runs_of(m for m in months if any(w.covers(m) for w in days) is inside)

        of_all = runs_of(months if inside else [])
        same: dict[tuple[date, date], list[int]] = {}
        for authority_id in self.authority_ids:
            found = of_all if self.region_id is None else runs(windows.get(authority_id, ()))
            for run in found:
                same.setdefault(run, []).append(authority_id)
        return [Stretch(tuple(ids), first, last) for (first, last), ids in same.items()]

    @property
    def withheld(self) -> tuple[MemberFacts, ...]:
        """The members in the period that withhold their figures."""
        return tuple(
            member
            for member in self.members
            if member.is_withheld and any(member.belongs(month) for month in self.span.months)
        )

    @property
    def windows(self) -> Mapping[int, tuple[Window, ...]]:
        return {member.id: member.windows for member in self.members}

    def of(self, span: Span) -> Scope:
        return replace(self, span=span)

    def as_at(self, day: date | None) -> Scope:
        return replace(self, at=day)


def council_scope(actor: Actor, span: Span, at: date | None = None) -> Scope:
    """The acting authority's own figures. NotVisible for anybody who does not act for an authority."""
    if actor.organisation_id is None or not can_see_authority(actor, actor.organisation_id):
        raise NotVisible
    return Scope(actor.organisation_name, (actor.organisation_id,), span, at=at)


def directorate_scope(actor: Actor, span: Span, directorate: str) -> Scope:
    """The acting authority's figures, narrowed to the contracts whose procurement names this directorate."""
    whole = council_scope(actor, span)
    rows = awards.contracts_for(actor).filter(procurement__directorate=directorate).order_by("pk")
    return replace(
        whole, directorate=directorate, contract_ids=tuple(rows.values_list("pk", flat=True))
    )


@dataclass(frozen=True, slots=True)
class SeenRegion:
    """A region that ``region_for`` found for an actor, who may see it."""

    id: int
    slug: str
    name: str


def region_for(actor: Actor, region_slug: str = "") -> SeenRegion:
    """A region the acting organisation leads: the one named, or its first. NotVisible otherwise."""
    rows = accounts.regions(actor.region_ids).values_list("pk", "slug", "name")
    found = next((SeenRegion(*r) for r in rows if region_slug in ("", r[1])), None)
    if found is None or not can_see_region(actor, found.id):
        raise NotVisible
    return found


def region_scope(actor: Actor, span: Span, region_slug: str = "", at: date | None = None) -> Scope:
    """The region that ``region_for`` finds, with its members in the period."""
    return scope_of(region_for(actor, region_slug), actor, span, at)


def scope_of(region: SeenRegion, actor: Actor, span: Span, at: date | None = None) -> Scope:
    """A region that was found for this actor, with its members in the period."""
    return _of_region(region.id, region.slug, region.name, span, at, readership(actor))


def published_scope(span: Span, *, authority_id: int | None = None, region_slug: str = "") -> Scope:
    """An authority or a region for a reader without an actor: the caller has shown that it may be told."""
    if authority_id is not None:
        name = accounts.organisation_names([authority_id]).get(authority_id)
        if name is None:
            raise NotVisible
        return Scope(name, (authority_id,), span, reader=everybody())
    found = accounts.region(region_slug)
    return _of_region(found.pk, found.slug, found.name, span, None, everybody([found.pk]))


def _of_region(
    region_id: int, slug: str, name: str, span: Span, at: date | None, reader: Readership
) -> Scope:
    """What withholds its figures is named in ``members`` and read nowhere: it has no place in ``authority_ids``."""
    members = _members(region_id, span)
    shared = tuple(member.id for member in members if not member.is_withheld)
    return Scope(name, shared, span, region_id, slug, members, at, reader)


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
            rows[-1].is_withheld,
        )
        for key, rows in grouped.items()
    )
