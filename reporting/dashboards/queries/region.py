"""A region's dashboard: the sum of its members, and what is not in the total."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from reporting.dashboards.queries.boards import (
    REGION_TILES,
    AmountLine,
    Board,
    board_of,
    linked,
    total_line,
)
from reporting.dashboards.queries.chase import Late, late_of
from reporting.dashboards.queries.crosswalk import (
    Counted,
    RegionCounting,
    counted_in,
    region_counting,
)
from reporting.dashboards.queries.targets import TargetProgress, progress_of, standing_targets
from reporting.figures.queries.reading import Reading, read
from reporting.figures.queries.scopes import MemberFacts, Scope, region_scope
from reporting.figures.rules import tables
from reporting.figures.rules.positions import AuthorityLine, Bases, by_authority
from reporting.figures.rules.spans import Span, Window
from reporting.rollups.queries import Freshness
from socialvalue.accounts import queries as accounts
from socialvalue.core.actor import Actor
from socialvalue.core.periods import uk_date


@dataclass(frozen=True, slots=True)
class MemberNote:
    """What an authority reported for months in which it did not belong to the region: not in the total."""

    name: str
    dates: str
    pence: Bases
    entries: Bases


@dataclass(frozen=True, slots=True)
class MemberTile:
    code: str
    name: str
    column: int
    row: int
    share: Decimal | None
    absent: str = ""
    """Why there is no share, where it is not that nothing was reported."""


@dataclass(frozen=True, slots=True)
class RegionBoard:
    """A region's dashboard: the same figures, each member's part, and what is not in the total."""

    board: Board
    region_slug: str
    regions: tuple[tuple[str, str], ...]
    members: tuple[AmountLine, ...]
    member_total: AmountLine
    tiles: tuple[MemberTile, ...]
    outside: tuple[MemberNote, ...]
    partly: tuple[tuple[str, str], ...]
    """Authorities that belonged for part of the period only, with their dates."""
    silent: tuple[str, ...]
    withheld: tuple[str, ...]
    """Members that withhold their figures: named, and nothing else of them is on the page."""
    late: Late
    """Updates that are owed today, or were at the end of the past date."""
    targets: tuple[TargetProgress, ...]
    """Of the whole year; none for a quarter."""
    counting: RegionCounting
    counted_only: int
    """Measures with entries that have no £, so that they are in no £ total."""

    @property
    def reporting(self) -> tuple[AmountLine, ...]:
        """The lines of the page: members without an entry are named beside the total instead."""
        return tuple(line for line in self.members if any(cell.entries for cell in line.cells))


def region_board(
    actor: Actor,
    span: Span,
    region_slug: str = "",
    *,
    at: date | None = None,
    money: bool = True,
) -> RegionBoard:
    """The dashboard of a region the actor analyses. NotVisible for any other region."""
    return board_of_region(actor, region_scope(actor, span, region_slug, at), money=money)


def board_of_region(
    actor: Actor, scope: Scope, *, money: bool = True, fresh: Freshness | None = None
) -> RegionBoard:
    """The dashboard of the region that ``region_scope`` found for this actor.

    The region's figures are the sum of its members' over the months each belonged to it.
    """
    span = scope.span
    reading = read(actor, scope, fresh)
    board = board_of(reading, REGION_TILES, money=money)
    names = {member.id: member.name for member in scope.members}
    shared, months = set(scope.authority_ids), span.months
    members = [m for m in scope.members if m.id in shared and any(map(m.belongs, months))]
    lines = by_authority(reading.now, [member.id for member in members])
    amounts = tables.authority_amounts(lines, names)
    board.tables.add(
        members=lambda: tables.amounts_table(
            f"By authority, {span.label}", "Authority", amounts, money=money
        )
    )
    counted = counted_in(reading)
    counting = region_counting(reading, counted, names, money=money)
    board.tables.join(counting.tables)
    late = late_of(scope, money=money)
    board.tables.add(late=lambda: late.table)
    valued = {cell.measure_id for cell in reading.now.cells if cell.value_pence}
    return RegionBoard(
        board=board,
        region_slug=scope.region_slug,
        regions=tuple((row.slug, row.name) for row in accounts.regions(actor.region_ids)),
        members=tuple(
            linked(reading, amount, authority_id=line.authority_id)
            for line, amount in zip(lines, amounts, strict=True)
        ),
        member_total=total_line(reading, amounts),
        tiles=_tiles([*members, *scope.withheld], {line.authority_id: line for line in lines}),
        outside=_outside(reading, {member.id: member for member in scope.members}),
        partly=tuple((m.name, _dates(m.windows)) for m in members if _is_partly(m, span)),
        silent=tuple(names[line.authority_id] for line in lines if line.entries == Bases()),
        withheld=tuple(member.name for member in scope.withheld),
        late=late,
        targets=_targets(reading, counted, money=money),
        counting=counting,
        counted_only=len({cell.measure_id for cell in reading.now.cells} - valued),
    )


def _targets(reading: Reading, counted: Counted, *, money: bool) -> tuple[TargetProgress, ...]:
    """A target is of a whole year, so a quarter has none."""
    scope = reading.scope
    if scope.span.quarter is not None:
        return ()
    found = standing_targets(scope.region_id or 0, scope.span.year, scope.at)
    wanted = [row for row in found if money or not row.aim.is_money]
    return progress_of(reading, wanted, counted)


def _is_partly(member: MemberFacts, span: Span) -> bool:
    return not all(member.belongs(month) for month in span.months)


def _tiles(
    members: list[MemberFacts], lines: Mapping[int, AuthorityLine]
) -> tuple[MemberTile, ...]:
    """A tile for each member that has a place on the map; one that reported nothing has no share."""
    return tuple(
        MemberTile(
            member.tile_code or member.name[:3].upper(),
            member.name,
            member.tile_column,
            member.tile_row,
            None if member.is_withheld else lines[member.id].pence.share,
            "withheld" if member.is_withheld else "",
        )
        for member in members
        if member.tile_column is not None and member.tile_row is not None
    )


def _outside(reading: Reading, members: Mapping[int, MemberFacts]) -> tuple[MemberNote, ...]:
    ids = sorted(
        {cell.authority_id for cell in reading.outside.authorities}, key=lambda i: members[i].name
    )
    return tuple(
        MemberNote(
            members[line.authority_id].name,
            _dates(members[line.authority_id].windows),
            line.pence,
            line.entries,
        )
        for line in by_authority(reading.outside, ids)
    )


def _dates(windows: tuple[Window, ...]) -> str:
    """``member from 1 April 2021 to 30 June 2023``."""
    return "; ".join(
        f"member from {uk_date(w.from_on)}" + (f" to {uk_date(w.to_on)}" if w.to_on else "")
        for w in windows
    )
