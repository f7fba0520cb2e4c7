"""A region's targets: what each is of, what is verified of it, and what each authority puts in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q, QuerySet

from procurement.ledger.vocabulary import Basis
from reporting.dashboards.models import RegionTarget
from reporting.dashboards.permissions import can_set_target
from reporting.dashboards.queries.crosswalk import Counted, counted_in
from reporting.figures.permissions import can_see_region
from reporting.figures.queries.positions import position_by_authority
from reporting.figures.queries.reading import Reading, entries_url, read
from reporting.figures.queries.scopes import region_scope
from reporting.figures.rules.crosswalk import regional_position, sources_of
from reporting.figures.rules.definitions import FIGURES, Kind
from reporting.figures.rules.positions import Position, combined_quantity
from reporting.figures.rules.spans import Span
from socialvalue.accounts import queries as accounts
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible
from socialvalue.core.money import measured, pounds
from socialvalue.core.periods import FinancialYear, uk_date
from socialvalue.core.tables import Column, Table
from toms.frameworks import queries as frameworks
from toms.frameworks.queries import MeasureInfo
from toms.priorities import queries as priorities

AIMED_AT = (
    "verified_total",
    "verified_local_employment",
    "verified_without_local_employment",
    "fte_years_verified",
    "tco2e_verified",
)
"""The figures that can have a target: of what is verified, and such that the authorities' parts add up."""
NONE_COUNTED = "No entry of this period counts in it"


@dataclass(frozen=True, slots=True)
class Aim:
    """What a target can be of: a figure by name, or a regional measure that adds up. ``key`` stands for it in forms."""

    key: str
    label: str
    unit: str
    is_money: bool

    @property
    def in_pounds(self) -> bool:
        """Social value, or a quantity of money."""
        return self.unit == "£"

    @property
    def is_quantity(self) -> bool:
        """Not social value: it stays where only counts are shown."""
        return not self.is_money

    @property
    def unit_beside(self) -> str:
        return "" if self.in_pounds else self.unit

    def shown(self, amount: Decimal) -> str:
        return pounds(amount) if self.is_money else measured(amount, self.unit)


@dataclass(frozen=True, slots=True)
class TargetInfo:
    """One row of the history; ``ended_at`` None: it stands."""

    id: int
    region_id: int
    region_slug: str
    aim: Aim
    year: FinancialYear
    amount: Decimal
    reason: str
    set_by: str
    set_at: datetime
    ended_by: str
    ended_at: datetime | None

    @property
    def shown(self) -> str:
        return self.aim.shown(self.amount)


@dataclass(frozen=True, slots=True)
class Share:
    """What one authority puts in: nothing reported is nought here, so that the shares add up."""

    name: str
    value: Decimal
    shown: str
    href: str


@dataclass(frozen=True, slots=True)
class TargetProgress:
    """A target beside what is verified of it. ``shares`` add up to ``verified``; none where they were not asked for."""

    target: TargetInfo
    verified: Decimal
    verified_shown: str
    href: str
    note: str
    shares: tuple[Share, ...] = ()


@dataclass(frozen=True, slots=True)
class TargetsPage:
    """The targets of a region in a year. ``progress`` is empty for who may not see the region's totals."""

    region_name: str
    region_slug: str
    regions: tuple[tuple[str, str], ...]
    year: FinancialYear
    standing: tuple[TargetInfo, ...]
    progress: tuple[TargetProgress, ...]
    history: tuple[TargetInfo, ...]
    may_see_totals: bool
    table: Table
    at: date | None = None
    """The day at whose end they are read; None means now."""


def aims_of(region_id: int, year: FinancialYear) -> list[Aim]:
    """What a target of that year can be of: the figures, then the region's measures that add up."""
    measures = priorities.ground(region_id, year.last_day).measures.values()
    return [_of_figure(name) for name in AIMED_AT] + [
        _of_measure(info) for info in measures if info.adds_up
    ]


def _of_figure(name: str) -> Aim:
    found = FIGURES[name]
    return Aim(f"figure:{name}", found.label, found.unit, found.kind == Kind.MONEY)


def _of_measure(info: MeasureInfo) -> Aim:
    return Aim(f"measure:{info.id}", info.label, info.unit, is_money=False)


def region_to_aim(actor: Actor, slug: str = "") -> tuple[int, str, str]:
    """Id, slug and name of a region whose targets the actor sets: the one named, or the first. NotVisible otherwise."""
    for row in accounts.regions(actor.region_ids):
        if (not slug or row.slug == slug) and can_set_target(actor, row.pk):
            return row.pk, row.slug, row.name
    raise NotVisible


def target_to_change(actor: Actor, target_id: int) -> TargetInfo:
    """A target that stands or has ended, of a region whose targets the actor sets. NotVisible for any other."""
    row = _rows().filter(pk=target_id).first()
    if row is None or not can_set_target(actor, row.region_id):
        raise NotVisible
    return _infos([row])[0]


def _rows() -> QuerySet[RegionTarget]:
    return RegionTarget.objects.select_related("region", "set_by", "ended_by")


def standing_targets(
    region_id: int, year: FinancialYear, at: date | None = None
) -> tuple[TargetInfo, ...]:
    """The targets that stand, or stood at the end of that day, in the order of their aims.

    The caller has shown that the reader may know them.
    """
    rows = _rows().filter(region_id=region_id, financial_year=year.slug)
    if at is None:
        rows = rows.filter(ended_at__isnull=True)
    else:
        over = clock.end_of(at)
        rows = rows.filter(Q(ended_at__isnull=True) | Q(ended_at__gte=over), set_at__lt=over)
    found = _infos(list(rows.order_by("pk")))
    return tuple(sorted(found, key=lambda row: (_place(row.aim), row.aim.label)))


def _place(aim: Aim) -> int:
    name = aim.key.removeprefix("figure:")
    return AIMED_AT.index(name) if name in AIMED_AT else len(AIMED_AT)


def _infos(rows: Sequence[RegionTarget]) -> list[TargetInfo]:
    measures = frameworks.measure_infos({row.measure_id for row in rows if row.measure_id})
    return [
        TargetInfo(
            row.pk,
            row.region_id,
            row.region.slug,
            _of_measure(measures[row.measure_id]) if row.measure_id else _of_figure(row.figure),
            FinancialYear.parse(row.financial_year),
            row.amount,
            row.reason,
            str(row.set_by),
            row.set_at,
            str(row.ended_by) if row.ended_by else "",
            row.ended_at,
        )
        for row in rows
    ]


def progress_of(
    reading: Reading, targets: Sequence[TargetInfo], counted: Counted, *, shares: bool = False
) -> tuple[TargetProgress, ...]:
    """What is verified of each target, of a region read for that whole year."""
    by_authority: Mapping[int, Position] = {}
    if shares and targets:
        by_authority = position_by_authority(reading.scope, reading.now.measures)
    return tuple(_progress(reading, row, counted, by_authority) for row in targets)


def _progress(
    reading: Reading,
    target: TargetInfo,
    counted: Counted,
    by_authority: Mapping[int, Position],
) -> TargetProgress:
    aim = target.aim
    kind, _, name = aim.key.partition(":")
    if kind == "figure":
        definition = FIGURES[name]
        wanted = definition.measures
        ids = [m.id for m in reading.now.measures.values() if wanted(m)] if wanted else []
        is_counted = not wanted or bool(ids)
    else:
        ids = sources_of(counted.regional, counted.resolved).get(int(name), [])
        is_counted = bool(ids)

    def value(position: Position) -> Decimal:
        found = (
            FIGURES[name].compute(position)
            if kind == "figure"
            else _of_regional(position, int(name), counted)
        )
        return found or Decimal(0)

    def href(authority_id: int | None = None) -> str:
        if not is_counted:
            return ""
        return entries_url(
            reading.scope,
            basis=Basis.VERIFIED,
            measure_ids=sorted(ids),
            authority_id=authority_id,
        )

    verified = value(reading.now)
    names = {member.id: member.name for member in reading.scope.members}
    parts = [
        (names[key], key, value(by_authority[key]))
        for key in reading.scope.authority_ids
        if key in by_authority
    ]
    return TargetProgress(
        target,
        verified,
        aim.shown(verified),
        href(),
        "" if is_counted else NONE_COUNTED,
        tuple(
            Share(who, part, aim.shown(part), href(key)) for who, key, part in sorted(parts) if part
        ),
    )


def _of_regional(position: Position, measure_id: int, counted: Counted) -> Decimal | None:
    """What counts in a regional measure, in its unit."""
    found = regional_position(position, counted.resolved, counted.facts)
    if measure_id not in counted.facts:
        return None
    cells = [c for c in found.cells if c.measure_id == measure_id and c.basis == Basis.VERIFIED]
    return combined_quantity(counted.facts[measure_id].aggregation, cells)


def targets_page(
    actor: Actor,
    year: FinancialYear,
    region_slug: str = "",
    *,
    at: date | None = None,
    money: bool = True,
) -> TargetsPage:
    """The targets of a region and their history, with what is verified of each where the actor may see its totals.

    ``at``: as they stood at the end of that day; the history is whole all the same.

    NotVisible for a region whose targets the actor does not set.
    """
    region_id, slug, name = region_to_aim(actor, region_slug)
    standing = tuple(
        row for row in standing_targets(region_id, year, at) if money or not row.aim.is_money
    )
    past = _infos(
        list(_rows().filter(region_id=region_id, financial_year=year.slug).order_by("-pk"))
    )
    may_see = can_see_region(actor, region_id)
    progress: tuple[TargetProgress, ...] = ()
    if may_see and standing:
        reading = read(actor, region_scope(actor, Span(year), slug, at))
        progress = progress_of(reading, standing, counted_in(reading), shares=True)
    return TargetsPage(
        name,
        slug,
        tuple((row.slug, row.name) for row in accounts.regions(actor.region_ids)),
        year,
        standing,
        progress,
        tuple(row for row in past if money or not row.aim.is_money),
        may_see,
        _table(year, progress, at),
        at,
    )


def _table(
    year: FinancialYear, progress: Sequence[TargetProgress], at: date | None = None
) -> Table:
    """A row for each authority of each target, and one for the whole of it."""
    rows: list[tuple[str | Decimal | None, ...]] = []
    for row in progress:
        aim = row.target.aim
        rows += [(aim.label, share.name, aim.unit, share.value, None) for share in row.shares]
        rows.append((aim.label, "The region", aim.unit, row.verified, row.target.amount))
    return Table(
        f"Targets, {year.label}" + (f", as at the end of {uk_date(at)}" if at else ""),
        (
            Column("Target", width=44),
            Column("Authority", width=32),
            Column("Unit"),
            Column("Verified", "number"),
            Column("Target amount", "number"),
        ),
        rows,
        empty="No target is set for this year.",
    )
