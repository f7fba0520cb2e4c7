"""Tables and drawings of the law and the policy."""

from __future__ import annotations

from dataclasses import dataclass

from procurement.policies.rules import BASIS_WORDS, ThresholdHistory, ThresholdRow
from procurement.policies.vocabulary import VatBasis
from socialvalue.core.charts import Chart, Series, line_through_time
from socialvalue.core.periods import uk_date
from socialvalue.core.tables import Column, Table, Value

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
        Column("Law"), Column("From", "date"), Column("To", "date"), Column("VAT"),
        Column("Threshold (£)", "money"), Column("Source"),
    ]  # fmt: skip
    rows = [
        (
            line.row.regime_name, line.effective_from, line.effective_to or "Until further notice",
            BASIS_LABELS[line.row.vat_basis], line.row.amount,
            f"{line.row.source} ({line.row.certainty})",
        )
        for line in history.lines
    ]  # fmt: skip
    return Table(f"{history.label}: thresholds for councils", columns, rows)


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
                    uid=f"threshold-{history.category}-{basis}".replace("_", "-"),
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


def thresholds_table(histories: list[ThresholdHistory]) -> Table:
    """Every row of every category, for CSV and XLSX."""
    columns = [
        Column("What is bought"), Column("Law", width=32), Column("From", "date"), Column("To", "date"),
        Column("VAT basis"), Column("Threshold (£)", "money"), Column("How sure"), Column("Source", width=60),
    ]  # fmt: skip
    rows: list[tuple[Value, ...]] = [
        (
            history.label, line.row.regime_name, line.effective_from, line.effective_to, line.row.vat_basis,
            line.row.amount, line.row.certainty, line.row.source,
        )
        for history in histories
        for line in history.lines
    ]  # fmt: skip
    return Table("Statutory thresholds for councils", columns, rows)
