"""Tables and drawings of the law and the policy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from procurement.policies.rules import (
    BASIS_WORDS,
    COLUMNS,
    WHOSE,
    ThresholdHistory,
    ThresholdRow,
    as_values,
    line_label,
)
from procurement.policies.vocabulary import VatBasis
from socialvalue.core.charts import Chart, Series, line_through_time
from socialvalue.core.periods import uk_date
from socialvalue.core.tables import Column, Table

CATEGORY_LABELS = {
    "goods_services": "Goods and services",
    "works": "Works",
    "light_touch": "Light-touch services",
    "concession": "Concessions",
}

BASIS_LABELS: dict[str, str] = {basis.value: str(basis.label) for basis in VatBasis}


@dataclass(frozen=True, slots=True)
class ThresholdSection:
    """One category: its rows, and one drawing a VAT basis."""

    label: str
    table: Table
    charts: list[Chart]


def threshold_sections(histories: list[ThresholdHistory]) -> list[ThresholdSection]:
    return [
        ThresholdSection(history.label, _table(history), _charts(history))
        for history in histories
        if history.lines
    ]


def _table(history: ThresholdHistory) -> Table:
    columns = [
        Column("In force"), Column("Threshold (£)", "money"), Column("VAT"), Column("Law"),
        Column("Source, and how sure"),
    ]  # fmt: skip
    rows = [
        (
            _period(line.effective_from, line.effective_to), line.row.amount,
            BASIS_LABELS[line.row.vat_basis], line.row.regime_name, _source(line.row),
        )
        for line in history.lines
    ]  # fmt: skip
    return Table(f"{history.label}: thresholds through time", columns, rows)


def other_line_tables(rows: list[ThresholdRow]) -> tuple[Table, Table]:
    """Amounts of the law that route nothing: what a council must know, and what it may look up."""
    looked_up = [row for row in rows if _is_looked_up(row)]
    known = [row for row in rows if not _is_looked_up(row)]
    return (
        _other_table("Amounts that start a duty", known),
        _other_table("Central government, and small lots that may be left out", looked_up),
    )


def _is_looked_up(row: ThresholdRow) -> bool:
    return row.category.startswith("small_lot_") or row.authority_type == "central"


def _other_table(caption: str, rows: list[ThresholdRow]) -> Table:
    columns = [
        Column("What it is for"), Column("Amount (£)", "money"), Column("VAT"), Column("Whose"),
        Column("In force"), Column("Law"), Column("Source, and how sure"),
    ]  # fmt: skip
    lines = [
        (
            line_label(row.category), row.amount, BASIS_LABELS[row.vat_basis],
            WHOSE.get(row.authority_type, row.authority_type),
            _period(row.effective_from, row.effective_to), row.regime_name, _source(row),
        )
        for row in rows
    ]  # fmt: skip
    return Table(caption, columns, lines)


def _period(starts: date, ends: date | None) -> str:
    if ends is None:
        return f"{uk_date(starts)} until further notice"
    return f"{uk_date(starts)} to {uk_date(ends)}"


def _source(row: ThresholdRow) -> str:
    """Addresses without what every address begins with: the file has them whole."""
    short = row.source.replace("https://www.", "").replace("https://", "")
    return f"{short} ({row.certainty})"


def _charts(history: ThresholdHistory) -> list[Chart]:
    """Amounts with and without VAT are two drawings: one line through both would show a rise that never was."""
    charts = []
    for basis in (VatBasis.INCL, VatBasis.EXCL):
        lines = history.on_basis(basis)
        if len(lines) > 1:
            charts.append(
                line_through_time(
                    title=f"{history.label}: thresholds {BASIS_WORDS[basis]}",
                    categories=[uk_date(line.effective_from) for line in lines],
                    series=[
                        Series(
                            f"Threshold {BASIS_WORDS[basis]}", [line.row.amount for line in lines]
                        )
                    ],
                    uid=f"threshold-{history.label}-{basis}".lower().replace(" ", "-"),
                    table_heading="In force from",
                )
            )
    return charts


def thresholds_in_force(rows: list[ThresholdRow]) -> Table:
    """What "the statutory threshold" means on the day."""
    columns = [
        Column("What is bought"),
        Column("Threshold (£)", "money"),
        Column("VAT"),
        Column("Law"),
    ]
    return Table(
        "What the statutory threshold is",
        columns,
        [
            (
                CATEGORY_LABELS.get(row.category, row.category),
                row.amount,
                BASIS_LABELS[row.vat_basis],
                f"{row.regime_name}, from {uk_date(row.effective_from)}",
            )
            for row in rows
        ],
    )


def thresholds_file(rows: list[ThresholdRow]) -> Table:
    """Every row of the table with the columns that an update is read from: uploading it changes nothing."""
    columns = [Column(name, width=60 if name == "source_url" else 18) for name in COLUMNS]
    return Table(
        "Statutory thresholds",
        columns,
        [tuple(as_values(row)[name] for name in COLUMNS) for row in rows],
    )


def import_file(lines: list[dict[str, str]]) -> Table:
    """An uploaded file as it came, with what happens to each line and why."""
    columns = [Column(name, width=18) for name in (*COLUMNS, "what_happens", "reason")]
    return Table(
        "Lines of the file",
        columns,
        [tuple(line[column.heading] for column in columns) for line in lines],
    )
