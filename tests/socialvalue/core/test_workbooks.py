"""Workbooks that strangers send: which cells failed, how far a file unpacks, what fits a cell."""

from __future__ import annotations

import io
import zipfile

import pytest
import xlsxwriter

from socialvalue.core.cells import column_index, column_name, shown
from socialvalue.core.errors import RuleBroken
from socialvalue.core.workbooks import (
    LONGEST_CELL,
    cell_of,
    fits_cell,
    new_book,
    sheets_of,
    unpacked_bytes,
)


def test_cells_whose_formula_failed_are_named_by_sheet():
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.add_worksheet("Plain").write_string("A1", "x")
    page = book.add_worksheet("R&D's")
    page.write_formula("B3", "=1/0", None, "#DIV/0!")
    page.write_formula("C3", "=3*2", None, 6)
    book.close()
    read = sheets_of(out.getvalue(), otherwise="no", with_failed=True)
    assert {sheet.name: sheet.failed for sheet in read.sheets} == {
        "Plain": frozenset(),
        "R&D's": frozenset({(2, 1)}),
    }
    assert read.sheets[1].rows[2][1:] == ["", 6.0]
    assert not any(s.failed for s in sheets_of(out.getvalue(), otherwise="no").sheets)


def test_what_is_no_workbook_is_refused_in_the_callers_words():
    with pytest.raises(RuleBroken) as refused:
        sheets_of(b"PK\x03\x04nothing", otherwise="Choose another.", with_failed=True)
    assert refused.value.errors == [("file", "Choose another.")]


def test_texts_stay_texts():
    out = io.BytesIO()
    book = new_book(out)
    page = book.add_worksheet("A")
    page.write(0, 0, "=1+1")
    page.write(1, 0, "https://example.org")
    book.close()
    assert sheets_of(out.getvalue(), otherwise="no").sheets[0].rows == [
        ["=1+1"],
        ["https://example.org"],
    ]


def test_how_far_a_file_unpacks():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", b"\0" * 5000)
        archive.writestr("b", b"\0" * 10)
    assert unpacked_bytes(out.getvalue()) == 5010
    assert unpacked_bytes(b"PK\x03\x04") == 0


def test_what_fits_a_cell():
    assert fits_cell("x" * LONGEST_CELL)
    assert not fits_cell("x" * (LONGEST_CELL + 1))
    assert fits_cell("_x0041_ _x0042_")
    assert not fits_cell("_x0041_x0042_")


@pytest.mark.parametrize(
    ("name", "at"), [("A1", (0, 0)), ("J5", (4, 9)), ("AA10", (9, 26)), ("XFD1048576", (1048575, 16383))]
)  # fmt: skip
def test_a_cell_by_its_name(name, at):
    assert cell_of(name) == at
    assert column_name(at[1]) == name.rstrip("0123456789")
    assert column_index(column_name(at[1])) == at[1]


@pytest.mark.parametrize("name", ["", "5", "a1", "A", "AAAA1", "A1B"])
def test_anything_else_is_no_cell(name):
    with pytest.raises(ValueError, match="is no cell"):
        cell_of(name)


def test_a_number_is_what_the_spreadsheet_shows():
    assert str(shown(0.1 + 0.2)) == "0.300000000000000"
    assert shown(99999999999.999) == shown(99999999999.999)
    assert str(shown(3)) == "3"
