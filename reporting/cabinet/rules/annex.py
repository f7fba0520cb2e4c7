"""The sheets of the annex: every figure with its definition and rows, every table in full, every row behind a figure.

One column of the sheets of rows says which figures each row stands under. The totals are those of the figures. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from procurement.ledger.vocabulary import Basis
from reporting.cabinet.rules.behind import SHEETS, Entries, Entry
from reporting.cabinet.rules.content.earlier import in_this_format
from reporting.cabinet.rules.content.exhibits import variant
from reporting.cabinet.rules.content.jsons import Json, table_of
from reporting.figures.rules.shapes import Kind, Opens
from socialvalue.core.money import from_pence
from socialvalue.core.tables import Column, Table, Value


def annex_tables(content: Json, *, counts_only: bool = False) -> list[Table]:
    """The sheets in order; captions are their names. A content of format 1 gives the sheets that it kept."""
    if content["format"] == 1:
        tables = [table_of(row) for row in content["annex"]["counts" if counts_only else "money"]]
        return [table.counts_only() for table in tables] if counts_only else tables
    found = [figures_table(content, counts_only=counts_only)]
    for row in content["annex"]:
        shown = variant(row, counts_only=counts_only)
        if shown is not None:
            found.append(replace(table_of(shown), caption=row["sheet"]))
    rows = [*entry_tables(content), *counted_tables(content)]
    return [*found, *([table.counts_only() for table in rows] if counts_only else rows)]


# --- figures ----------------------------------------------------------------------------------


FIGURE_COLUMNS = (
    Column("Reference", width=10),
    Column("Name", width=34),
    Column("Figure", width=40),
    Column("Unit"),
    Column("Value", "number"),
    Column("As shown", width=24),
    Column("From", width=44),
    Column("In the text"),
    Column("Rows", "number"),
    Column("Sum of the rows", "number"),
    Column("Out of", "number"),
    Column("Sheet", width=40),
    Column("SHA-256 of the rows", width=66),
    Column("Meaning", width=60),
    Column("How it is worked out", width=60),
    Column("Source", width=40),
)


def figures_table(content: Json, *, counts_only: bool = False) -> Table:
    """Every figure in the order of the references. Values have all their places, rounded to three for percentages."""
    content = in_this_format(content)
    rows = [row for row in content["figures"] if not (counts_only and row["is_money"])]
    return Table("Figures", FIGURE_COLUMNS, [_figure(row) for row in rows])


def _figure(row: Json) -> tuple[Value, ...]:
    under = row["rows"] or {}
    return (
        row["ref"],
        row["name"],
        row["label"],
        row["unit"],
        _number(row, row["value"]),
        row["shown"],
        row["beside"],
        "Yes" if row["is_used"] else "No",
        under.get("count"),
        _number(row, under.get("sum")),
        _number(row, under.get("of")),
        under.get("sheet", ""),
        under.get("sha256", ""),
        row["meaning"],
        row["computation"],
        row["source"],
    )


def _number(row: Json, text: str | None) -> Decimal | None:
    if text is None:
        return None
    value = Decimal(text)
    return value.quantize(Decimal("0.001")) if row["kind"] == Kind.PERCENT else value


# --- ledger entries ---------------------------------------------------------------------------


ENTRY_COLUMNS = (
    Column("Entry", "number", 10),
    Column("Figures", width=24),
    Column("Posted", "date"),
    Column("Month", "date"),
    Column("Authority", width=28),
    Column("Supplier", width=28),
    Column("Contract reference", width=20),
    Column("Contract", width=36),
    Column("Directorate", width=28),
    Column("Theme", width=28),
    Column("Measure"),
    Column("Measure title", width=40),
    Column("Framework", width=30),
    Column("Quantity", "number"),
    Column("Out of (rates only)", "number"),
    Column("Unit"),
    Column("Value (£)", "money", is_social_value=True),
    Column("Claim", "number"),
    Column("Corrects entry", "number"),
    Column("Reason", width=40),
)
VALUE = 16
"""The column of pounds."""


def entry_tables(content: Json) -> list[Table]:
    """The entries of each basis that the report has a figure of. Their totals are those of the report."""
    if content["entries"] is None:
        return []
    entries = Entries(content["entries"])
    refs = _refs(content["figures"], entries)
    told = _told(content)
    return [
        _entry_table(sheet, [row for row in entries.rows if row.basis == basis], entries, refs)
        for basis, sheet in SHEETS.items()
        if basis in told
    ]


def _told(content: Json) -> set[str]:
    """A report that was frozen before there was a figure of what is evidenced has no sheet of it."""
    has_evidenced = any(row["name"] == "evidenced_total" for row in content["figures"])
    return set(Basis.values) - (set() if has_evidenced else {Basis.EVIDENCED.value})


def _refs(figures: Sequence[Json], entries: Entries) -> dict[int, list[str]]:
    """By entry: the references of the figures that it stands under."""
    found: dict[int, list[str]] = {row.id: [] for row in entries.rows}
    for figure in figures:
        if figure["query"]["opens"] == Opens.ENTRIES:
            for row in entries.under(figure):
                found[row.id].append(figure["ref"])
    return found


def _entry_table(
    sheet: str, rows: Sequence[Entry], entries: Entries, refs: dict[int, list[str]]
) -> Table:
    total: list[Value] = [""] * len(ENTRY_COLUMNS)
    total[0] = f"Total, {len(rows)}"
    total[VALUE] = from_pence(sum(row.value_pence for row in rows))
    return Table(sheet, ENTRY_COLUMNS, [_entry(row, entries, refs) for row in rows], total)


def _entry(row: Entry, entries: Entries, refs: dict[int, list[str]]) -> tuple[Value, ...]:
    measure = entries.measures[row.measure_id]
    contract = entries.contracts.get(row.contract_id or 0, {})
    return (
        row.id,
        " ".join(refs[row.id]),
        row.posted_on,
        row.month,
        entries.name("authorities", row.authority_id),
        entries.name("suppliers", row.supplier_id),
        contract.get("reference", ""),
        contract.get("title", ""),
        contract.get("directorate", ""),
        measure["theme"],
        measure["code"],
        measure["title"],
        entries.name("editions", row.edition_id),
        row.quantity,
        row.denominator,
        measure["unit"],
        from_pence(row.value_pence) if row.is_valued else None,
        row.claim_id,
        row.corrects_id,
        row.reason,
    )


# --- records that are counted -----------------------------------------------------------------


def counted_tables(content: Json) -> list[Table]:
    """The records under the figures that are counted, each with the references of the figures it makes."""
    refs = {row["name"]: row["ref"] for row in content["figures"]}
    found = []
    for sheet in content["counted"]:
        table = table_of(sheet["table"])
        named = " ".join(refs[name] for name in sheet["figures"] if name in refs)
        found.append(_with_figures(table, named, sheet["sheet"]))
    return found


def _with_figures(table: Table, named: str, sheet: str) -> Table:
    return replace(
        table,
        caption=sheet,
        columns=[*table.columns, Column("Figures", width=24)],
        rows=[(*row, named) for row in table.rows],
        total=(*table.total, "") if table.total else None,
    )
