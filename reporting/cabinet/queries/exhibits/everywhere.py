"""Exhibits that every report has: themes, quarters, measures, the year before, editions."""

from __future__ import annotations

from collections.abc import Sequence

from procurement.ledger import queries as ledger
from reporting.cabinet.queries.exhibits.parts import amounts, bars, both, start
from reporting.cabinet.rules.content import Json, table_json
from reporting.dashboards import rules as dashboard_rules
from reporting.figures.queries.reading import Reading
from reporting.figures.rules import tables
from reporting.figures.rules.definitions import Figure, is_carbon
from reporting.figures.rules.positions import (
    Bases,
    MeasureFacts,
    MeasureLine,
    by_measure,
    by_quarter,
    by_theme,
)
from reporting.figures.rules.tables import Amounts
from socialvalue.core.tables import Column, Table
from toms.frameworks import queries as frameworks

COMPARED = (
    "committed_total",
    "claimed_total",
    "verified_total",
    "verified_share",
    "committed_local_employment",
    "verified_local_employment",
    "verified_without_local_employment",
    "tco2e_verified",
    "fte_years_verified",
)
ENVIRONMENT = "ENV"


def _theme_lines(reading: Reading) -> list[Amounts]:
    lines = tables.theme_amounts(by_theme(reading.now))
    return lines if any(line.entries != Bases() for line in lines) else []


def _quarter_lines(reading: Reading) -> list[Amounts]:
    lines = tables.quarter_amounts(by_quarter(reading.now, reading.scope.span.quarters))
    return lines if any(line.entries != Bases() for line in lines) else []


def themes(reading: Reading) -> Json:
    caption = f"Social value by theme, {reading.scope.span.label}"
    return amounts(caption, "Theme", _theme_lines(reading))


def theme_bars(reading: Reading) -> Json:
    caption = f"Social value by theme, {reading.scope.span.label}"
    return bars(caption, "Theme", _theme_lines(reading))


def quarters(reading: Reading) -> Json:
    caption = f"Social value by quarter, {reading.scope.span.label}"
    return amounts(caption, "Quarter", _quarter_lines(reading))


def quarter_bars(reading: Reading) -> Json:
    caption = f"Social value by quarter, {reading.scope.span.label}"
    return bars(caption, "Quarter", _quarter_lines(reading))


def _is_environment(measure: MeasureFacts) -> bool:
    return ENVIRONMENT in measure.objectives or is_carbon(measure)


def environment(reading: Reading) -> Json:
    green = [line for line in by_measure(reading.now) if _is_environment(line.measure)]
    return _measures(f"Environmental measures, {reading.scope.span.label}", green, is_whole=False)


def measures(reading: Reading) -> Json:
    caption = f"Every measure with figures, {reading.scope.span.label}"
    return _measures(caption, by_measure(reading.now), is_whole=True)


MEASURE_HEADS = (
    "Measure", "Unit", "Committed (quantity)", "Committed (£)", "Verified (quantity)", "Verified (£)",
)  # fmt: skip
"""What a page has room for, by its heading in the dashboard's table of measures."""


def _measures(caption: str, lines: Sequence[MeasureLine], *, is_whole: bool) -> Json:
    """Six columns, to fit a page; the annex has the rest."""
    columns = [
        Column("Measure"),
        Column("Unit"),
        Column("Committed", "number"),
        Column("Committed (£)", "money", is_social_value=True),
        Column("Verified", "number"),
        Column("Verified (£)", "money", is_social_value=True),
    ]
    full = tables.measure_table(caption, lines, money=True)
    heads = [column.heading for column in full.columns]
    picked = [heads.index(heading) for heading in MEASURE_HEADS]
    rows = [tuple(row[i] for i in picked) for row in full.rows]
    total = tuple(full.total[i] for i in picked) if full.total else None
    totals = ("", "", "", "committed_total", "", "verified_total") if is_whole and total else ()
    counts = Table(caption, columns, rows, empty=full.empty).counts_only()
    return both(
        Table(caption, columns, rows, total, empty=full.empty), counts, total_figures=totals
    )


def compared(reading: Reading) -> Json:
    span = reading.scope.span
    columns = [Column("Figure"), Column(span.label), Column(span.earlier().label), Column("Change")]
    named = [(reading.figure(name), reading.earlier_figure(name)) for name in COMPARED]

    def table(found: Sequence[tuple[Figure, Figure]]) -> Json:
        rows = [
            (now.label, start(now.shown), start(before.shown), dashboard_rules.change(now, before))
            for now, before in found
        ]
        return table_json(
            Table(f"{span.label} and the year before", columns, rows),
            row_figures=[now.name for now, _ in found],
        )

    return {
        "money": table(named),
        "counts": table([row for row in named if not row[0].is_money]),
    }


def editions(reading: Reading) -> Json:
    """The frameworks whose measures valued the entries, with what was valued by each."""
    scope = reading.scope
    sums = ledger.sums_as_at(
        stretches=scope.inside(), by=("basis", "edition_id"), contract_ids=scope.contract_ids
    )
    pence: dict[int, dict[str, int]] = {}
    entries: dict[int, dict[str, int]] = {}
    for row in sums:
        basis, key = row.key
        pence.setdefault(key, {})[basis] = row.value_pence
        entries.setdefault(key, {})[basis] = row.entries
    names = frameworks.editions_named(pence)
    lines = [
        Amounts(names[key], Bases(**pence[key]), Bases(**entries[key]))
        for key in sorted(pence, key=lambda key: names[key])
    ]
    return amounts(f"Frameworks of measures in use, {scope.span.label}", "Framework", lines)
