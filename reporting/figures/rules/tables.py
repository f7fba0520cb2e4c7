"""The tables of a position, the same for page, CSV, XLSX and report. Without £ they count ledger entries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from procurement.ledger.vocabulary import Basis
from reporting.figures.rules.definitions import Figure
from reporting.figures.rules.positions import (
    AuthorityLine,
    Bases,
    MeasureLine,
    QuarterLine,
    ThemeLine,
)
from reporting.figures.rules.progress import ContractProgress, Track
from socialvalue.core.money import from_pence
from socialvalue.core.periods import quarter_number, quarter_start, uk_date
from socialvalue.core.tables import Column, Table, Value

EMPTY = "No ledger entries lie in this period yet. Figures appear here once a contract has an action plan."
TRACK_WORDS = {
    Track.MISSED: "Missed",
    Track.BEHIND: "Behind",
    Track.AT_RISK: "At risk",
    Track.ON_TRACK: "On track",
    Track.COMPLETE: "Complete",
    Track.NOT_DUE: "Not yet due",
}


@dataclass(frozen=True, slots=True)
class Amounts:
    """A line's label with its bases, whichever are shown: pence, or entries."""

    label: str
    pence: Bases
    entries: Bases


def _columns(heading: str, *, money: bool) -> list[Column]:
    if money:
        return [
            Column(heading, width=40),
            Column("Committed (£)", "money", is_social_value=True),
            Column("Claimed (£)", "money", is_social_value=True),
            Column("Evidenced (£)", "money", is_social_value=True),
            Column("Verified (£)", "money", is_social_value=True),
            Column("Verified of committed (%)", "percent"),
        ]
    return [
        Column(heading, width=40),
        Column("Committed (entries)", "number"),
        Column("Claimed (entries)", "number"),
        Column("Evidenced (entries)", "number"),
        Column("Verified (entries)", "number"),
    ]


def _row(line: Amounts, *, money: bool) -> tuple[Value, ...]:
    if not money:
        return (line.label, *_in_order(line.entries))
    return (line.label, *_pounds(line.pence), line.pence.share)


def _in_order(bases: Bases) -> list[int]:
    return [getattr(bases, basis) for basis in Basis.values]


def added(bases: Sequence[Bases]) -> Bases:
    """Each basis added up by itself."""
    return Bases(*(sum(getattr(one, basis) for one in bases) for basis in Basis.values))


def amounts_table(caption: str, heading: str, lines: Sequence[Amounts], *, money: bool) -> Table:
    """Lines with a total that equals the sum of what is shown."""
    total = Amounts("Total", added([x.pence for x in lines]), added([x.entries for x in lines]))
    return Table(
        caption,
        _columns(heading, money=money),
        [_row(line, money=money) for line in lines],
        _row(total, money=money) if lines else None,
        EMPTY,
    )


def theme_amounts(lines: Sequence[ThemeLine]) -> list[Amounts]:
    return [Amounts(line.theme.name, line.pence, line.entries) for line in lines]


def quarter_name(line: QuarterLine) -> str:
    """``Quarter 2, from 1 July 2026``."""
    return f"Quarter {quarter_number(line.quarter)}, from {uk_date(quarter_start(line.quarter))}"


def quarter_amounts(lines: Sequence[QuarterLine]) -> list[Amounts]:
    return [Amounts(quarter_name(line), line.pence, line.entries) for line in lines]


def authority_amounts(lines: Sequence[AuthorityLine], names: Mapping[int, str]) -> list[Amounts]:
    return [Amounts(names[line.authority_id], line.pence, line.entries) for line in lines]


def measure_table(caption: str, lines: Sequence[MeasureLine], *, money: bool) -> Table:
    """Quantities in each measure's unit with £ beside them. Units differ, so only £ has a total."""
    columns = [
        Column("Measure", width=44),
        Column("Theme", width=28),
        Column("Unit", width=18),
        Column("Committed (quantity)", "number"),
        Column("Claimed (quantity)", "number"),
        Column("Evidenced (quantity)", "number"),
        Column("Verified (quantity)", "number"),
    ]
    if money:
        columns += [
            Column("Committed (£)", "money", is_social_value=True),
            Column("Claimed (£)", "money", is_social_value=True),
            Column("Evidenced (£)", "money", is_social_value=True),
            Column("Verified (£)", "money", is_social_value=True),
        ]
    return Table(
        caption,
        columns,
        [_measure_row(line, money=money) for line in lines],
        _measure_total(lines) if money and lines else None,
        EMPTY,
    )


def _rounded(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(Decimal("0.001"))


def _measure_row(line: MeasureLine, *, money: bool) -> tuple[Value, ...]:
    measure = line.measure
    row: tuple[Value, ...] = (
        measure.label,
        measure.theme_name,
        measure.unit,
        *(_rounded(getattr(line, basis)) for basis in Basis.values),
    )
    pence = line.pence
    if not money:
        return row
    # A measure that is counted only has no £, which is not the same as £0.
    return (*row, *(_pounds(pence) if line.is_valued else [None] * len(Basis)))


def _pounds(pence: Bases) -> list[Decimal]:
    return [from_pence(each) for each in _in_order(pence)]


def _measure_total(lines: Sequence[MeasureLine]) -> tuple[Value, ...]:
    return ("Total", "", "", *[None] * len(Basis), *_pounds(added([line.pence for line in lines])))


def figure_table(caption: str, figures: Sequence[tuple[Figure, Figure | None]]) -> Table:
    """Figures beside the same period one year before."""
    return Table(
        caption,
        [
            Column("Figure", width=40),
            Column("Unit"),
            Column("This period", "number"),
            Column("One year before", "number"),
        ],
        [
            (now.label, now.unit, _rounded(now.value), _rounded(before.value) if before else None)
            for now, before in figures
        ],
    )


def contract_table(caption: str, rows: Sequence[ContractProgress], *, money: bool) -> Table:
    """Contracts with planned and verified to date, worst first."""
    columns = [
        Column("Contract", width=44),
        Column("Reference"),
        Column("Supplier", width=32),
        Column("Status"),
        Column("Commitments on track", "number"),
        Column("Commitments tracked", "number"),
    ]
    if money:
        columns += [
            Column("Committed, whole contract (£)", "money", is_social_value=True),
            Column("Planned to date (£)", "money", is_social_value=True),
            Column("Verified to date (£)", "money", is_social_value=True),
        ]
    return Table(caption, columns, [_contract_row(row, money=money) for row in rows])


def _contract_row(row: ContractProgress, *, money: bool) -> tuple[Value, ...]:
    facts: tuple[Value, ...] = (
        row.title,
        row.reference,
        row.supplier_name,
        TRACK_WORDS[row.track],
        row.on_track,
        len(row.commitments),
    )
    if not money:
        return facts
    return (
        *facts,
        from_pence(row.committed_pence),
        from_pence(row.planned_pence),
        from_pence(row.verified_pence),
    )
