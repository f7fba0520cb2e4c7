"""Break down by: one table of everything the acting authority has in a period, and the rows under each figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

from procurement.ledger.rules import Stretch
from procurement.ledger.vocabulary import Basis
from reporting.dashboards import rules
from reporting.dashboards.queries.breakdown_parts import OF_CONTRACTS, ground_of
from reporting.figures.queries.reading import entries_url
from reporting.figures.queries.scopes import Scope, council_scope
from reporting.figures.rules.breakdown import (
    DIMENSIONS,
    By,
    Dimension,
    Line,
    breakdown_table,
    broken_down,
    in_order,
    whole,
)
from reporting.figures.rules.spans import Span
from reporting.figures.rules.tables import Amounts
from reporting.rollups import queries as rollups
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotVisible
from socialvalue.core.money import from_pence, measured
from socialvalue.core.tables import Table
from toms.frameworks.queries import MeasureInfo, measure_infos

IN_CHART = 5


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure: £, the number of entries under it, its quantity in words, and where those entries are."""

    pounds: Decimal
    entries: int
    quantity: str
    href: str
    meaning: str


@dataclass(frozen=True, slots=True)
class LineView:
    label: str
    note: str
    cells: tuple[Cell, ...]

    @property
    def committed(self) -> Decimal:
        """£ promised."""
        return self.cells[0].pounds

    @property
    def verified(self) -> Decimal:
        """£ proven."""
        return self.cells[-1].pounds

    @property
    def has_quantity(self) -> bool:
        return any(cell.quantity for cell in self.cells)

    @property
    def rows_href(self) -> str:
        """Where ``verified of committed`` opens: what is verified; while nothing is, what is committed."""
        committed, *_, verified = self.cells
        return (verified if verified.entries else committed).href


@dataclass(frozen=True, slots=True)
class Breakdown:
    """``lines`` are all of them, in the order asked for; ``total`` is every entry once."""

    dimension: Dimension
    span: Span
    at: date | None
    measure: MeasureInfo | None
    lines: tuple[LineView, ...]
    total: LineView
    table: Table
    charted: tuple[Amounts, ...]
    as_at: str
    waiting: str
    from_ledger: bool

    @property
    def title(self) -> str:
        return f"Social value by {self.dimension.label.lower()}"

    @property
    def caption(self) -> str:
        """``2026 to 2027, OPN12 Hours of training``."""
        return f"{self.span.label}, {self.measure.label}" if self.measure else self.span.label

    @property
    def is_empty(self) -> bool:
        return not any(cell.entries for cell in self.total.cells)

    @property
    def speaks_of_today(self) -> bool:
        """A past date is asked for, of something that is known only as it is now."""
        return self.at is not None and self.dimension.of_contract


def dimension_of(slug: str) -> Dimension:
    """NotVisible when sums cannot be broken down by this."""
    found = DIMENSIONS.get(slug)
    if found is None:
        raise NotVisible(f"Nothing is broken down by {slug!r}.")
    return found


def measures_to_choose(actor: Actor) -> list[MeasureInfo]:
    """The measures the acting authority has figures of, in reading order. Two queries."""
    ids = (actor.organisation_id,) if actor.organisation_id is not None else ()
    everything = [Stretch(ids, date.min, date.max)]
    found = measure_infos(row.key[0] for row in rollups.measure_sums(everything, ("measure_id",)))
    return sorted(found.values(), key=lambda info: (-info.edition_id, info.code_sort))


def breakdown(
    actor: Actor,
    span: Span,
    slug: str,
    *,
    at: date | None = None,
    measure: MeasureInfo | None = None,
    sort: str = "",
    money: bool = True,
) -> Breakdown:
    """The acting authority's sums of the period broken down by one thing, now or as they stood at the end of a day.

    NotVisible for anybody who does not act for an authority, and for a breakdown there is not.
    """
    dimension = dimension_of(slug)
    scope = council_scope(actor, span, at)
    measure_id = measure.id if measure else None
    ground = ground_of(actor, scope, dimension.by, measure_id)
    # A line that happens to hold one measure only is still not a line of that measure.
    measures = ground.measures if measure or dimension.by == By.MEASURE else {}
    lines = broken_down(ground.parts, ground.lines_of, measures, ground.always)
    total = whole(ground.parts, measures)
    ordered = in_order(lines, sort)
    fresh = rollups.freshness()
    from_ledger = _is_from_ledger(dimension, scope, measure_id)
    caption = f"By {dimension.label.lower()}, {span.label}"
    return Breakdown(
        dimension=dimension,
        span=span,
        at=at,
        measure=measure,
        lines=tuple(_view(scope, line, measure_id) for line in ordered),
        total=_view(scope, total, measure_id),
        table=breakdown_table(caption, dimension, ordered, total, money=money),
        charted=_charted(lines),
        as_at=rules.as_at(clock.now() if from_ledger else fresh.as_at, at),
        waiting=rules.waiting(0 if from_ledger else fresh.pending, at),
        from_ledger=from_ledger,
    )


def _is_from_ledger(dimension: Dimension, scope: Scope, measure_id: int | None) -> bool:
    """Whether the sums were read from entries and not from cells, which may wait for some of them."""
    if scope.at is not None or dimension.by in (By.PLACE, By.PRIORITY):
        return True
    return dimension.by in OF_CONTRACTS and measure_id is not None


def _view(scope: Scope, line: Line, measure_id: int | None) -> LineView:
    return LineView(
        line.label,
        line.key.note,
        tuple(
            Cell(
                from_pence(getattr(line.pence, basis)),
                getattr(line.entries, basis),
                _quantity(line, basis),
                _rows_url(scope, basis, line, measure_id),
                f"{Basis(basis).label.lower()}, {line.label}",
            )
            for basis in Basis.values
        ),
    )


def _quantity(line: Line, basis: str) -> str:
    found = getattr(line.quantities, basis) if line.quantities else None
    if found is None or line.quantities is None:
        return ""
    return measured(found.quantize(Decimal("0.001")), line.quantities.unit)


def _rows_url(scope: Scope, basis: str, line: Line, measure_id: int | None) -> str:
    """The entries under one figure of a line: the period and the authority, narrowed by what the line is."""
    asks = line.key.asks
    if measure_id is not None and all(name != "measure" for name, _ in asks):
        asks = (*asks, ("measure", str(measure_id)))
    url = entries_url(scope, basis=basis)
    return f"{url}&{urlencode(asks)}" if asks else url


def _charted(lines: Sequence[Line]) -> tuple[Amounts, ...]:
    """The lines with most, in the order of the page."""

    def most(line: Line) -> tuple[int, ...]:
        pence = line.pence
        return max(pence.committed, pence.claimed, pence.verified), line.entries.verified

    largest = sorted((line for line in lines if max(most(line))), key=most, reverse=True)
    kept = {line.key for line in largest[:IN_CHART]}
    return tuple(
        Amounts(line.label, line.pence, line.entries) for line in lines if line.key in kept
    )
