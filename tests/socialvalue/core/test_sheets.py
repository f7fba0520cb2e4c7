from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook

from socialvalue.core.sheets import guard, to_csv, to_xlsx
from socialvalue.core.tables import Column, Table

TABLE = Table(
    "Rows",
    [Column("Name"), Column("Value", "money"), Column("On", "date")],
    [("=1+1", Decimal("1234.50"), date(2026, 4, 1)), ("Ordinary", None, None)],
)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_cell_that_would_run_is_guarded(text):
    assert guard(text) == f"'{text}"


def test_a_heading_is_guarded_too():
    """The name of a supplier, a lot or a directorate can head a column."""
    table = Table("Rows", [Column("=1+1")], [("Ordinary",)])
    assert to_csv(table).decode("utf-8-sig").splitlines()[0] == "'=1+1"
    book = CalamineWorkbook.from_filelike(io.BytesIO(to_xlsx(table)))
    assert book.get_sheet_by_index(0).to_python()[0] == ["'=1+1"]


def test_plain_text_is_left_alone():
    assert guard("Jobs = work") == "Jobs = work"


def test_csv_holds_every_row():
    assert to_csv(TABLE).decode("utf-8-sig") == (
        "Name,Value,On\r\n'=1+1,1234.50,2026-04-01\r\nOrdinary,,\r\n"
    )


def test_xlsx_holds_every_row_and_numbers_as_numbers():
    rows = (
        CalamineWorkbook.from_filelike(io.BytesIO(to_xlsx(TABLE))).get_sheet_by_index(0).to_python()
    )
    assert rows[0] == ["Name", "Value", "On"]
    assert rows[1] == ["'=1+1", 1234.5, date(2026, 4, 1)]
    assert rows[2][0] == "Ordinary"
    assert rows[-1][0] == "2 rows"


def test_the_same_rows_give_the_same_bytes():
    assert to_xlsx(TABLE) == to_xlsx(TABLE)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal(100) / 3, "33.3333"),
        (Decimal("30.5"), "30.5"),
        (Decimal(50), "50"),
        (Decimal("66.66666"), "66.6667"),
        (None, ""),
    ],
)
def test_a_percentage_has_at_most_four_places_in_a_file(value, text):
    table = Table("Shares", [Column("Share (%)", "percent")], [(value,)])
    assert to_csv(table).decode("utf-8-sig").splitlines()[1].strip('"') == text


def test_a_foot_stands_under_the_count_of_every_sheet():
    book = CalamineWorkbook.from_filelike(io.BytesIO(to_xlsx(TABLE, TABLE, foot="As at today.")))
    for name in book.sheet_names:
        assert [row[0] for row in book.get_sheet_by_name(name).to_python()[-2:]] == [
            "2 rows",
            "As at today.",
        ]
