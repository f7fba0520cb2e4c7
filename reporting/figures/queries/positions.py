"""Cells to positions. Every total of a page is read here, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from procurement.ledger.vocabulary import Basis
from reporting.figures.queries.scopes import Scope
from reporting.figures.rules.positions import (
    MeasureCell,
    MeasureFacts,
    MoneyCell,
    Position,
    ThemeFacts,
)
from reporting.figures.rules.spans import Span
from reporting.rollups import queries as rollups
from socialvalue.core.errors import NotVisible
from toms.frameworks import queries as frameworks
from toms.frameworks.queries import ThemeInfo


@dataclass(frozen=True, slots=True)
class Positions:
    """A period, the same period one year before, and what lies in neither because of membership dates."""

    now: Position
    earlier: Position
    outside: Position


def positions(scope: Scope) -> Positions:
    """Both positions of a scope from one read of the cells."""
    earlier = scope.span.earlier()
    money: list[MoneyCell] = []
    cells: list[MeasureCell] = []
    for basis in Basis.values:
        asked = (scope.authority_ids, basis, earlier.first, scope.span.last)
        money += [
            MoneyCell(
                basis, row.authority_id, row.theme_id, row.period, row.value_pence, row.entries
            )
            for row in rollups.theme_cells(*asked)
        ]
        cells += [
            MeasureCell(
                basis,
                row.authority_id,
                row.measure_id,
                row.period,
                row.quantity,
                row.denominator,
                row.value_pence,
                row.entries,
            )
            for row in rollups.measure_cells(*asked)
        ]
    measures = measure_facts({cell.measure_id for cell in cells})
    themes = _theme_facts(scope, {cell.theme_id for cell in money})

    def part(span: Span, *, inside: bool) -> Position:
        return Position(
            tuple(_within(money, scope, span, inside=inside)),
            tuple(_within(cells, scope, span, inside=inside)),
            measures,
            themes,
        )

    return Positions(
        part(scope.span, inside=True), part(earlier, inside=True), part(scope.span, inside=False)
    )


Row = TypeVar("Row", MoneyCell, MeasureCell)


def _within(rows: Iterable[Row], scope: Scope, span: Span, *, inside: bool) -> Iterable[Row]:
    for row in rows:
        in_span = span.first <= row.period <= span.last
        if in_span and scope.counts(row.authority_id, row.period) is inside:
            yield row


def measure_facts(ids: set[int]) -> dict[int, MeasureFacts]:
    """What sums need to know of these measures, in reading order."""
    return {
        key: MeasureFacts(
            key,
            info.code,
            info.title,
            info.unit,
            info.aggregation,
            info.theme_id,
            info.theme_name,
            info.is_local_employment,
            info.objectives,
        )
        for key, info in frameworks.measure_infos(ids).items()
    }


def _in_use(scope: Scope) -> frameworks.InUse:
    """What the council, or the region for itself, uses on the last day of the period."""
    if scope.region_id is not None:
        return frameworks.used_by_region(scope.region_id, scope.span.last)
    return frameworks.in_use(scope.authority_ids[0], scope.span.last)


def _theme_facts(scope: Scope, ids: set[int]) -> tuple[ThemeFacts, ...]:
    """The themes of the edition in use, so that an empty theme shows, and any others with figures.

    A theme keeps its slug from edition to edition, so contracts of two editions stand on one line.
    """
    try:
        current = frameworks.themes_of(_in_use(scope).main.edition.id)
    except NotVisible:
        current = []
    same: dict[str, list[ThemeInfo]] = {theme.slug: [theme] for theme in current}
    shown = {theme.id for theme in current}
    for key, theme in frameworks.theme_infos(ids).items():
        if key not in shown:
            same.setdefault(theme.slug, []).append(theme)
    return tuple(
        ThemeFacts(rows[0].id, rows[0].name, place, tuple(row.id for row in rows[1:]))
        for place, rows in enumerate(same.values())
    )
