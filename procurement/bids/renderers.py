"""The offer as an XLSX workbook to fill in, and the person's own copy with what is wrong marked."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from procurement.bids.rules import (
    MAX_ANSWER,
    MAX_METHOD,
    MAX_PARTS,
    answer_name,
    attribution_name,
    method_name,
    part_name,
    proxy_name,
    quantity_name,
    reason_name,
)
from procurement.bids.rules import workbook as rules
from procurement.bids.vocabulary import PartKind
from socialvalue.core.cells import DIGITS, Problem, Sheet, Workbook, plain
from socialvalue.core.errors import RuleBroken
from socialvalue.core.workbooks import TO_MEND, fits_cell, marked_copy, new_book

PERCENT = "0.######%"
TOO_LONG = (
    "“{}” of your offer does not fit into a cell of a workbook. Shorten it on the offer page first."
)
_WIDTHS = {
    rules.KEY: 8, rules.CODE: 10, "Measure": 38, "Unit": 16, "Mandatory": 11, "At least": 11,
    "From the authority": 30, "Value of one unit": 16, "Where that value comes from": 26,
    rules.QUANTITY: 16, rules.PROXY: 16, rules.SHARE: 16, rules.METHOD: 60, "Question": 50, "Guidance": 40,
    "Weight": 10, rules.ANSWER: 80, "What": 44, rules.AMOUNT: 20,
}  # fmt: skip
MORE_PARTS = 30
"""Rows to write partners in beyond those that are there."""
_VALUED = ("Value of one unit", "Where that value comes from")


@dataclass
class _Looks:
    """The formats of one workbook: grey is the authority's, white with a border is to be filled in."""

    book: Any
    is_read_only: bool
    made: dict[tuple[str, str], Any] = field(default_factory=dict)

    def __call__(self, kind: str, number: str = "") -> Any:
        if (kind, number) not in self.made:
            self.made[kind, number] = self.book.add_format(self._look(kind, number))
        return self.made[kind, number]

    def _look(self, kind: str, number: str) -> dict[str, Any]:
        look: dict[str, Any] = {"text_wrap": True, "valign": "top"}
        if kind == "box":
            look |= {"border": 1, "locked": self.is_read_only, "num_format": number or "@"}
        elif kind == "head":
            look |= {"bold": True, "bottom": 2, "bg_color": "#F3F2F1"}
        elif kind == "given":
            look |= {"bg_color": "#F3F2F1", "font_color": "#0B0C0C"}
        elif kind == "title":
            look |= {"bold": True, "font_size": 16}
        elif kind == "strong":
            look |= {"bold": True}
        return look


def offer_workbook(book: rules.OfferBook, *, counts_only: bool = False) -> bytes:
    """Sheets to read and to fill in, the same bytes for the same offer. RuleBroken when a text fits no cell."""
    out = io.BytesIO()
    target = new_book(out)
    looks = _Looks(target, book.is_read_only)
    _how_to(target, looks, book)
    _offer(target, looks, book, counts_only=counts_only)
    _partners(target, looks, book)
    if book.questions:
        _questions(target, looks, book)
    _price(target, looks, book)
    known = target.add_worksheet(rules.IDENTITY)
    for at, row in enumerate(rules.identity(book)):
        for column, text in enumerate(row):
            known.write_string(at, column, text)
    known.protect()
    known.hide()
    target.close()
    return out.getvalue()


# --- sheets ---------------------------------------------------------------------------------------


def _how_to(target: Any, looks: _Looks, book: rules.OfferBook) -> None:
    page = target.add_worksheet(rules.HOW_TO)
    page.set_column(0, 0, 100)
    page.hide_gridlines(2)
    page.write_string(0, 0, book.title, looks("title"))
    lines = [(f"{book.authority_name}, reference {book.reference}", "plain")]
    lines.append((f"Offer of {book.supplier_name}", "plain"))
    lines.append((f"Deadline: {book.deadline}", "strong"))
    lines += [(text, look) for text, look in (_read_only(book) or _to_fill_in(book))]
    for at, (text, look) in enumerate(lines, start=1):
        page.write_string(at, 0, text, looks(look))
    page.protect("", {"format_columns": True, "format_rows": True})


def _read_only(book: rules.OfferBook) -> list[tuple[str, str]]:
    if book.receipt:
        return [
            (book.receipt, "strong"),
            ("This is a copy of what you submitted, to read and to keep.", "plain"),
        ]
    if book.is_closed:
        return [("Offers are no longer taken. This offer was not submitted.", "strong")]
    return []


def _to_fill_in(book: rules.OfferBook) -> list[tuple[str, str]]:
    names = [rules.OFFER, rules.PARTNERS, *([rules.QUESTIONS] if book.questions else [])]
    sheets = f"{', '.join(f'“{name}”' for name in names)} and “{rules.PRICE}”"
    return [
        ("Nothing is submitted by uploading this workbook.", "strong"),
        (
            "Uploading shows what would change in your draft. You save it, check it and submit it on the website.",
            "plain",
        ),
        ("How to fill it in", "strong"),
        (f"Fill in the white cells of the sheets {sheets}. Grey cells are the authority's.", "plain"),
        ("Leave the quantity of a measure empty when you do not offer it.", "plain"),
        ("Numbers: 180000, 180,000 and £180,000.50 are all read. Quantities have up to 3 decimal places.", "plain"),
        (
            "Percentages: 50%, 50 and 0.5 all mean fifty per cent. A number up to 1 is read as a fraction; for one per "
            "cent or less write the sign: 1%.",
            "plain",
        ),
        (f"Texts: up to {MAX_METHOD:,} characters a measure, {MAX_ANSWER:,} an answer. No personal details.", "plain"),
        (
            f"Sheet “{rules.PARTNERS}”: who else delivers part of a measure, one a row, at most {MAX_PARTS} a measure; "
            "the rest is your own. It lists all of them: a row deleted there is a partner taken away.",
            "plain",
        ),
        ("Rows may be put in another order, blank rows may stay. A cell you empty is emptied in your offer.", "plain"),
        ("A row you delete, or a whole sheet, leaves what is saved on the website as it is.", "plain"),
        ("Sheets are protected without a password, so that grey cells are not changed by accident.", "plain"),
        ("Save the workbook as XLSX or ODS, without macros or a password, up to 1 MB.", "plain"),
    ]  # fmt: skip


def _offer(target: Any, looks: _Looks, book: rules.OfferBook, *, counts_only: bool) -> None:
    more = [
        (heading, texts)
        for heading, texts in (
            ("Scored up to", [line.maximum for line in book.lines]),
            ("Counts", [line.weight for line in book.lines]),
            ("Valued in", [line.place for line in book.lines]),
        )
        if any(texts)
    ]
    headings = [
        rules.KEY, rules.CODE, "Measure", "Unit", "Mandatory", "At least", *(heading for heading, _ in more),
        "From the authority", *_VALUED, rules.QUANTITY, rules.PROXY, rules.SHARE, rules.REASON, rules.METHOD,
    ]  # fmt: skip
    headings = [one for one in headings if not (counts_only and one in _VALUED)]
    page = _page(target, looks, rules.OFFER, headings)
    at_box = headings.index(rules.QUANTITY)
    for at, line in enumerate(book.lines, start=1):
        given = [
            line.key, line.code, line.title, line.unit, "Yes" if line.is_mandatory else "No", line.minimum,
            *(texts[at - 1] for _, texts in more), line.guidance,
        ]  # fmt: skip
        if not counts_only:
            given += [line.value or _no_value(line), line.source]
        _given(page, looks, at, given)
        _line_boxes(page, looks, book, line, at, at_box)
    page.freeze_panes(1, 3)
    _protect(page)


def _no_value(line: rules.BookLine) -> str:
    return "You propose it" if line.is_negotiated else "Counted, not valued"


def _line_boxes(
    page: Any, looks: _Looks, book: rules.OfferBook, line: rules.BookLine, at: int, column: int
) -> None:
    key = line.requirement_id
    quantity = book.boxes.get(quantity_name(key))
    if line.is_yes_or_no:
        said = ("Yes" if quantity else "No") if isinstance(quantity, Decimal) else quantity
        _box(page, looks, at, column, said)
        page.data_validation(
            at, column, at, column, {"validate": "list", "source": ["Yes", "No"], "error_type": "warning"}
        )  # fmt: skip
    elif line.unit == "%":
        _box(page, looks, at, column, quantity, PERCENT)
    else:
        _box(page, looks, at, column, quantity, '"£"#,##0.###' if line.unit == "£" else "#,##0.###")
    if line.is_negotiated:
        _box(page, looks, at, column + 1, book.boxes.get(proxy_name(key)), '"£"#,##0.#########')
    else:
        page.write_blank(at, column + 1, None, looks("given"))
    if line.has_share:
        _box(page, looks, at, column + 2, book.boxes.get(attribution_name(key)), PERCENT)
        _box(page, looks, at, column + 3, book.boxes.get(reason_name(key)))
    else:
        page.write_blank(at, column + 2, None, looks("given"))
        page.write_blank(at, column + 3, None, looks("given"))
    _box(page, looks, at, column + 4, book.boxes.get(method_name(key)))


def _partners(target: Any, looks: _Looks, book: rules.OfferBook) -> None:
    """A row for each part there is, and rows to write more in."""
    lines = [line for line in book.lines if line.takes_parts]
    if not lines:
        return
    headings = [rules.CODE, rules.PART_KIND, rules.PART_NAME, rules.PART_QUANTITY]
    page = _page(target, looks, rules.PARTNERS, headings)
    kinds = {kind.value: kind.label for kind in PartKind}
    at = 0
    for line in lines:
        for number in range(MAX_PARTS):
            names = [
                part_name(line.requirement_id, number, box) for box in ("kind", "name", "quantity")
            ]
            if not any(name in book.boxes for name in names):
                break
            at += 1
            kind, name, quantity = (book.boxes.get(name) for name in names)
            boxes = [line.code, kinds.get(str(kind), PartKind.SUBCONTRACTOR.label), name, quantity]
            number_look = '"£"#,##0.###' if line.unit == "£" else "#,##0.###"
            for column, value in enumerate(boxes):
                _box(page, looks, at, column, value, number_look if column == 3 else "")
    last = at + (0 if book.is_read_only else MORE_PARTS)
    for row in range(at + 1, last + 1):
        for column in range(4):
            _box(page, looks, row, column, None, "#,##0.###" if column == 3 else "")
    if last:
        codes = f"='{rules.OFFER}'!$B$2:$B${len(book.lines) + 1}"
        page.data_validation(
            1, 0, last, 0, {"validate": "list", "source": codes, "error_type": "warning"}
        )
        page.data_validation(
            1,
            1,
            last,
            1,
            {"validate": "list", "source": [*kinds.values()], "error_type": "warning"},
        )
    page.freeze_panes(1, 0)
    _protect(page)


def _questions(target: Any, looks: _Looks, book: rules.OfferBook) -> None:
    headings = [rules.KEY, "Question", "Guidance", "Weight", rules.ANSWER]
    page = _page(target, looks, rules.QUESTIONS, headings)
    for at, row in enumerate(book.questions, start=1):
        _given(page, looks, at, [row.key, row.text, row.guidance, row.weight])
        _box(page, looks, at, 4, book.boxes.get(answer_name(row.question_id)))
    page.freeze_panes(1, 2)
    _protect(page)


def _price(target: Any, looks: _Looks, book: rules.OfferBook) -> None:
    page = _page(target, looks, rules.PRICE, [rules.KEY, "What", rules.AMOUNT])
    said = "Whole-life price, excluding VAT: everything over the whole contract, with extensions and options."
    _given(page, looks, 1, [rules.PRICE_KEY, said])
    _box(page, looks, 1, 2, book.boxes.get("price"), '"£"#,##0.00')
    _protect(page)


# --- cells ----------------------------------------------------------------------------------------


def _page(target: Any, looks: _Looks, name: str, headings: Sequence[str]) -> Any:
    page = target.add_worksheet(name)
    for column, heading in enumerate(headings):
        _set_column(page, column, heading)
        page.write_string(0, column, heading, looks("head"))
    if headings[0] == rules.KEY:
        # The key says what a row is about, whatever order the rows are in; nobody needs to see it.
        page.set_column(0, 0, 8, None, {"hidden": True})
    return page


def _set_column(page: Any, column: int, heading: str, look: Any = None) -> None:
    page.set_column(
        column, column, _WIDTHS.get(heading, 16), look, {"hidden": heading == rules.KEY}
    )


def _given(page: Any, looks: _Looks, at: int, texts: Sequence[str]) -> None:
    for column, text in enumerate(texts):
        page.write_string(at, column, text, looks("given"))


def _box(page: Any, looks: _Looks, at: int, column: int, value: Any, number: str = "") -> None:
    """A cell to fill in. Numbers are numbers as far as a spreadsheet keeps their digits; texts never run."""
    look = looks("box", number)
    if isinstance(value, Decimal):
        if number == PERCENT:
            value = rules.fraction(value)
        if len(plain(value).replace(".", "").lstrip("0")) <= DIGITS:
            page.write_number(at, column, value, look)
        else:
            page.write_string(at, column, plain(value), look)
    elif value:
        if not fits_cell(value):
            raise RuleBroken(TOO_LONG.format(value[:40]))
        page.write_string(at, column, value, look)
    else:
        page.write_blank(at, column, None, look)


def _protect(page: Any) -> None:
    """Without a password: against slips, not against the person whose offer it is."""
    page.protect(
        "", {"format_cells": True, "format_columns": True, "format_rows": True, "sort": True, "autofilter": True}
    )  # fmt: skip


# --- the person's own file, marked ----------------------------------------------------------------


def marked_workbook(read: Workbook, problems: Sequence[Problem]) -> bytes:
    """A copy of what was uploaded, wrong cells marked, columns as wide as in the download."""
    earlier = [sheet for sheet in read.sheets if sheet.name.startswith(TO_MEND)]
    sheets = tuple(sheet for sheet in read.sheets if sheet not in earlier)
    return marked_copy(Workbook(sheets), problems, dress=_dress)


def _dress(target: Any, page: Any, sheet: Sheet) -> None:
    if sheet.name == rules.IDENTITY:
        page.hide()
    elif sheet.name == rules.HOW_TO:
        page.set_column(0, 0, 100)
    mark = rules.CODE if sheet.name == rules.PARTNERS else rules.KEY
    head = next((row for row in sheet.rows if mark in row), ())
    wrapped = target.add_format({"text_wrap": True, "valign": "top"})
    percent = target.add_format({"num_format": PERCENT, "valign": "top"})
    for column, heading in enumerate(head):
        _set_column(page, column, str(heading), percent if heading == rules.SHARE else wrapped)
