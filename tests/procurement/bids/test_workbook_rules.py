"""Reading the cells of an offer workbook, each kind of cell and each kind of error."""

from __future__ import annotations

from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.bids.rules import workbook as rules
from socialvalue.core.cells import Sheet, Workbook

LINES = (
    rules.BookLine(1, "GSE1", "Local people", "FTE-years", True, "2", "", "£1", "", True, False),
    rules.BookLine(2, "INN1", "Pilot", "people", False, "", "", "", "", True, True),
    rules.BookLine(3, "GSE11", "Accredited", "yes/no", False, "", "", "", "", False, False),
    rules.BookLine(4, "ENV5", "Recycled", "%", False, "", "", "", "", False, False),
)
QUESTIONS = (rules.BookQuestion(7, "How?", "", "60%"), rules.BookQuestion(8, "When?", "", "40%"))
HEAD = ["Key", "Code", rules.QUANTITY, rules.PROXY, rules.SHARE, rules.METHOD]


def book(**more):
    return rules.OfferBook(
        **{
            "tender_id": 5,
            "reference": "BCC-1",
            "title": "Grounds",
            "authority_name": "Birmingham",
            "supplier_id": 9,
            "supplier_name": "Puddlestone",
            "deadline": "1 April 2026",
            "lines": LINES,
            "questions": QUESTIONS,
            "boxes": {},
            **more,
        }
    )


def sheets(offer, answers=(), price=(), known=None):
    made = [Sheet(rules.OFFER, [HEAD, *offer])] if offer is not None else []
    if answers is not None:
        made.append(Sheet(rules.QUESTIONS, [["Key", rules.ANSWER], *answers]))
    if price is not None:
        made.append(Sheet(rules.PRICE, [["Key", rules.AMOUNT], *price]))
    made.append(Sheet(rules.IDENTITY, known or rules.identity(book())))
    return Workbook(tuple(made))


def found(offer=(), answers=(), price=()):
    return rules.read_offer(sheets(offer, answers, price), book())


def said(result):
    return [(one.sheet, one.cell, one.message) for one in result.problems]


# --- whose workbook it is -------------------------------------------------------------------------


def test_the_workbook_of_this_offer_is_taken():
    assert rules.refusal(sheets([]), book()) == ""


def test_another_tenders_and_another_suppliers_workbook_is_refused():
    other = rules.identity(book(tender_id=6, title="Roads", reference="BCC-2"))
    assert rules.refusal(sheets([], known=other), book()) == (
        "This workbook is for another tender: Roads (BCC-2). This page is for Grounds (BCC-1). "
        "Download the workbook of this tender and use that."
    )
    theirs = rules.identity(book(supplier_id=10, supplier_name="Bramblewick"))
    assert rules.refusal(sheets([], known=theirs), book()) == (
        "This workbook was made for another organisation. Download the workbook again, signed in for Puddlestone."
    )


@pytest.mark.parametrize("known", [[["x", "y"]], [["Format", "2"], ["Tender", "5"]], [["Format"]]])
def test_any_other_workbook_is_refused(known):
    assert rules.refusal(sheets([], known=known), book()) == rules.NOT_OURS
    assert rules.refusal(Workbook((Sheet("A", []),)), book()) == rules.NOT_OURS


def test_the_number_of_rows_has_a_limit():
    blank = [[""] * 6] * (rules.MAX_ROWS - 1)
    assert rules.refusal(sheets(blank), book()) == ""
    assert "more than 2,000 rows" in rules.refusal(sheets([*blank, [""] * 6]), book())


# --- cells ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("", ""),
        (3, "3"),
        (3.5, "3.5"),
        (0.1 + 0.2, "0.3"),
        (20000.0, "20000"),
        ("20,000", "20,000"),
        ("  20 000 ", "20 000"),
        ("20\u202f000", "20 000"),
        ("20\u00a0000", "20 000"),
        ("£20,000", "£20,000"),
        ("£ 20,000", "£20,000"),
        ("\u00c2£20,000", "£20,000"),
        ("\u00c3\u201a\u00c2£20,000", "£20,000"),
        ("\u00ac£20,000", "£20,000"),
        ("\ufffd20,000", "£20,000"),
        ("\uffe120,000", "£20,000"),
        ("\u252c\u00fa20,000", "£20,000"),
        ("GBP 20,000", "£20,000"),
        ("gbp20,000", "£20,000"),
        ("\u22125", "-5"),
        ("-£5", "-£5"),
        ("about ten", "about ten"),
        ("=1+1", "=1+1"),
    ],
)
def test_a_number_is_read_as_it_would_be_typed(value, text):
    assert rules.as_number(value) == text


@pytest.mark.parametrize("value", [True, date(2026, 4, 1), time(3), timedelta(hours=3)])
def test_a_date_or_a_tick_is_no_number(value):
    with pytest.raises(ValueError, match="like 12"):
        rules.as_number(value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.5, "50"),
        (50, "50"),
        ("50%", "50"),
        ("50 %", "50"),
        ("50 per cent", "50"),
        ("50", "50"),
        ("0.5", "50"),
        ("0.5%", "0.5"),
        (0.005, "0.5"),
        (1, "100"),
        (1.01, "1.01"),
        (0.333, "33.3"),
        (0, "0"),
        (None, ""),
        ("half", "half"),
        ("-1", "-1"),
    ],
)
def test_a_percentage_up_to_one_is_a_fraction(value, text):
    assert rules.as_percent(value) == text


@given(st.decimals("0.01", "100", places=2))
def test_every_share_comes_back_from_its_cell(share):
    assert Decimal(rules.as_percent(float(rules.fraction(share)))) == share


@pytest.mark.parametrize(
    ("value", "text"), [("Yes", "1"), ("y", "1"), (True, "1"), (1, "1"), ("NO", "0"), (0, "0"), ("", "")]
)  # fmt: skip
def test_yes_and_no(value, text):
    assert rules.as_yes_or_no(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("=HYPERLINK(1)", "=HYPERLINK(1)"),
        (" a\r\nb \r c ", "a\nb \n c"),
        (12.0, "12"),
        (date(2026, 4, 1), "2026-04-01"),
        (True, "Yes"),
    ],
)
def test_words_stay_as_they_are(value, text):
    assert rules.as_words(value) == text


# --- rows -----------------------------------------------------------------------------------------


def test_rows_in_another_order_among_blank_ones_are_read_by_their_key():
    result = found(
        [
            [""] * 6,
            ["M2", "INN1", 4, "£2.50", 0.25, "Later"],
            ["  ", "", "", "", "", ""],
            ["M1", "GSE1", "3.5 fte-years", "", "50%", "Now"],
            ["M3", "GSE11", "yes", "", "", ""],
            ["M4", "ENV5", 0.45, "", "", ""],
        ],
        [["Q8", "Soon"], ["Q7", "Well"]],
        [["P", "\ufffd150,000"]],
    )
    assert result.problems == []
    assert result.left_out == []
    assert result.boxes == {
        "quantity_2": "4", "proxy_2": "£2.50", "attribution_2": "25", "method_2": "Later",
        "quantity_1": "3.5", "attribution_1": "50", "method_1": "Now",
        "quantity_3": "1", "method_3": "", "quantity_4": "45", "method_4": "",
        "answer_8": "Soon", "answer_7": "Well", "price": "£150,000",
    }  # fmt: skip
    assert result.places["quantity_1"] == rules.Place(rules.OFFER, 5, 2)
    assert result.places["answer_7"] == rules.Place(rules.QUESTIONS, 3, 1)


def test_rows_and_sheets_that_are_gone_are_left_out_and_named():
    result = rules.read_offer(
        sheets([["M1", "GSE1", 1, "", "", ""]], answers=None, price=None), book()
    )
    assert result.problems == []
    assert result.left_out == [
        "INN1 Pilot", "GSE11 Accredited", "ENV5 Recycled", "How?", "When?", "Whole-life price",
    ]  # fmt: skip
    assert set(result.boxes) == {"quantity_1", "attribution_1", "method_1"}
    assert len(rules.read_offer(sheets(None), book()).left_out) == 7


def test_a_row_that_lost_its_key_is_known_by_its_code():
    assert found([["", "GSE1", 2, "", "", ""]]).boxes["quantity_1"] == "2"


def test_a_filled_row_of_nothing_known_is_an_error_and_a_note_is_not():
    result = found(
        [["", "ZZZ", 2, "", "", ""], ["M77", "", "", "", "", ""], ["", "note", "", "", "", ""]]
    )
    message = (
        "This row belongs to no measure of this tender. Delete it, or put back its key of column A."
    )
    assert said(result) == [(rules.OFFER, "A2", message), (rules.OFFER, "A3", message)]


def test_the_same_measure_twice_is_an_error_at_the_second():
    result = found([["M1", "GSE1", 2, "", "", ""], ["M1", "GSE1", 3, "", "", ""]])
    assert said(result) == [
        (rules.OFFER, "A3", "This measure stands here twice: row 2 has it as well. Delete one of the two.")
    ]  # fmt: skip
    assert result.boxes["quantity_1"] == "2"


def test_boxes_that_are_not_asked_must_stay_empty():
    result = found([["M1", "GSE1", 1, 5, "", ""], ["M3", "GSE11", "maybe", "", 0.5, ""]])
    assert said(result) == [
        (rules.OFFER, "D2", rules.NOT_ASKED),
        (rules.OFFER, "C3", "Write Yes or No, or clear the cell."),
        (rules.OFFER, "E3", rules.NOT_ASKED),
    ]


def test_a_date_is_an_error_at_its_cell():
    result = found([["M1", "GSE1", date(2026, 2, 1), "", "", ""]], price=[["P", True]])
    assert [one[:2] for one in said(result)] == [(rules.OFFER, "C2"), (rules.PRICE, "B2")]


def test_a_formula_that_failed_is_no_empty_box():
    rows = [["Key", rules.AMOUNT], ["P", ""]]
    result = rules.read_offer(
        Workbook((Sheet(rules.PRICE, rows, failed=frozenset({(1, 1)})),)), book()
    )
    assert said(result) == [(rules.PRICE, "B2", rules.FAILED)]


def test_missing_headings_are_an_error():
    read = Workbook((Sheet(rules.OFFER, [["a", "b"]]), Sheet(rules.PRICE, [["Key", "b"]])))
    result = rules.read_offer(read, book())
    assert said(result) == [
        (rules.OFFER, "A1", "The row of headings is gone. Put it back, or start from a new download."),
        (rules.PRICE, "A1", "The column “Price (£)” is gone. Put its heading back, or start from a new download."),
    ]  # fmt: skip


def test_a_title_above_the_headings_and_moved_columns_do_no_harm():
    sheet = Sheet(
        rules.OFFER,
        [
            ["Our offer", "", "", "", "", ""],
            [rules.METHOD.upper(), rules.SHARE, " key ", rules.PROXY, rules.QUANTITY, "Note"],
            ["Now", 50, "M1", "", 2, "mine"],
        ],
    )
    result = rules.read_offer(Workbook((sheet,)), book())
    assert result.problems == []
    assert result.boxes == {"quantity_1": "2", "attribution_1": "50", "method_1": "Now"}
