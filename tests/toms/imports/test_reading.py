"""Somebody else's sheet, read: what is found, what is told by cell, what is left out."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook

from tests.factories.workbooks import HEADINGS, measure_rows, messy_workbook, xlsx
from toms.imports import queries, renderers, rules
from toms.imports.rules.cells import amount_of, column_name, exact, plain, text_of
from toms.imports.rules.words import is_known_unit, kind_named
from toms.valuation.rules import unit_parts

ABOUT = rules.About("2026-04-01", "Lantern Framework, 2026", "Licensed to a council")


def read(rows, headings=HEADINGS, about=ABOUT, columns=None):
    sheet = rules.Sheet("M", [list(headings), *rows])
    found = columns or rules.guess_columns([str(text) for text in headings])
    return rules.read_sheet(sheet, after=1, columns=found, about=about)


def told(found, level="error"):
    return {(p.cell, p.message) for p in found.problems if p.level == level}


def test_a_messy_workbook_is_guessed_right_and_nothing_is_lost():
    book = queries.read_workbook(messy_workbook(300), "xlsx")
    assert rules.guess_sheet(book.sheets) == "Measures"
    sheet = book.sheet("Measures")
    assert rules.guess_heading_rows(sheet) == (3, 4)
    headings = rules.headings_of(sheet, 3, 4)
    assert headings[6] == "Financial / Proxy value"
    columns = rules.guess_columns(headings)
    assert [
        columns[name] for name in ("code", "title", "description", "theme", "outcome", "unit")
    ] == [*range(6)]
    found = rules.read_sheet(sheet, after=4, columns=columns, about=ABOUT)
    assert found.problems == []
    assert len(found.measures) == 300
    assert [line.why for line in found.left_out] == ["Heading line"] * 5 + ["Footnote"] * 2
    lines = len(sheet.rows) - 4
    assert len(found.measures) + len(found.left_out) + found.blank == lines
    for row, read_ in zip(measure_rows(300), found.measures, strict=True):
        assert (read_["code"], read_["title"], read_["description"]) == (row[0], row[1], row[2])
        assert (read_["unit"], read_["evidence"], read_["counting_rule"]) == (
            row[5],
            row[9],
            row[10],
        )
        values = found.proxies.get(row[0], [])
        assert [Decimal(value["amount"]) for value in values] == ([row[6]] if row[6] else [])


def test_themes_on_lines_of_their_own():
    rows = [
        ["First theme", "", "", ""], ["A1", "One", "people", 5], ["", "", "", ""],
        ["Second theme", "", "", ""], ["A2", "Two", "people", 6], ["* A footnote", "", "", ""],
    ]  # fmt: skip
    about = rules.About("2026-04-01", "s", "l", theme_lines=True)
    found = read(rows, ("Code", "Title", "Unit", "Value"), about)
    assert [theme["name"] for theme in found.themes] == ["First theme", "Second theme"]
    assert [line.why for line in found.left_out] == ["Theme", "Theme", "Footnote"]
    assert found.problems == []


def test_merged_themes_hold_for_every_line_beside_them():
    rows = [["", f"A{n}", f"Title {n}", "people"] for n in range(1, 5)]
    book = queries.read_workbook(
        xlsx(
            {"M": [["Theme", "Code", "Title", "Unit"], *rows]},
            {"M": [(1, 0, 2, 0, "Up"), (3, 0, 4, 0, "Down")]},
        ),
        "xlsx",
    )
    sheet = book.sheets[0]
    found = rules.read_sheet(
        sheet, after=1, columns=rules.guess_columns(rules.headings_of(sheet, 1, 1)), about=ABOUT
    )
    themes = {row["code"]: row["outcome"][:2] for row in found.measures}
    assert themes == {"A1": "T1", "A2": "T1", "A3": "T2", "A4": "T2"}


LOCAL = ("Code", "Title", "Theme", "Unit", "Kind", "Value", "Place", "Price year", "Source link")


def line(
    code="A1", title="One", theme="T", unit="people", kind="", value="", place="", year="", link=""
):
    return [code, title, theme, unit, kind, value, place, year, link]


@pytest.mark.parametrize(
    ("rows", "cell", "words"),
    [
        ([line(code="")], "A2", "no code"),
        ([line(title="", value=5)], "B2", "no title"),
        ([line(), line(code="", title="Totals avoided", value=5)], "A3", "no code"),
        ([line(theme="")], "C2", "no theme"),
        ([line(unit="")], "D2", "no unit"),
        ([line(kind="glimmer")], "E2", "not a kind"),
        ([line(kind="Proxy")], "F2", "no value"),
        ([line(kind="record only", value=5)], "F2", "so it has no value"),
        ([line(kind="£1 for £1", value=5)], "F2", "its value is 1"),
        ([line(value="about 5")], "F2", "not an amount"),
        ([line(value="1.234,56")], "F2", "not an amount"),
        ([line(value=-5)], "F2", "below 0"),
        ([line(kind="localised", value=5)], "G2", "Name the place"),
        ([line(value=5, link="example.org")], "I2", "not a link"),
        ([line(), line()], "A3", "used in row 2"),
        ([line(), line(title="Two", place="Rugby", value=5)], "A3", "used in row 2"),
        ([line(value=5, place="Rugby"), line(value=6, place="rugby")], "A3", "in row 2 already"),
        ([line(value=5, place="Rugby"), line(place="Dudley")], "F3", "no value for Dudley"),
        ([line(code="A" * 21)], "A2", "21 characters"),
        ([line(title="x" * 301)], "B2", "301 characters"),
        ([line(unit="x" * 81)], "D2", "81 characters"),
    ],
)
def test_what_is_wrong_is_told_by_its_cell(rows, cell, words):
    found = told(read(rows, LOCAL))
    assert [(where, words in message) for where, message in found if words in message] == [
        (cell, True)
    ]


@pytest.mark.parametrize(
    ("row", "cell", "words"),
    [
        (line(unit="glimmers"), "D2", "not a unit"),
        (line(value=5, year="soon"), "H2", "not a year"),
        (line(value="0.1234567891"), "F2", "more than 9 decimal places"),
    ],
)
def test_what_is_odd_is_told_and_kept(row, cell, words):
    found = read([row], LOCAL)
    assert told(found) == set()
    assert [(where, words in message) for where, message in told(found, "warning")] == [
        (cell, True)
    ]


def test_the_noise_of_a_binary_number_is_not_odd():
    """What a spreadsheet shows as 800.530864129 may be written down as 800.5308641290001."""
    found = read([line(value=800.5308641290001), line(code="A2", value=0.1 + 0.2)], LOCAL)
    assert found.problems == []
    assert [rows[0]["amount"] for rows in found.proxies.values()] == ["800.530864129", "0.3"]


def test_the_only_column_of_words_is_the_title():
    assert rules.guess_columns(["Ref", "Description", "Units"]) == {
        "code": 0,
        "title": 1,
        "unit": 2,
    }
    both = rules.guess_columns(["Ref", "Measure", "Description", "Units"])
    assert (both["title"], both["description"]) == (1, 2)


def test_a_code_with_several_places_is_one_localised_measure():
    rows = [line(value=5, place="Rugby"), line(title="", value="6.5", place="North Warwickshire")]
    found = read(rows, LOCAL)
    assert found.problems == []
    assert [(row["code"], row["kind"]) for row in found.measures] == [("A1", "localised")]
    assert [(v["place"], v["amount"]) for v in found.proxies["A1"]] == [
        ("rugby", "5"),
        ("north-warwickshire", "6.5"),
    ]


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        (line(value=5), "proxy"),
        (line(value="n/a"), "record_only"),
        (line(value=""), "record_only"),
        (line(value="Localised"), "localised"),
        (line(unit="£", value=1), "pound_for_pound"),
        (line(unit="£", value="£1"), "pound_for_pound"),
        (line(kind="Negotiated"), "negotiated"),
        (line(kind="£1 for £1"), "pound_for_pound"),
    ],
)
def test_the_kind_follows_from_the_value(row, kind):
    found = read([row], LOCAL)
    assert [row["kind"] for row in found.measures] == [kind]
    assert told(found) == set()


@pytest.mark.parametrize(
    ("value", "amount"),
    [
        (1234.567890123, "1234.567890123"), (5.0, "5"), ("£1,234.50", "1234.5"), (0.1 + 0.2, "0.3"),
        ("0.123456789", "0.123456789"), (999999.999999999, "999999.999999999"), (1e-09, "0.000000001"), (0.0, "0"),
    ],
)  # fmt: skip
def test_amounts_are_exact(value, amount):
    found, error, _ = amount_of(value)
    assert (found, error) == (amount, "")
    assert [v["amount"] for v in read([line(kind="proxy", value=value)], LOCAL).proxies["A1"]] == [
        amount
    ]


@pytest.mark.parametrize("value", ["1234567.123456789", 1e15, "1000000000"])
def test_more_digits_than_can_be_kept_are_refused(value):
    assert "more digits" in amount_of(value)[1]


def test_codes_out_of_order_are_counted():
    found = read([line(code="A10"), line(code="A2"), line(code="A11")], LOCAL)
    assert found.out_of_order == 1


def test_names_of_columns_and_cells():
    assert [column_name(n) for n in (0, 25, 26, 51, 701, 702)] == [
        "A",
        "Z",
        "AA",
        "AZ",
        "ZZ",
        "AAA",
    ]
    assert text_of(2025.0) == "2025"
    assert text_of(" a\r\nb ") == "a\nb"
    assert plain(exact(1e-7)) == "0.0000001"


def test_words():
    assert unit_parts("people x hours") == [{"name": "people"}, {"name": "hours"}]
    assert unit_parts("FTE-years") == [{"name": "FTE"}, {"name": "years"}]
    assert is_known_unit("£ spent", frozenset())
    assert not is_known_unit("glimmers", frozenset())
    assert is_known_unit("glimmers", frozenset({"glimmers"}))
    assert kind_named("Proxy Value") == "proxy"
    assert kind_named("12") is None


def test_the_marked_copy_keeps_every_sheet_and_says_what_is_wrong():
    rows = measure_rows(6)
    rows[1][6] = "about £12"
    content = xlsx(
        {"Notes": [["Keep this"], ["and this", 5.25]], "Measures": [list(HEADINGS), *rows]}
    )
    book = queries.read_workbook(content, "xlsx")
    sheet = book.sheet("Measures")
    found = rules.read_sheet(
        sheet, after=1, columns=rules.guess_columns(rules.headings_of(sheet, 1, 1)), about=ABOUT
    )
    copy = renderers.marked_copy(book, found.problems)
    again = CalamineWorkbook.from_filelike(io.BytesIO(copy))
    assert again.sheet_names == ["Notes", "Measures", "What to mend"]
    for name in ("Notes", "Measures"):
        assert (
            again.get_sheet_by_name(name).to_python()
            == CalamineWorkbook.from_filelike(io.BytesIO(content))
            .get_sheet_by_name(name)
            .to_python()
        )
    listed = again.get_sheet_by_name("What to mend").to_python()
    assert listed[1][:3] == ["Measures", "G3", "Wrong"]
    with zipfile.ZipFile(io.BytesIO(copy)) as archive:
        comments = archive.read("xl/comments1.xml").decode()
    assert 'ref="G3"' in comments
    assert "is not an amount" in comments
