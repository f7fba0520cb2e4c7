"""A region's totals in its own measures, and what its authorities report beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.urls import reverse

from reporting.dashboards.queries.boards import (
    AmountLine,
    MeasureView,
    linked,
    measure_view,
    total_line,
)
from reporting.dashboards.rules import Tables
from reporting.figures.queries.positions import measure_authorities, measure_facts
from reporting.figures.queries.reading import Reading
from reporting.figures.rules import tables
from reporting.figures.rules.crosswalk import (
    Part,
    in_parts,
    regional_position,
    sources_of,
)
from reporting.figures.rules.positions import (
    MeasureCell,
    MeasureFacts,
    MeasureLine,
    Position,
    bases_of,
    by_measure,
)
from reporting.figures.rules.tables import Amounts
from socialvalue.core.tables import Column, Table
from toms.priorities import queries as priorities
from toms.priorities.rules import Resolved, converted
from toms.priorities.vocabulary import Counted as Standing


@dataclass(frozen=True, slots=True)
class Counted:
    """How what was read of a region counts: ``regional`` are the cells that do, ``facts`` of the regional measures."""

    resolved: Mapping[int, Resolved]
    parts: Mapping[Part, list[MeasureCell]]
    facts: Mapping[int, MeasureFacts]

    @property
    def regional(self) -> list[MeasureCell]:
        return self.parts[Part.REGIONAL]


def counted_in(reading: Reading) -> Counted:
    """How what was read counts in the measures the region uses on the last day of the period."""
    cells = reading.now.cells
    resolved = priorities.targets(
        reading.scope.region_id or 0, reading.scope.span.last, {cell.measure_id for cell in cells}
    )
    targets = {row.target_id for row in resolved.values() if row.target_id}
    facts = measure_facts(targets, reading.scope.reader)
    return Counted(resolved, in_parts(cells, resolved), facts)


@dataclass(frozen=True, slots=True)
class RegionCounting:
    """``parts`` add up to ``total``, which is the sum of the authorities. ``regional`` are quantities in the region's
    measures; ``beside`` are those of every other measure that counts in none of them."""

    parts: tuple[AmountLine, ...]
    total: AmountLine
    regional: tuple[MeasureView, ...]
    beside: tuple[MeasureView, ...]
    tables: Tables

    @property
    def has_rest(self) -> bool:
        return bool(self.beside)


def region_counting(
    reading: Reading, counted: Counted, names: Mapping[int, str], *, money: bool
) -> RegionCounting:
    """The lines and tables of how what was read of a region counts in its own measures."""
    span, resolved, parts = reading.scope.span, counted.resolved, counted.parts
    amounts = [
        Amounts(part, bases_of(found), bases_of(found, entries=True))
        for part, found in parts.items()
    ]
    regional = by_measure(regional_position(reading.now, resolved, counted.facts))
    sources = sources_of(parts[Part.REGIONAL], resolved)
    rest = (Part.NOT_MAPPED, Part.EXCLUDED)
    beside = [line for part in rest for line in _lines_of(reading.now, parts[part])]
    whose = _in_words(reading, beside, names)
    return RegionCounting(
        parts=tuple(
            linked(reading, amount, measure_ids=tuple(sorted({c.measure_id for c in found})))
            for amount, found in zip(amounts, parts.values(), strict=True)
        ),
        total=replace(total_line(reading, amounts), label="Sum of the authorities"),
        regional=tuple(
            _regional_view(reading, line, sources[line.measure.id], resolved) for line in regional
        ),
        beside=tuple(_beside_view(reading, line, resolved, whose) for line in beside),
        tables=Tables(
            counted=lambda: _counted_table(f"What is in the regional measures, {span.label}", amounts, money=money),
            measures=lambda: tables.measure_table(f"By regional measure, {span.label}", regional, money=money),
            beside=lambda: _beside_table(
                tables.measure_table(f"Not in the regional measures, {span.label}", beside, money=money),
                [(_word(line, resolved), whose[line.measure.id]) for line in beside],
            ),
        ),
    )  # fmt: skip


def _lines_of(position: Position, cells: Sequence[object]) -> list[MeasureLine]:
    return by_measure(replace(position, cells=tuple(cells)))  # type: ignore[arg-type]  # cells of that position


def _regional_view(
    reading: Reading, line: MeasureLine, sources: Sequence[int], resolved: Mapping[int, Resolved]
) -> MeasureView:
    """Its figures open to the rows of every measure that counts in it."""
    mapped = [key for key in sources if resolved[key].standing == Standing.MAPPED]
    others = [
        _joined(reading.now.measures[key], resolved[key].factor, line.measure.unit)
        for key in mapped
    ]
    note = f"Counts also {'; '.join(others)}" if others else ""
    return replace(measure_view(reading, line, measure_ids=sources), note=note)


def _joined(source: MeasureFacts, factor: Decimal, into: str) -> str:
    return source.label + ("" if factor == 1 else f" ({converted(source.unit, factor, into)})")


def _beside_view(
    reading: Reading, line: MeasureLine, resolved: Mapping[int, Resolved], whose: Mapping[int, str]
) -> MeasureView:
    view = measure_view(reading, line, measure_ids=[line.measure.id])
    page = reverse("toms:priorities:crosswalk_measure", args=[line.measure.id])
    return replace(
        view,
        theme=whose[line.measure.id],
        note=_word(line, resolved),
        href=f"{page}?region={reading.scope.region_slug}",
    )


def _in_words(
    reading: Reading, lines: Sequence[MeasureLine], names: Mapping[int, str]
) -> dict[int, str]:
    """By measure: the names of the authorities that have entries of it."""
    found = measure_authorities(reading.scope, {line.measure.id for line in lines})
    return {
        measure_id: ", ".join(name for key, name in names.items() if key in ids)
        for measure_id, ids in found.items()
    }


def _word(line: MeasureLine, resolved: Mapping[int, Resolved]) -> str:
    found = resolved.get(line.measure.id)
    if found is None or found.standing == Standing.NOT_MAPPED:
        return Part.NOT_MAPPED
    return f"{Part.EXCLUDED}: {found.why}"


def _counted_table(caption: str, amounts: Sequence[Amounts], *, money: bool) -> Table:
    found = tables.amounts_table(caption, "Part", amounts, money=money)
    total = None if found.total is None else ("Sum of the authorities", *found.total[1:])
    return replace(found, total=total)


def _beside_table(found: Table, more: Iterable[tuple[str, str]]) -> Table:
    return replace(
        found,
        columns=[*found.columns, Column("Why", width=44), Column("Authorities", width=40)],
        rows=[(*row, *extra) for row, extra in zip(found.rows, more, strict=True)],
        total=None if found.total is None else (*found.total, "", ""),
    )
