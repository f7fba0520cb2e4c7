"""What the measures of a sheet are: unit, kind, how they add up, their texts. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from toms.frameworks.vocabulary import Aggregation, MeasureKind
from toms.imports.rules.cells import text_of
from toms.imports.rules.content import Row
from toms.imports.rules.reading.columns import Columns
from toms.imports.rules.reading.lines import Lines
from toms.imports.rules.words import (
    adding_up,
    is_known_unit,
    kind_against_amount,
    kind_named,
    unknown_kind,
)
from toms.valuation.rules import unit_parts

Parts = list[dict[str, str]]


def units_of(cells: Columns, lines: Lines, known_units: frozenset[str]) -> list[Parts]:
    """What the unit of each measure is made of."""
    known: dict[str, Parts] = {}
    found = []
    for at, unit in zip(lines.at, cells.text_at("unit", lines.at), strict=True):
        parts = known.get(unit)
        if parts is None or not unit:
            parts = known[unit] = unit_parts(unit)
            _check_unit(cells, at, unit, known_units)
        found.append(parts)
    return found


def _check_unit(cells: Columns, at: int, unit: str, known_units: frozenset[str]) -> None:
    if not unit:
        code = cells.text("code")[at]
        message = f"{code} has no unit. Enter what is counted, like people or hours."
        cells.tell("error", at, "unit", message)
    elif not is_known_unit(unit, known_units):
        message = f"“{unit[:60]}” is not a unit known here. Check how it is counted."
        cells.tell("warning", at, "unit", message)


def kinds_of(cells: Columns, lines: Lines, amounts: Sequence[str | None]) -> list[MeasureKind]:
    """The kind each measure is said to be, or that follows from its value."""
    at_lines = lines.at
    names, units, places, sectors = (
        cells.text_at(name, at_lines) for name in ("kind", "unit", "place", "sector")
    )
    said = {name: kind_named(name) if name else None for name in set(names)}
    proxy = MeasureKind.PROXY
    found = []
    rows = zip(at_lines, amounts, names, units, places, sectors, strict=True)
    for at, amount, name, unit, place, sector in rows:
        kind = said[name]
        if kind is None:
            if name:
                cells.tell("error", at, "kind", unknown_kind(name))
            if amount or amount is None:
                kind = MeasureKind.LOCALISED if place or sector else proxy
                if unit == "£" and amount == "1":
                    kind = MeasureKind.POUND_FOR_POUND
            else:
                kind = kind_named(text_of(cells.cell("amount")[at])) or MeasureKind.RECORD_ONLY
        if (kind is not proxy and amount) or (kind is proxy and amount == ""):
            message = kind_against_amount(cells.text("code")[at], kind, amount or "")
            if message:
                cells.tell("error", at, "amount", message)
        found.append(kind)
    return found


def aggregations_of(
    cells: Columns, lines: Lines, kinds: Sequence[MeasureKind]
) -> list[Aggregation]:
    """How each measure adds up."""
    at_lines = lines.at
    columns = [
        cells.text_at(name, at_lines)
        for name in ("aggregation", "unit", "numerator_label", "denominator_label")
    ]
    known: dict[tuple[Any, ...], Aggregation] = {}
    found = []
    for at, kind, name, unit, top, bottom in zip(at_lines, kinds, *columns, strict=True):
        key = (name, kind, unit, bool(top and bottom))
        adds_up = known.get(key)
        if adds_up is None:
            adds_up, message = adding_up(*key)
            if message:
                cells.tell("error", at, "aggregation", message)
            else:
                known[key] = adds_up
        found.append(adds_up)
    return found


def measures_of(
    cells: Columns,
    lines: Lines,
    units: Sequence[Parts],
    kinds: Sequence[MeasureKind],
    adds_up: Sequence[Aggregation],
    shares: Sequence[Mapping[str, str]],
) -> list[Row]:
    """The rows of an edition, in the words and the order of ``in_order``."""
    names = (
        "code", "title", "description", "unit", "numerator_label", "denominator_label",
        "target_requirements", "evidence", "counting_rule",
    )  # fmt: skip
    kind_texts = {kind: kind.value for kind in MeasureKind}
    sum_texts = {row: row.value for row in Aggregation}
    rows = zip(
        *[cells.text_at(name, lines.at) for name in names],
        lines.outcomes, units, kinds, adds_up, shares, strict=True,
    )  # fmt: skip
    return [
        {
            "code": code, "outcome": outcome, "title": title, "description": description or title, "unit": unit,
            "kind": kind_texts[kind], "aggregation": sum_texts[sum_], "numerator_label": top,
            "denominator_label": bottom, "target_requirements": asked, "evidence": evidence,
            "counting_rule": rule, "unit_parts": parts, "objectives": [], "is_local_employment": False,
            "additionality": taken_off,
        }
        for (
            code, title, description, unit, top, bottom, asked, evidence, rule,
            outcome, parts, kind, sum_, taken_off,
        ) in rows
    ]  # fmt: skip
