"""Cells to positions. Every total of a page is read here, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from procurement.ledger import queries as ledger
from procurement.ledger.queries import LedgerSum
from procurement.ledger.rules import Stretch
from reporting.figures.queries.scopes import Scope
from reporting.figures.rules.positions import (
    AuthorityCell,
    MeasureCell,
    MeasureFacts,
    MoneyCell,
    Position,
    ThemeFacts,
)
from reporting.rollups import queries as rollups
from socialvalue.core import clock
from socialvalue.core.errors import NotVisible
from toms.frameworks import queries as frameworks
from toms.frameworks.queries import Readership, ThemeInfo
from toms.frameworks.vocabulary import Aggregation


@dataclass(frozen=True, slots=True)
class Positions:
    """A period, the same period one year before, and what lies in neither because of membership dates."""

    now: Position
    earlier: Position
    outside: Position


def positions(scope: Scope) -> Positions:
    """The positions of a scope: from the cells, or for a past date from the entries posted by then."""
    earlier = scope.of(scope.span.earlier())
    now, before = _sums(scope, earlier)
    left_out = _authority_cells(scope, scope.outside())
    measures = measure_facts(
        {row.key[1] for row in (*now.measures, *before.measures)}, scope.reader
    )
    themes = theme_facts(scope, {cell.theme_id for cell in (*now.money, *before.money)})

    def position(at: Scope, sums: _Sums) -> Position:
        return Position(
            money=sums.money,
            cells=_measure_cells(at, sums.measures, measures),
            measures=measures,
            themes=themes,
            authorities=sums.authorities,
        )

    return Positions(
        position(scope, now), position(earlier, before), Position(authorities=left_out)
    )


@dataclass(frozen=True, slots=True)
class _Sums:
    money: list[MoneyCell]
    authorities: list[AuthorityCell]
    measures: list[LedgerSum]


def _sums(scope: Scope, earlier: Scope) -> tuple[_Sums, _Sums]:
    """Of the period and of the year before, which share no month and are read at once."""
    now, before = scope.inside(), earlier.inside()
    money: tuple[list[MoneyCell], list[MoneyCell]] = ([], [])
    first = scope.span.first
    for (basis, theme_id, month), pence, entries in _money(
        _theme_sums(scope, [*now, *before], ("basis", "theme_id", "period"))
    ):
        money[month < first].append(MoneyCell(basis, theme_id, month, pence, entries))
    by = ("basis", "measure_id")
    measures = (
        rollups.measure_sums_of_two([*now, *before], by, first)
        if _is_in_cells(scope)
        else (_measure_sums(scope, now, by), _measure_sums(earlier, before, by))
    )
    return (
        _Sums(money[0], _authority_cells(scope, now), measures[0]),
        # Nobody compares authorities with the year before.
        _Sums(money[1], [], measures[1]),
    )


def _authority_cells(scope: Scope, stretches: Sequence[Stretch]) -> list[AuthorityCell]:
    """Of a region's members; a council is its own only line."""
    if scope.region_id is None:
        return []
    return [
        AuthorityCell(basis, authority_id, pence, entries)
        for (basis, authority_id), pence, entries in _money(
            _theme_sums(scope, stretches, ("basis", "authority_id"))
        )
    ]


def _money(rows: Iterable[LedgerSum]) -> Iterator[tuple[tuple[Any, ...], int, int]]:
    return ((row.key, row.value_pence, row.entries) for row in rows)


def _measure_cells(
    scope: Scope, sums: Sequence[LedgerSum], measures: Mapping[int, MeasureFacts]
) -> tuple[MeasureCell, ...]:
    """Sums of measures, where the last figure counts with that figure."""
    last = _latest(scope, {key for key, m in measures.items() if m.aggregation == Aggregation.LAST})
    return tuple(
        MeasureCell(
            basis=row.key[0],
            measure_id=row.key[1],
            quantity=last.get(row.key, row.quantity),
            denominator=row.denominator,
            value_pence=row.value_pence,
            entries=row.entries,
        )
        for row in sums
    )


def _latest(scope: Scope, measure_ids: set[int]) -> dict[tuple[Any, ...], Decimal]:
    """By basis and measure: the figures of the last months of its authorities, added up."""
    found: dict[tuple[Any, ...], Decimal] = {}
    for (basis, measure_id, _), quantity in _latest_by_authority(scope, measure_ids).items():
        found[basis, measure_id] = found.get((basis, measure_id), Decimal(0)) + quantity
    return found


def _theme_sums(scope: Scope, stretches: Sequence[Stretch], by: tuple[str, ...]) -> list[LedgerSum]:
    if _is_in_cells(scope):
        return rollups.theme_sums(stretches, by)
    return ledger.sums_as_at(
        stretches=stretches, by=by, until=_until(scope), contract_ids=scope.contract_ids
    )


def _is_in_cells(scope: Scope) -> bool:
    """Cells know neither past days nor directorates: those are added up from the entries."""
    return scope.at is None and scope.contract_ids is None


def _until(scope: Scope) -> datetime | None:
    return None if scope.at is None else clock.end_of(scope.at)


def _measure_sums(
    scope: Scope,
    stretches: Sequence[Stretch],
    by: tuple[str, ...],
    measure_ids: set[int] | None = None,
) -> list[LedgerSum]:
    if _is_in_cells(scope):
        return rollups.measure_sums(stretches, by, measure_ids)
    return ledger.sums_as_at(
        stretches=stretches,
        by=by,
        until=_until(scope),
        measure_ids=measure_ids,
        contract_ids=scope.contract_ids,
    )


def measure_authorities(scope: Scope, measure_ids: set[int]) -> dict[int, set[int]]:
    """By measure: the authorities of the scope that have entries of it in the period."""
    if not measure_ids:
        return {}
    pairs = (
        rollups.authorities_with(scope.inside(), measure_ids)
        if _is_in_cells(scope)
        else [row.key[1:] for row in _measure_sums(scope, scope.inside(), _BY_BOTH, measure_ids)]
    )
    found: dict[int, set[int]] = {}
    for measure_id, authority_id in pairs:
        found.setdefault(measure_id, set()).add(authority_id)
    return found


_BY_BOTH = ("basis", "measure_id", "authority_id")


def measure_facts(ids: set[int], reader: Readership | None) -> dict[int, MeasureFacts]:
    """What sums need to know of these measures, in reading order. ``reader`` is that of the scope."""
    return {
        key: MeasureFacts(
            key,
            row.code,
            row.title,
            row.unit,
            row.aggregation,
            row.theme_id,
            row.theme_name,
            row.is_local_employment,
            tuple(row.objectives),
        )
        for key, row in frameworks.measure_briefs(ids, reader).items()
    }


def _main_edition(scope: Scope) -> int:
    """What the council, or the region for itself, uses on the last day of the period."""
    if scope.region_id is not None:
        return frameworks.main_edition_id(scope.span.last, region_id=scope.region_id)
    return frameworks.main_edition_id(scope.span.last, authority_id=scope.authority_ids[0])


def theme_facts(scope: Scope, ids: set[int]) -> tuple[ThemeFacts, ...]:
    """The themes of the edition in use, so that an empty theme shows, and any others with figures.

    A theme keeps its slug from edition to edition, so contracts of two editions stand on one line.
    """
    try:
        current = frameworks.themes_of(_main_edition(scope))
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


def position_by_authority(
    scope: Scope, measures: Mapping[int, MeasureFacts]
) -> dict[int, Position]:
    """What each authority of the scope puts in, from the very sums of the whole: figures of it add up to the whole's.

    ``measures`` are the facts of the whole position. Two queries, however many authorities.
    """
    whole = _measure_sums(scope, scope.inside(), _BY_BOTH)
    last = _latest_by_authority(
        scope, {key for key, m in measures.items() if m.aggregation == Aggregation.LAST}
    )
    cells: dict[int, list[MeasureCell]] = {}
    money: dict[int, list[MoneyCell]] = {}
    for row in whole:
        basis, measure_id, authority_id = row.key
        cells.setdefault(authority_id, []).append(
            MeasureCell(
                basis,
                measure_id,
                last.get(row.key, row.quantity),
                row.denominator,
                row.value_pence,
                row.entries,
            )
        )
        theme_id = measures[measure_id].theme_id
        money.setdefault(authority_id, []).append(
            MoneyCell(basis, theme_id, scope.span.first, row.value_pence, row.entries)
        )
    return {
        key: Position(money=money[key], cells=found, measures=measures)
        for key, found in cells.items()
    }


def _latest_by_authority(scope: Scope, measure_ids: set[int]) -> dict[tuple[Any, ...], Decimal]:
    """By basis, measure and authority: the figure of its last month. No query where no such measure has entries."""
    if not measure_ids:
        return {}
    if _is_in_cells(scope):
        last = rollups.last_quantities(scope.inside(), measure_ids)
        return {(basis, key, authority): quantity for basis, key, authority, quantity in last}
    by = (*_BY_BOTH, "period")
    rows = _measure_sums(scope, scope.inside(), by, measure_ids)
    # Sorted by month within each, so the last one said stays.
    return {row.key[:3]: row.quantity for row in rows}
