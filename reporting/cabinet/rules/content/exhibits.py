"""Charts, tables, stories and definitions of a content, ready to print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from reporting.cabinet.rules.content.jsons import Json, table_json, table_of
from reporting.cabinet.rules.content.views import (
    CellView,
    ChartView,
    FigureView,
    RowView,
    StoryView,
    TableView,
)
from reporting.cabinet.rules.words import Exhibit
from reporting.figures.rules.shapes import Kind
from socialvalue.core.money import (
    count_text,
    percent_text,
    pounds,
    quantity_text,
    without_pounds,
    without_sign,
)
from socialvalue.core.periods import uk_date
from socialvalue.core.tables import Column, Value

NOTHING = "There is nothing to show here for this period."


def variant(found: Json | None, *, counts_only: bool) -> Json | None:
    """An exhibit as it is asked for. One without a variant of its own for counts only leaves its £ columns out."""
    if found is None or "money" not in found:
        return found
    if not counts_only:
        money: Json = found["money"]
        return money
    if found["counts"] is not None:
        counts: Json = found["counts"]
        return counts
    bare = table_of(found["money"]).counts_only()
    named = found["money"].get("row_figures", ())
    return table_json(bare, row_figures=named)


def nothing(asked: Exhibit, found: Json) -> str:
    """What is said where a table or a chart has no rows: never a blank."""
    return " ".join(filter(None, (found.get("empty") or NOTHING, found.get("note"))))


# --- tables -----------------------------------------------------------------------------------


def _shown(column: Column, value: Value, *, with_pence: bool = False) -> str:
    """A value as it is read. Nothing in a column of £ means that the measure is counted and not valued.

    A column in which any amount has pence shows them in every row, so that the figures stand under one another.
    """
    if value is None:
        is_valued = column.kind == "money" and column.is_social_value
        return "Not valued" if is_valued else "Not reported"
    if isinstance(value, str):
        return value
    if isinstance(value, date):
        return uk_date(value)
    number = Decimal(value)
    if column.kind == "money":
        shown = pounds(number)
        return f"{shown}.00" if with_pence and "." not in shown else shown
    return percent_text(number, 1) if column.kind == "percent" else quantity_text(number)


def has_pence(value: Value) -> bool:
    """Whether an amount is not one of whole pounds."""
    return isinstance(value, Decimal) and value % 1 != 0


def table(number: int, asked: Exhibit, found: Json, refs: Mapping[str, str]) -> TableView:
    """``Table 3`` with the references of the figures in it."""
    shown = table_of(found)
    every = [*shown.rows, *([shown.total] if shown.total else [])]
    pence = [any(has_pence(row[n]) for row in every) for n in range(len(shown.columns))]
    columns = list(zip(shown.columns, pence, strict=True))

    def cells(row: Sequence[Value], named: Sequence[str]) -> tuple[CellView, ...]:
        texts = [
            _shown(column, value, with_pence=with_pence)
            for (column, with_pence), value in zip(columns, row, strict=True)
        ]
        return _cells(shown.columns, texts, named, refs)

    def total(row: Sequence[Value]) -> tuple[CellView, ...]:
        texts = [
            "" if value is None else _shown(column, value, with_pence=with_pence)
            for (column, with_pence), value in zip(columns, row, strict=True)
        ]
        return _cells(shown.columns, texts, found.get("total_figures", ()), refs)

    named = found.get("row_figures") or [""] * len(shown.rows)
    return TableView(
        asked.name,
        f"Table {number}",
        asked.caption or shown.caption,
        tuple(
            CellView(column.heading, column.is_numeric, is_price=_is_price(column))
            for column in shown.columns
        ),
        tuple(RowView(cells(row, (name,))) for row, name in zip(shown.rows, named, strict=True)),
        total(shown.total) if shown.total else (),
        found.get("note", ""),
    )


def _cells(
    columns: Sequence[Column],
    texts: Sequence[str],
    named: Sequence[str],
    refs: Mapping[str, str],
) -> tuple[CellView, ...]:
    return tuple(
        CellView(
            text,
            column.is_numeric,
            refs.get(named[n], "") if n < len(named) else "",
            _is_price(column),
        )
        for n, (column, text) in enumerate(zip(columns, texts, strict=True))
    )


def _is_price(column: Column) -> bool:
    return column.kind == "money" and not column.is_social_value


# --- charts -----------------------------------------------------------------------------------


def chart(number: int, asked: Exhibit, found: Json, *, with_table: bool) -> ChartView:
    """``Chart 2``; with its own table where the table of the same name does not follow."""
    title = asked.caption or found["title"]
    series = tuple((s["name"], tuple(Decimal(v) for v in s["values"])) for s in found["series"])
    return ChartView(
        asked.name,
        f"Chart {number}",
        title,
        found["heading"],
        found["unit"],
        tuple(found["categories"]),
        series,
        _under(f"Chart {number}", asked.name, found, series) if with_table else None,
    )


def _under(
    label: str, name: str, found: Json, series: Sequence[tuple[str, Sequence[Decimal]]]
) -> TableView:
    unit = f" ({found['unit']})" if found["unit"] else ""
    money = found["unit"] == "£"
    heads = [CellView(found["heading"]), *(CellView(f"{n}{unit}", True) for n, _ in series)]
    column = Column("", "money" if money else "number")
    with_pence = money and any(has_pence(v) for _, values in series for v in values)
    rows = [
        RowView(
            (
                CellView(category),
                *(
                    CellView(_shown(column, values[place], with_pence=with_pence), True)
                    for _, values in series
                ),
            )
        )
        for place, category in enumerate(found["categories"])
    ]
    return TableView(name, "", f"The figures of {label}", tuple(heads), tuple(rows))


# --- stories ----------------------------------------------------------------------------------


def story(number: int, asked: Exhibit, found: Json, *, counts_only: bool) -> StoryView:
    return StoryView(
        slug=asked.name,
        label=f"Story {number}",
        title=found["title"],
        caption=asked.caption or found["summary"],
        paragraphs=tuple(
            without_pounds(text) if counts_only else text for text in found["paragraphs"]
        ),
        supplier=found["supplier"],
        contract=found["contract"],
        figures=tuple(
            (row["label"], without_sign(row["shown"]), "", "")
            if counts_only
            else (row["label"], row["shown"], row["value"], row.get("opens", ""))
            for row in found["figures"]
        ),
        consent=found["consent"],
        # A public page knows no reader: the address says that only counts are shown.
        url=f"{found['url']}?counts=1" if counts_only and found["url"] else found["url"],
    )


# --- definitions ------------------------------------------------------------------------------


def rows_sentence(row: Json, *, counts_only: bool) -> str:
    """``214 ledger entries that add up to £1,200.50``; empty where no rows were kept."""
    under = row.get("rows")
    if not under:
        return ""
    counted = count_text(under["count"], *NOUNS[under["kind"]])
    if not under["count"]:
        return f"No {NOUNS[under['kind']][1]}"
    return counted if counts_only and row["is_money"] else f"{counted}{under['says']}"


NOUNS: dict[str, tuple[str, str]] = {
    "entries": ("ledger entry", "ledger entries"),
    "contracts": ("contract", "contracts"),
    "procurements": ("procurement", "procurements"),
    "costs": ("recorded cost", "recorded costs"),
    "shortfalls": ("shortfall", "shortfalls"),
    "remedies": ("remedy", "remedies"),
}


def is_price(row: Json) -> bool:
    """Pounds that something costs, which are no social value."""
    return bool(row["kind"] == Kind.MONEY and not row["is_money"])


def definition(row: Json, shown: str, *, counts_only: bool) -> FigureView:
    under = row.get("rows") or {}
    beside = "" if counts_only and row["is_money"] else row["beside"]
    return FigureView(
        ref=row["ref"],
        name=row["name"],
        label=row["label"],
        shown=shown[:1].upper() + shown[1:],
        beside=beside,
        meaning=row["meaning"],
        unit=row["unit"],
        # The method names the sign without an amount: where no £ is shown it says pounds.
        computation=row["computation"].replace("£", "pounds")
        if counts_only
        else row["computation"],
        source=row["source"],
        rows=rows_sentence(row, counts_only=counts_only),
        sheet=under.get("sheet", "") if under.get("count") else "",
        sha256=under.get("sha256", ""),
        opens_url=row["opens_url"],
        is_price=is_price(row),
    )


def definitions(number: int, asked: Exhibit, figures: Sequence[FigureView]) -> TableView:
    """The definitions as a table; the references in the text lead to its rows."""
    heads = ("Figure", "In this report", "What it means and how it is worked out", "Rows under it")
    return TableView(
        asked.name,
        f"Table {number}",
        asked.caption or "Figures in this report and how they are worked out",
        tuple(CellView(head) for head in heads),
        tuple(
            RowView(
                (
                    CellView(f"{row.ref} {row.label}"),
                    CellView(row.shown, is_price=row.is_price),
                    CellView(f"{row.meaning} {row.computation} Source: {row.source}."),
                    CellView(_rows_cell(row), is_price=row.is_price),
                ),
                row.anchor,
            )
            for row in figures
        ),
    )


def _rows_cell(row: FigureView) -> str:
    if not row.rows:
        return "In the service"
    return f"{row.rows}. Annex sheet: {row.sheet}" if row.sheet else row.rows
