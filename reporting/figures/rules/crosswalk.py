"""A region's position in the region's own measures: what counts there, and what is left beside it. Pure.

The parts are the whole, cell by cell: what counts in regional measures, what is not mapped, and what is deliberately
not counted add up to the sum of the authorities, to the penny and for each basis by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from enum import StrEnum

from reporting.figures.rules.positions import MeasureCell, MeasureFacts, Position
from toms.priorities.rules import Resolved
from toms.priorities.vocabulary import Counted


class Part(StrEnum):
    """Where a cell of a member stands in its region."""

    REGIONAL = "In the regional measures"
    NOT_MAPPED = "Not mapped"
    EXCLUDED = "Deliberately not counted"


def part_of(measure_id: int, resolved: Mapping[int, Resolved]) -> Part:
    """A measure that nobody resolved is not mapped: it is listed, never lost."""
    found = resolved.get(measure_id)
    if found is None or found.standing == Counted.NOT_MAPPED:
        return Part.NOT_MAPPED
    return Part.EXCLUDED if found.standing == Counted.EXCLUDED else Part.REGIONAL


def in_parts(
    cells: Iterable[MeasureCell], resolved: Mapping[int, Resolved]
) -> dict[Part, list[MeasureCell]]:
    """Every cell in exactly one part."""
    parts: dict[Part, list[MeasureCell]] = {part: [] for part in Part}
    for cell in cells:
        parts[part_of(cell.measure_id, resolved)].append(cell)
    return parts


def regional_position(
    position: Position, resolved: Mapping[int, Resolved], regional: Mapping[int, MeasureFacts]
) -> Position:
    """The cells that count, as the regional measures they count as, in those measures' units.

    Only quantities are converted. £ and the number of entries stay what they are.
    """
    counted = in_parts(position.cells, resolved)[Part.REGIONAL]
    return replace(
        position, cells=tuple(_converted(cell, resolved) for cell in counted), measures=regional
    )


def _converted(cell: MeasureCell, resolved: Mapping[int, Resolved]) -> MeasureCell:
    found = resolved[cell.measure_id]
    return replace(
        cell, measure_id=found.target_id or cell.measure_id, quantity=cell.quantity * found.factor
    )


def sources_of(
    cells: Iterable[MeasureCell], resolved: Mapping[int, Resolved]
) -> dict[int, list[int]]:
    """By regional measure: the measures of the authorities whose cells count in it."""
    found: dict[int, dict[int, None]] = {}
    for cell in cells:
        target = resolved[cell.measure_id].target_id
        if target is not None:
            found.setdefault(target, {})[cell.measure_id] = None
    return {target: list(ids) for target, ids in found.items()}
