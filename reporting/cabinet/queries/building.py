"""The content of a report, built from one reading of the figures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from procurement.ledger import queries as ledger
from reporting.cabinet.rules.content import (
    FORMAT,
    Json,
    chart_json,
    figure_json,
    table_json,
)
from reporting.dashboards import rules as dashboard_rules
from reporting.figures.queries.reading import Reading, read
from reporting.figures.queries.scopes import council_scope
from reporting.figures.rules import tables
from reporting.figures.rules.definitions import Figure, is_carbon
from reporting.figures.rules.positions import (
    MeasureFacts,
    MeasureLine,
    by_measure,
    by_quarter,
    by_theme,
)
from reporting.figures.rules.spans import Span
from reporting.figures.rules.tables import Amounts
from socialvalue.accounts import queries as accounts
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM, Actor
from socialvalue.core.money import from_pence
from socialvalue.core.periods import FinancialYear, uk_date
from socialvalue.core.tables import Column, Table

if TYPE_CHECKING:
    from reporting.cabinet.models import CabinetReport, CabinetSection

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
MOST_CONTRACTS = 15
ENVIRONMENT = "ENV"


def reading_of(actor: Actor, financial_year: str) -> Reading:
    """The figures of the acting authority for a year. NotVisible for anybody else."""
    return read(actor, council_scope(actor, Span(FinancialYear.parse(financial_year))))


def content_of(
    report: CabinetReport, sections: Sequence[CabinetSection], reading: Reading, moment: datetime
) -> Json:
    """Everything the report shows, as JSON. ``moment`` is when it was built."""
    authority = accounts.authorities().get(pk=report.authority_id)
    return {
        "format": FORMAT,
        "organisation": authority.name,
        "is_demonstration": authority.is_demonstration,
        "title": report.title,
        "meeting_on": report.meeting_on.isoformat(),
        "year": report.financial_year,
        "as_at": dashboard_rules.as_at(reading.as_at),
        "moment": moment.isoformat(),
        "ledger_position": ledger_position(),
        "cube_version": reading.version,
        "figures": [figure_json(figure) for figure in reading.figures()],
        "sections": [
            {"kind": section.kind, "narrative": section.narrative} for section in sections
        ],
        "charts": charts(reading),
        "tables": {
            name: {"money": table_json(money), "counts": table_json(counts)}
            for name, (money, counts) in report_tables(reading).items()
        },
        "annex": {
            "money": [table_json(table) for table in annex(reading, money=True)],
            "counts": [table_json(table) for table in annex(reading, money=False)],
        },
        "contacts": report.contacts,
        "circulation_local": report.circulation_local,
        "circulation_other": report.circulation_other,
    }


def ledger_position() -> int:
    """The number of the last ledger entry, 0 when there is none."""
    last = ledger.visible_entries(SYSTEM).order_by("-pk").values_list("pk", flat=True).first()
    return last or 0


def charts(reading: Reading) -> Json:
    themes = tables.theme_amounts(by_theme(reading.now))
    quarters = tables.quarter_amounts(by_quarter(reading.now, reading.scope.span.quarters))
    year = reading.scope.span.label
    return {
        "themes": _chart(f"Social value by theme, {year}", "Theme", themes),
        "quarters": _chart(f"Social value by quarter, {year}", "Quarter", quarters),
    }


def _chart(title: str, heading: str, amounts: Sequence[Amounts]) -> Json:
    categories = [amount.label for amount in amounts]
    names = {"Committed": "committed", "Claimed": "claimed", "Verified": "verified"}
    pounds = {k: [from_pence(getattr(a.pence, v)) for a in amounts] for k, v in names.items()}
    entries = {k: [Decimal(getattr(a.entries, v)) for a in amounts] for k, v in names.items()}
    return {
        "money": chart_json(title, heading, "£", categories, pounds),
        "counts": chart_json(f"{title}, ledger entries", heading, "", categories, entries),
    }


def report_tables(reading: Reading) -> dict[str, tuple[Table, Table]]:
    """The tables in the report: with £, and with counts only."""
    year = reading.scope.span.label
    themes = tables.theme_amounts(by_theme(reading.now))
    quarters = tables.quarter_amounts(by_quarter(reading.now, reading.scope.span.quarters))
    lines = by_measure(reading.now)
    green = [line for line in lines if _is_environment(line.measure)]

    def both(caption: str, heading: str, amounts: Sequence[Amounts]) -> tuple[Table, Table]:
        money = tables.amounts_table(caption, heading, amounts, money=True)
        return money, tables.amounts_table(caption, heading, amounts, money=False)

    return {
        "themes": both(f"Social value by theme, {year}", "Theme", themes),
        "quarters": both(f"Social value by quarter, {year}", "Quarter", quarters),
        "environment": _measures(f"Environmental measures, {year}", green),
        "measures": _measures(f"Every measure with figures, {year}", lines),
        "compared": (_compared(reading, money=True), _compared(reading, money=False)),
        "contracts": (_contracts(reading, money=True), _contracts(reading, money=False)),
        "definitions": (_definitions(reading, money=True), _definitions(reading, money=False)),
    }


def _is_environment(measure: MeasureFacts) -> bool:
    return ENVIRONMENT in measure.objectives or is_carbon(measure)


def _measures(caption: str, lines: Sequence[MeasureLine]) -> tuple[Table, Table]:
    """Six columns, to fit a page; the annex has the rest."""
    counts = [
        Column("Measure"),
        Column("Unit"),
        Column("Committed", "number"),
        Column("Verified", "number"),
    ]
    money = [
        Column("Measure"),
        Column("Unit"),
        Column("Committed", "number"),
        Column("Committed (£)", "money", is_social_value=True),
        Column("Verified", "number"),
        Column("Verified (£)", "money", is_social_value=True),
    ]
    full = tables.measure_table(caption, lines, money=True)
    # Measure, theme, unit, three quantities, three amounts of money.
    pick_money, pick_counts = (0, 2, 3, 6, 5, 8), (0, 2, 3, 5)
    rows = [tuple(row[i] for i in pick_money) for row in full.rows]
    total = tuple(full.total[i] for i in pick_money) if full.total else None
    bare = [tuple(row[i] for i in pick_counts) for row in full.rows]
    return Table(caption, money, rows, total), Table(caption, counts, bare)


def _compared(reading: Reading, *, money: bool) -> Table:
    span = reading.scope.span
    rows = []
    for name in COMPARED:
        now, before = reading.figure(name), reading.earlier_figure(name)
        if money or not now.is_money:
            rows.append(
                (
                    now.label,
                    _start(now.shown),
                    _start(before.shown),
                    dashboard_rules.change(now, before),
                )
            )
    columns = [Column("Figure"), Column(span.label), Column(span.earlier().label), Column("Change")]
    return Table(f"{span.label} and the year before", columns, rows)


def _contracts(reading: Reading, *, money: bool) -> Table:
    """Contracts behind or at risk, worst first, cut to what fits a report; the annex has all."""
    found = [row for row in reading.contracts if row.needs_attention]
    today = uk_date(clock.today())
    cut = f", the first {MOST_CONTRACTS} of {len(found)}" if len(found) > MOST_CONTRACTS else ""
    columns = [
        Column("Contract"),
        Column("Supplier"),
        Column("Status"),
        Column("Commitments on track"),
    ]
    if money:
        columns += [
            Column("Planned to date (£)", "money", is_social_value=True),
            Column("Verified to date (£)", "money", is_social_value=True),
        ]
    return Table(
        f"Contracts behind or at risk on {today}{cut}",
        columns,
        [
            (
                row.title,
                row.supplier_name,
                tables.TRACK_WORDS[row.track],
                f"{row.on_track} of {len(row.commitments)}",
                *((row.planned, row.verified) if money else ()),
            )
            for row in found[:MOST_CONTRACTS]
        ],
    )


def _definitions(reading: Reading, *, money: bool) -> Table:
    columns = [Column("Figure"), Column("In this report"), Column("How it is worked out")]
    rows = [
        (f.label, _start(f.shown), f"{f.computation} Source: {f.source}.")
        for f in reading.figures(money=money)
    ]
    return Table("Figures and how they are worked out", columns, rows)


def _start(text: str) -> str:
    """A figure at the start of a cell."""
    return text[:1].upper() + text[1:]


def annex(reading: Reading, *, money: bool) -> list[Table]:
    """The sheets of the annex: every figure and every table in full."""
    year = reading.scope.span.label
    themes = tables.theme_amounts(by_theme(reading.now))
    quarters = tables.quarter_amounts(by_quarter(reading.now, reading.scope.span.quarters))
    return [
        _figures_sheet(reading, money=money),
        tables.amounts_table(f"By theme, {year}", "Theme", themes, money=money),
        tables.amounts_table(f"By quarter, {year}", "Quarter", quarters, money=money),
        tables.measure_table(f"By measure, {year}", by_measure(reading.now), money=money),
        tables.contract_table(f"Contracts, {year}", reading.contracts, money=money),
    ]


def _figures_sheet(reading: Reading, *, money: bool) -> Table:
    columns = [
        Column("Name", width=34),
        Column("Figure", width=40),
        Column("Unit"),
        Column("Value", "number"),
        Column("Meaning", width=60),
        Column("How it is worked out", width=60),
        Column("Source", width=40),
    ]
    rows = [
        (f.name, f.label, f.unit, _rounded(f), f.meaning, f.computation, f.source)
        for f in reading.figures(money=money)
    ]
    return Table("Figures", columns, rows)


def _rounded(figure: Figure) -> Decimal | None:
    return None if figure.value is None else figure.value.quantize(Decimal("0.001"))
