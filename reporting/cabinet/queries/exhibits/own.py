"""Exhibits of an authority, or of one directorate of it: contracts, shortfalls, remedies, the cost of overseeing."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from reporting.cabinet.queries.exhibits.parts import MOST_LINES, amounts, bars, both, cut
from reporting.cabinet.rules.content import Json
from reporting.dashboards.queries.breakdown import Breakdown, breakdown
from reporting.figures.queries.reading import Reading
from reporting.figures.rules import overseeing, proofs, tables
from reporting.figures.rules.overseeing import Cost
from reporting.figures.rules.positions import Bases, by_quarter
from reporting.figures.rules.tables import Amounts
from socialvalue.core import clock
from socialvalue.core.errors import NotVisible
from socialvalue.core.money import from_pence, measured, without_sign
from socialvalue.core.periods import quarter_start, uk_date
from socialvalue.core.tables import Column, Table, Value


def contracts(reading: Reading) -> Json:
    """Contracts behind or at risk, worst first, cut to what fits a report; the annex has all."""
    found = [row for row in reading.contracts if row.needs_attention]
    table = Table(
        f"Contracts behind or at risk on {uk_date(clock.today())}",
        [
            Column("Contract"),
            Column("Supplier"),
            Column("Status"),
            Column("Commitments on track"),
            Column("Planned to date (£)", "money", is_social_value=True),
            Column("Verified to date (£)", "money", is_social_value=True),
        ],
        [
            (
                row.title,
                row.supplier_name,
                tables.TRACK_WORDS[row.track],
                f"{row.on_track} of {len(row.commitments)}",
                row.planned,
                row.verified,
            )
            for row in found
        ],
        empty="No contract of this period is behind its plan or at risk.",
    )
    return both(cut(table, "contracts"))


def shortfalls(reading: Reading) -> Json:
    """What is missing and the recovery action in the supplier's own words; what is not put right comes first."""
    counted = reading.counted
    found = sorted(counted.shortfalls, key=lambda row: not row.is_unfinished) if counted else []
    table = Table(
        f"Shortfalls, {reading.scope.span.label}",
        [
            Column("Contract and measure"),
            Column("Missing"),
            Column("Worth (£)", "money", is_social_value=True),
            Column("Recovery action"),
            Column("Status"),
        ],
        [
            (
                f"{row.contract}, {row.supplier}: {row.measure}",
                measured(row.missing, row.unit),
                row.value,
                row.recovery,
                f"{row.status}. {row.outcome}" if row.outcome else row.status,
            )
            for row in found
        ],
        empty=overseeing.shortfall_facts("", ()).empty,
    )
    table = cut(table, "shortfalls")
    bare = table.counts_only()
    # Quantities of money, and what was decided about them, are told without the sign of pounds.
    rows = [[without_sign(str(text)) for text in row] for row in bare.rows]
    return both(table, replace(bare, rows=rows))


def remedies(reading: Reading) -> Json:
    found = reading.counted.remedies if reading.counted else ()
    whole = overseeing.remedy_rows(f"Remedies approved, {reading.scope.span.label}", found)
    # The reference of the contract is in the annex.
    kept = (0, 2, 3, 4, 5, 6)

    def narrow(row: tuple[Value, ...]) -> tuple[Value, ...]:
        return tuple(row[n] for n in kept)

    table = Table(
        whole.caption,
        narrow(tuple(whole.columns)),  # type: ignore[arg-type]  # columns, picked like values
        [narrow(tuple(row)) for row in whole.rows],
        narrow(tuple(whole.total or ())) if found else None,
        whole.empty,
    )
    return both(table, total_figures=("remedies_count", *[""] * 4, "remedies_due"))


def cost_beside_benefit(reading: Reading) -> Json:
    """What overseeing cost in each quarter beside what was verified in it."""
    span = reading.scope.span
    costs: tuple[Cost, ...] = reading.counted.costs if reading.counted else ()
    lines = by_quarter(reading.now, span.quarters)
    spent = {
        line.quarter: sum(c.pence for c in costs if quarter_start(c.month) == line.quarter)
        for line in lines
    }
    hours = {
        line.quarter: sum(
            (c.hours or Decimal(0) for c in costs if quarter_start(c.month) == line.quarter),
            Decimal(0),
        )
        for line in lines
    }
    rows = [
        (
            tables.quarter_name(line),
            hours[line.quarter],
            from_pence(spent[line.quarter]),
            from_pence(line.pence.verified),
        )
        for line in lines
    ]
    table = Table(
        f"Cost of overseeing beside the social value verified, {span.label}",
        [
            Column("Quarter"),
            Column("Hours of overseeing", "number"),
            Column("Cost of overseeing (£)", "money"),
            Column("Social value verified (£)", "money", is_social_value=True),
        ],
        rows if costs else [],
        (
            "Total",
            sum(hours.values(), Decimal(0)),
            from_pence(sum(spent.values())),
            from_pence(sum(line.pence.verified for line in lines)),
        )
        if costs
        else None,
        empty="No cost of overseeing is recorded for this period.",
    )
    return both(table, total_figures=("", "", "oversight_cost", "verified_total") if costs else ())


def routes(reading: Reading) -> Json:
    begun = reading.begun
    lines = proofs.by_route(begun)
    caption = f"Procurements by route, {reading.scope.span.label}"
    return both(
        proofs.route_table(caption, lines, proofs.whole_of(begun)),
        total_figures=(
            "",
            "procurements_count",
            "procurements_with_social_value",
            "social_value_asked_share",
            "average_weighting",
        )
        if lines
        else (),
    )


# --- broken down, of the whole authority ---------------------------------------------------------


def _broken_down(reading: Reading, by: str) -> Breakdown:
    if reading.actor is None:
        raise NotVisible
    return breakdown(reading.actor, reading.scope.span, by)


def _lines(found: Breakdown) -> list[Amounts]:
    return [
        Amounts(
            line.label,
            Bases(*(_pence(cell.pounds) for cell in line.cells)),
            Bases(*(cell.entries for cell in line.cells)),
        )
        for line in found.lines
        if any(cell.entries for cell in line.cells)
    ]


def _pence(pounds: Decimal) -> int:
    return int(pounds * 100)


def directorates(reading: Reading) -> Json:
    found = _broken_down(reading, "directorate")
    caption = f"Social value by directorate, {found.span.label}"
    return amounts(caption, "Directorate", _lines(found))


def directorate_bars(reading: Reading) -> Json:
    found = _broken_down(reading, "directorate")
    return bars(f"Social value by directorate, {found.span.label}", "Directorate", _most(found))


def sizes(reading: Reading) -> Json:
    found = _broken_down(reading, "size")
    caption = f"Social value by size of supplier, {found.span.label}"
    return amounts(caption, "Size of supplier", _lines(found))


def size_bars(reading: Reading) -> Json:
    found = _broken_down(reading, "size")
    title = f"Social value by size of supplier, {found.span.label}"
    return bars(title, "Size of supplier", _most(found))


def _most(found: Breakdown) -> list[Amounts]:
    return list(found.charted)


def suppliers(reading: Reading) -> Json:
    """The suppliers with most, and all others on one line, so that the total is the report's."""
    found = _broken_down(reading, "supplier")
    lines = _lines(found)
    if len(lines) > MOST_LINES:
        rest = lines[MOST_LINES:]
        others = Amounts(
            f"{len(rest)} other suppliers",
            tables.added([line.pence for line in rest]),
            tables.added([line.entries for line in rest]),
        )
        lines = [*lines[:MOST_LINES], others]
    return amounts(f"Social value by supplier, {found.span.label}", "Supplier", lines)
