"""A dashboard ready to show. Every figure is asked of the figures room by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from procurement.ledger.vocabulary import Basis
from reporting.dashboards import rules
from reporting.dashboards.rules import Later, Tables
from reporting.figures.queries.reading import Reading, entries_urls, proof_url, read
from reporting.figures.queries.scopes import council_scope
from reporting.figures.rules import tables
from reporting.figures.rules.breakdown import DIMENSIONS, Dimension
from reporting.figures.rules.definitions import Figure
from reporting.figures.rules.positions import (
    MeasureLine,
    by_measure,
    by_quarter,
    by_theme,
)
from reporting.figures.rules.progress import ContractProgress
from reporting.figures.rules.proofs import (
    NARROWED_BY_ROUTE,
    RouteLine,
    by_route,
    record_table,
    route_table,
    whole_of,
)
from reporting.figures.rules.spans import Span
from reporting.figures.rules.tables import Amounts
from reporting.rollups.queries import Freshness
from socialvalue.core.actor import Actor
from socialvalue.core.money import from_pence
from socialvalue.core.periods import quarter_number
from toms.frameworks.vocabulary import Aggregation

COUNCIL_TILES = (
    "committed_total",
    "claimed_total",
    "evidenced_total",
    "verified_total",
    "verified_share",
    "commitments_on_track",
    "contracts_live",
    "fte_years_verified",
    "tco2e_verified",
)
REGION_TILES = (
    "committed_total",
    "claimed_total",
    "evidenced_total",
    "verified_total",
    "verified_share",
    "fte_years_verified",
    "tco2e_verified",
)
COMPARED = (
    "committed_total",
    "claimed_total",
    "evidenced_total",
    "verified_total",
    "verified_share",
    "verified_local_employment",
    "verified_without_local_employment",
    "fte_years_verified",
    "tco2e_verified",
)


RECORDS = (
    "delivery_share",
    "forecast_total",
    "social_value_asked_share",
    "average_weighting",
    "routes_followed_share",
    "local_value_share",
    "sme_value_share",
    "vcse_value_share",
)
"""Counted from contracts and procurements, shown in one table."""


@dataclass(frozen=True, slots=True)
class TileView:
    label: str
    figure: str
    note: str
    href: str


@dataclass(frozen=True, slots=True)
class ComparedFigure:
    """A figure beside itself a year before, each opening to its own rows."""

    now: Figure
    before: Figure
    change: str

    @property
    def working_lines(self) -> list[tuple[str, str]]:
        """The two figures that the change lies between, for one that is in £."""
        lines = [(figure.label, figure.shown) for figure in (self.now, self.before)]
        return lines if self.now.is_money else []


@dataclass(frozen=True, slots=True)
class AmountCell:
    """One figure of a line as it is shown."""

    pounds: Decimal
    entries: int
    href: str
    meaning: str


@dataclass(frozen=True, slots=True)
class AmountLine:
    """A line whose figures open to the rows under them."""

    label: str
    cells: tuple[AmountCell, ...]

    @property
    def committed(self) -> Decimal:
        """£ promised."""
        return self.cells[0].pounds

    @property
    def verified(self) -> Decimal:
        """£ proven."""
        return self.cells[-1].pounds

    @property
    def rows_href(self) -> str:
        """Where ``verified of committed`` opens: what is verified; while nothing is, what is committed."""
        committed, *_, verified = self.cells
        return (verified if verified.entries else committed).href


@dataclass(frozen=True, slots=True)
class QuantityCell:
    """One figure of a measure: its quantity, None when not reported, and £ when the measure is valued.

    ``absent`` says why there is no figure.
    """

    quantity: Decimal | None
    pounds: Decimal | None
    entries: int
    href: str
    absent: str = "Not reported"


@dataclass(frozen=True, slots=True)
class MeasureView:
    label: str
    theme: str
    unit: str
    cells: tuple[QuantityCell, ...]
    note: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class RouteView:
    """What procurements that went one way ask for. Every figure opens to the procurements it counts."""

    line: RouteLine
    urls: Mapping[str, str]

    @property
    def is_total(self) -> bool:
        return not self.line.key


@dataclass(frozen=True, slots=True)
class Board:
    """A dashboard. ``tables`` are what the downloads hold, by name."""

    scope_name: str
    span: Span
    money: bool
    tiles: tuple[TileView, ...]
    compared: tuple[ComparedFigure, ...]
    themes: tuple[AmountLine, ...]
    theme_total: AmountLine
    quarters: tuple[AmountLine, ...]
    quarter_total: AmountLine
    measures: Sequence[MeasureView]
    is_empty: bool
    as_at: str
    waiting: str
    is_waiting: bool
    tables: Tables
    theme_amounts: tuple[Amounts, ...]
    quarter_amounts: tuple[Amounts, ...]
    contracts: tuple[ContractProgress, ...] = ()
    at: date | None = None
    records: tuple[Figure, ...] = ()
    routes: tuple[RouteView, ...] | None = None
    """What procurements of each route ask for, all of them last; None where procurements are not counted."""

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """What the figures can be broken down by."""
        return tuple(DIMENSIONS.values())

    @property
    def attention(self) -> list[ContractProgress]:
        return [row for row in self.contracts if row.needs_attention]


def council_board(
    actor: Actor,
    span: Span,
    *,
    at: date | None = None,
    money: bool = True,
    fresh: Freshness | None = None,
) -> Board:
    """The acting authority's dashboard, now or as it stood at the end of a day.

    NotVisible for anybody who does not act for an authority. ``fresh`` as ``read`` takes it.
    """
    reading = read(actor, council_scope(actor, span, at), fresh)
    return board_of(reading, COUNCIL_TILES, money=money)


def board_of(reading: Reading, tiles: Sequence[str], *, money: bool) -> Board:
    """The part that council and region have in common."""
    span = reading.scope.span
    themes = by_theme(reading.now)
    quarters = by_quarter(reading.now, span.quarters)
    measures = by_measure(reading.now)
    theme_amounts = tables.theme_amounts(themes)
    quarter_amounts = tables.quarter_amounts(quarters)
    compared = _compared(reading, money=money)
    records = _records(reading, money=money)
    lines, of_all = by_route(reading.begun), whole_of(reading.begun)
    found = _tables(reading, theme_amounts, quarter_amounts, measures, compared, money=money)
    if records:
        counted = "Contracts and procurements" if reading.has_procurements else "Contracts"
        found.add(records=lambda: record_table(f"{counted}, {span.label}", records))
    if reading.has_procurements:
        caption = f"What procurements ask for, by route, {span.label}"
        found.add(routes=lambda: route_table(caption, lines, of_all))
    return Board(
        scope_name=reading.scope.name,
        span=span,
        money=money,
        tiles=_tiles(reading, tiles, money=money),
        compared=compared,
        themes=tuple(
            linked(reading, amount, theme_ids=line.theme.ids)
            for line, amount in zip(themes, theme_amounts, strict=True)
        ),
        theme_total=total_line(reading, theme_amounts),
        quarters=tuple(
            linked(reading, amount, span=Span(span.year, quarter_number(line.quarter)))
            for line, amount in zip(quarters, quarter_amounts, strict=True)
        ),
        quarter_total=total_line(reading, quarter_amounts),
        measures=Later(
            lambda: [measure_view(reading, line, [line.measure.id]) for line in measures]
        ),
        is_empty=not measures,
        as_at=rules.as_at(reading.as_at, reading.scope.at),
        waiting=rules.waiting(reading.pending, reading.scope.at),
        is_waiting=reading.pending > 0,
        tables=found,
        theme_amounts=tuple(theme_amounts),
        quarter_amounts=tuple(quarter_amounts),
        contracts=reading.contracts,
        at=reading.scope.at,
        records=records,
        routes=_routes(span, lines, of_all) if reading.has_procurements else None,
    )


def _records(reading: Reading, *, money: bool) -> tuple[Figure, ...]:
    """The figures counted from contracts and procurements; a region has none, a past date those of contracts."""
    figures = [reading.figure(name) for name in RECORDS if reading.has(name)]
    return tuple(figure for figure in figures if money or not figure.is_money)


def _routes(span: Span, lines: Sequence[RouteLine], of_all: RouteLine) -> tuple[RouteView, ...]:
    """Nothing where nothing began."""
    return tuple(
        RouteView(line, {name: proof_url(name, span, route=line.key) for name in NARROWED_BY_ROUTE})
        for line in ([*lines, of_all] if lines else [])
    )


def _tiles(reading: Reading, names: Sequence[str], *, money: bool) -> tuple[TileView, ...]:
    figures = [reading.figure(name) for name in names if reading.has(name)]
    return tuple(
        TileView(figure.label, figure.short, rules.tile_note(figure), figure.opens_url)
        for figure in figures
        if money or not figure.is_money
    )


def _compared(reading: Reading, *, money: bool) -> tuple[ComparedFigure, ...]:
    pairs = [(reading.figure(name), reading.earlier_figure(name)) for name in COMPARED]
    return tuple(
        ComparedFigure(now, before, rules.change(now, before))
        for now, before in pairs
        if money or not now.is_money
    )


def _tables(
    reading: Reading,
    themes: Sequence[Amounts],
    quarters: Sequence[Amounts],
    measures: Sequence[MeasureLine],
    compared: Sequence[ComparedFigure],
    *,
    money: bool,
) -> Tables:
    label = reading.scope.span.label
    found = Tables(
        figures=lambda: tables.figure_table(
            f"Figures, {label}", [(row.now, row.before) for row in compared]
        ),
        themes=lambda: tables.amounts_table(f"By theme, {label}", "Theme", themes, money=money),
        quarters=lambda: tables.amounts_table(
            f"By quarter, {label}", "Quarter", quarters, money=money
        ),
        measures=lambda: tables.measure_table(f"By measure, {label}", measures, money=money),
    )
    if reading.counted is not None:
        found.add(
            contracts=lambda: tables.contract_table(
                f"Contracts, {label}", reading.contracts, money=money
            )
        )
    return found


def linked(
    reading: Reading,
    amount: Amounts,
    *,
    theme_ids: tuple[int, ...] = (),
    authority_id: int | None = None,
    measure_ids: tuple[int, ...] = (),
    span: Span | None = None,
) -> AmountLine:
    """A line whose figures open to their rows."""
    scope = reading.scope if span is None else reading.scope.of(span)
    urls = entries_urls(
        scope, theme_ids=theme_ids, measure_ids=measure_ids, authority_id=authority_id
    )
    return AmountLine(
        amount.label,
        tuple(
            AmountCell(
                from_pence(getattr(amount.pence, basis)),
                getattr(amount.entries, basis),
                url,
                f"{basis.label.lower()}, {amount.label}",
            )
            for basis, url in zip(Basis, urls, strict=True)
        ),
    )


def total_line(reading: Reading, amounts: Sequence[Amounts]) -> AmountLine:
    """The last line: each basis added up by itself."""
    total = Amounts(
        "Total",
        tables.added([amount.pence for amount in amounts]),
        tables.added([amount.entries for amount in amounts]),
    )
    return linked(reading, total)


def _absent(aggregation: str, basis: str) -> str:
    """The targets of a rate stand in each contract: two percentages do not add up to a third."""
    if basis == Basis.COMMITTED and aggregation == Aggregation.RATIO:
        return "Target in each contract"
    return "Not reported"


def measure_view(reading: Reading, line: MeasureLine, measure_ids: Sequence[int]) -> MeasureView:
    """A measure whose figures open to the rows of these measures."""
    return MeasureView(
        line.measure.label,
        line.measure.theme_name,
        line.measure.unit,
        tuple(
            QuantityCell(
                getattr(line, basis),
                from_pence(getattr(line.pence, basis)) if line.is_valued else None,
                getattr(line.entries, basis),
                url,
                _absent(line.measure.aggregation, basis),
            )
            for basis, url in zip(
                Basis, entries_urls(reading.scope, measure_ids=measure_ids), strict=True
            )
        ),
    )
