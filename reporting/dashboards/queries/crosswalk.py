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
from reporting.figures.queries.positions import measure_facts
from reporting.figures.queries.reading import Reading
from reporting.figures.rules import tables
from reporting.figures.rules.crosswalk import (
    Part,
    in_parts,
    regional_position,
    sources_of,
)
from reporting.figures.rules.positions import (
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
from toms.priorities.vocabulary import Counted


@dataclass(frozen=True, slots=True)
class RegionCounting:
    """``parts`` add up to ``total``, which is the sum of the authorities. ``regional`` are quantities in the region's
    measures; ``beside`` are those of every other measure that counts in none of them."""

    parts: tuple[AmountLine, ...]
    total: AmountLine
    regional: tuple[MeasureView, ...]
    beside: tuple[MeasureView, ...]
    tables: Mapping[str, Table]

    @property
    def has_rest(self) -> bool:
        return bool(self.beside)


def region_counting(reading: Reading, names: Mapping[int, str], *, money: bool) -> RegionCounting:
    """How what was read of a region counts in the measures it uses on the last day of the period."""
    span, cells = reading.scope.span, reading.now.cells
    resolved = priorities.targets(
        reading.scope.region_id or 0, span.last, {cell.measure_id for cell in cells}
    )
    parts = in_parts(cells, resolved)
    amounts = [
        Amounts(part, bases_of(found), bases_of(found, entries=True))
        for part, found in parts.items()
    ]
    facts = measure_facts({row.target_id for row in resolved.values() if row.target_id})
    regional = by_measure(regional_position(reading.now, resolved, facts))
    sources = sources_of(parts[Part.REGIONAL], resolved)
    rest = (Part.NOT_MAPPED, Part.EXCLUDED)
    beside = [line for part in rest for line in _lines_of(reading.now, parts[part])]
    return RegionCounting(
        parts=tuple(
            linked(reading, amount, measure_ids=tuple(sorted({c.measure_id for c in found})))
            for amount, found in zip(amounts, parts.values(), strict=True)
        ),
        total=replace(total_line(reading, amounts), label="Sum of the authorities"),
        regional=tuple(
            _regional_view(reading, line, sources[line.measure.id], resolved) for line in regional
        ),
        beside=tuple(_beside_view(reading, line, resolved, names) for line in beside),
        tables={
            "counted": _counted_table(f"What is in the regional measures, {span.label}", amounts, money=money),
            "measures": tables.measure_table(f"By regional measure, {span.label}", regional, money=money),
            "beside": _beside_table(
                tables.measure_table(f"Not in the regional measures, {span.label}", beside, money=money),
                [(_word(line, resolved), _authorities(reading, line, names)) for line in beside],
            ),
        },
    )  # fmt: skip


def _lines_of(position: Position, cells: Sequence[object]) -> list[MeasureLine]:
    return by_measure(replace(position, cells=tuple(cells)))  # type: ignore[arg-type]  # cells of that position


def _regional_view(
    reading: Reading, line: MeasureLine, sources: Sequence[int], resolved: Mapping[int, Resolved]
) -> MeasureView:
    """Its figures open to the rows of every measure that counts in it."""
    mapped = [key for key in sources if resolved[key].standing == Counted.MAPPED]
    others = [
        _joined(reading.now.measures[key], resolved[key].factor, line.measure.unit)
        for key in mapped
    ]
    note = f"Counts also {'; '.join(others)}" if others else ""
    return replace(measure_view(reading, line, measure_ids=sources), note=note)


def _joined(source: MeasureFacts, factor: Decimal, into: str) -> str:
    return source.label + ("" if factor == 1 else f" ({converted(source.unit, factor, into)})")


def _beside_view(
    reading: Reading, line: MeasureLine, resolved: Mapping[int, Resolved], names: Mapping[int, str]
) -> MeasureView:
    view = measure_view(reading, line, measure_ids=[line.measure.id])
    page = reverse("toms:priorities:crosswalk_measure", args=[line.measure.id])
    return replace(
        view,
        theme=_authorities(reading, line, names),
        note=_word(line, resolved),
        href=f"{page}?region={reading.scope.region_slug}",
    )


def _authorities(reading: Reading, line: MeasureLine, names: Mapping[int, str]) -> str:
    ids = {c.authority_id for c in reading.now.cells if c.measure_id == line.measure.id}
    return ", ".join(names[key] for key in names if key in ids)


def _word(line: MeasureLine, resolved: Mapping[int, Resolved]) -> str:
    found = resolved.get(line.measure.id)
    if found is None or found.standing == Counted.NOT_MAPPED:
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
