"""The sheet of partners: read row by row, every error beside its cell."""

from __future__ import annotations

from decimal import Decimal

import pytest

from procurement.bids.queries import my_offer
from procurement.bids.rules import PartInput
from procurement.bids.rules import workbook as rules
from procurement.tenders.queries import requirements_of
from socialvalue.core import clock
from socialvalue.core.cells import Sheet, Workbook
from socialvalue.core.workbooks import marked_copy
from tests.factories.bids import SOON, line_of
from tests.factories.tenders import published
from tests.procurement.bids.test_views import client_of, held, text, url
from tests.procurement.bids.test_workbook_rules import HEAD, book, said
from tests.procurement.bids.workbook_steps import (
    download,
    draft,
    edited,
    read,
    rows_of,
    save,
    upload,
)

NO_CODE = "Write the code of the measure, as the sheet “Offer” has it, or delete this row."
MEASURE = "measure of this tender. Write a code of the sheet “Offer”, or delete this row."
HEADINGS = [rules.CODE, rules.PART_KIND, rules.PART_NAME, rules.PART_QUANTITY]


def found(*rows, headings=HEADINGS, boxes=None):
    sheets = (Sheet(rules.OFFER, [HEAD]), Sheet(rules.PARTNERS, [headings, *rows]))
    return rules.read_offer(Workbook(sheets), book(boxes=boxes or {}))


def boxes_of_parts(result):
    return {name: text for name, text in result.boxes.items() if name.startswith("part_")}


def test_rows_are_read_under_the_code_of_their_measure():
    result = found(
        ["GSE1", "Consortium partner", " Rookery Trust ", 1.5],
        ["", None, "", ""],
        ["inn1", "sub contractor", "Thimble Ltd", "2 people"],
        ["GSE1", "SUB-CONTRACTOR", "Marrow Ltd", "1,000"],
    )
    assert said(result) == []
    assert result.has_parts is True
    assert boxes_of_parts(result) == {
        "part_1-0-kind": "partner",
        "part_1-0-name": "Rookery Trust",
        "part_1-0-quantity": "1.5",
        "part_2-0-kind": "subcontractor",
        "part_2-0-name": "Thimble Ltd",
        "part_2-0-quantity": "2",
        "part_1-1-kind": "subcontractor",
        "part_1-1-name": "Marrow Ltd",
        "part_1-1-quantity": "1,000",
    }
    assert result.places["part_1-1-quantity"] == rules.Place(rules.PARTNERS, 5, 3)


@pytest.mark.parametrize("row", [["GSE1", "", "", ""], ["", "Consortium partner", None, " "], []])
def test_a_row_without_name_and_quantity_is_none(row):
    result = found([*row, "", "", "", ""][:4])
    assert (said(result), boxes_of_parts(result)) == ([], {})


@pytest.mark.parametrize(
    ("row", "cell", "message"),
    [
        (["", "Consortium partner", "A", 1], "A2", NO_CODE),
        (["ZZ9", "Consortium partner", "A", 1], "A2", f"ZZ9 is no {MEASURE}"),
        (["GSE11", "Consortium partner", "A", 1], "A2", "GSE11 cannot be shared out. Delete this row."),
        (["ENV5", "Consortium partner", "A", 1], "A2", "ENV5 cannot be shared out. Delete this row."),
        (["GSE1", "friend", "A", 1], "B2", "Write Consortium partner or Sub-contractor, or clear the row."),
        (["GSE1", None, "A", 1], "B2", "Write Consortium partner or Sub-contractor, or clear the row."),
        (["GSE1", "Sub-contractor", "A", True], "D2", "This cell holds a yes or no. Write a number, like 12 or 12.5."),
    ],
)  # fmt: skip
def test_every_error_stands_at_its_cell(row, cell, message):
    assert said(found(row)) == [(rules.PARTNERS, cell, message)]


def test_a_column_that_is_gone_is_said_and_leaves_what_is_saved():
    result = found(["GSE1", "A", 1], headings=[rules.CODE, rules.PART_NAME, rules.PART_QUANTITY])
    assert [row[2] for row in said(result)] == [
        "The column “They are a” is gone. Put its heading back, or start from a new download."
    ]
    assert result.has_parts is False


def test_a_sheet_that_is_gone_leaves_what_is_saved_and_says_so():
    sheets = (Sheet(rules.OFFER, [HEAD]),)
    saved = book(boxes={"part_1-0-name": "Rookery Trust"})
    result = rules.read_offer(Workbook(sheets), saved)
    assert (result.has_parts, "Partners and sub-contractors" in result.left_out) == (False, True)
    without = rules.read_offer(Workbook(sheets), book())
    assert "Partners and sub-contractors" not in without.left_out


def test_a_workbook_made_before_reasons_were_asked_for_is_still_read():
    row = ["M1", "GSE1", 2, "", 0.5, "Now"]
    result = rules.read_offer(Workbook((Sheet(rules.OFFER, [HEAD, row]),)), book())
    assert (said(result), "reason_1" in result.boxes) == ([], False)
    with_reason = [*HEAD, rules.REASON]
    result = rules.read_offer(
        Workbook((Sheet(rules.OFFER, [with_reason, [*row, " Half is theirs. "]]),)), book()
    )
    assert result.boxes["reason_1"] == "Half is theirs."


# --- through the pages ----------------------------------------------------------------------------


@pytest.fixture
def world(db):
    with clock.at(SOON):
        yield published()


PARTS = (PartInput("partner", "Rookery Trust", Decimal("1.5")),)


def typed_in(*rows):
    """The cells of the first rows of partners."""
    return [
        (number, heading, value)
        for number, row in enumerate(rows, start=1)
        for heading, value in zip(HEADINGS, row, strict=True)
    ]


def line(world):
    requirement = requirements_of(world.tender.pk)[0]
    return my_offer(world.bidder, world.tender.pk).offer.line(requirement.id)


def test_partners_and_reasons_come_from_the_workbook_into_the_draft(world):
    client = client_of(world.bidder)
    content = edited(
        download(world, client),
        Offer=[(1, rules.QUANTITY, 4), (1, rules.SHARE, 0.5), (1, rules.REASON, "Half is theirs.")],
        Partners=[
            (1, rules.CODE, "GSE1"),
            (1, rules.PART_KIND, "Consortium partner"),
            (1, rules.PART_NAME, "Rookery Trust"),
            (1, rules.PART_QUANTITY, "1.5 FTE-years"),
            (9, rules.CODE, "PLB1"),
            (9, rules.PART_KIND, "Sub-contractor"),
            (9, rules.PART_NAME, "Thimble Ltd"),
            (9, rules.PART_QUANTITY, "\u00c2£1,000.50"),
        ],
    )
    check = upload(client, world, content)
    assert check.context["changes"] == {
        "Quantity of GSE1": ("Nothing", "4"),
        "Share of GSE1 due to this contract (%)": ("100", "50"),
        "Who else funds GSE1": ("Nothing", "Half is theirs."),
        "Partners and sub-contractors of GSE1": (
            "Nothing",
            "Consortium partner Rookery Trust: 1.5",
        ),
        "Partners and sub-contractors of PLB1": ("Nothing", "Sub-contractor Thimble Ltd: £1,000.5"),
    }
    save(client, world, check)
    assert line(world).parts == PARTS
    assert line(world).attribution_reason == "Half is theirs."
    assert upload(client, world, download(world, client)).context["changes"] == {}


def test_a_row_deleted_is_a_partner_taken_away_and_a_sheet_deleted_is_not(world):
    client = client_of(world.bidder)
    draft(world, lines=(line_of(world, "GSE1", "3.5", parts=PARTS),))
    content = download(world, client)
    sheets = rows_of(content)
    assert sheets["Partners"][1] == ["GSE1", "Consortium partner", "Rookery Trust", 1.5]
    del sheets["Partners"][1]
    without_row = marked_copy(Workbook(tuple(Sheet(*pair) for pair in sheets.items())), [])
    del sheets["Partners"]
    without_sheet = marked_copy(Workbook(tuple(Sheet(*pair) for pair in sheets.items())), [])
    kept = upload(client, world, without_sheet)
    assert kept.context["changes"] == {}
    assert "Partners and sub-contractors" in kept.context["found"].left_out
    gone = upload(client, world, without_row)
    assert gone.context["changes"] == {
        "Partners and sub-contractors of GSE1": ("Consortium partner Rookery Trust: 1.5", "Nothing")
    }
    save(client, world, gone)
    assert line(world).parts == ()


def test_errors_of_partners_are_marked_beside_their_cells(world):
    client = client_of(world.bidder)
    # Rules name parts in the order they are kept in; the cells are those of the rows as typed.
    content = edited(
        download(world, client),
        Offer=[(1, rules.SHARE, 0.5), (1, rules.REASON, "x" * 501)],
        Partners=typed_in(
            ["GSE1", "Sub-contractor", "Zebra", "about"],
            ["GSE1", "Consortium partner", "Ant", -1],
            ["GSE1", "friend", "Bee", 1],
            ["PLB1", "Sub-contractor", "y" * 201, 1],
            ["X1", "Sub-contractor", "Cat", 1],
        ),
    )
    answer = upload(client, world, content)
    cells = [(one.sheet, one.cell) for one in answer.context["found"].problems]
    assert cells == [
        ("Offer", "M2"),
        ("Partners", "D2"),
        ("Partners", "D3"),
        ("Partners", "B4"),
        ("Partners", "C5"),
        ("Partners", "A6"),
    ]
    assert held_nothing(world)
    marked = client.post(url(world, "marked"), {"kept": answer.context["kept"]})
    assert rows_of(marked.content)["Partners"][1][3] == "about"
    listed = rows_of(marked.content)["What to mend"][1:]
    assert [(row[0], row[1]) for row in listed] == cells
    assert [sheet.name for sheet in read(marked.content).sheets][-1] != "Workbook"


def held_nothing(world):
    return my_offer(world.bidder, world.tender.pk).version == 0


def test_eleven_partners_of_a_measure_are_one_too_many(world):
    client = client_of(world.bidder)
    rows = typed_in(*(["GSE1", "Consortium partner", f"P{n:02}", 0.1] for n in range(11)))
    content = edited(download(world, client), Partners=rows)
    [problem] = upload(client, world, content).context["found"].problems
    assert (problem.sheet, problem.cell) == ("Partners", "C12")
    assert problem.message.startswith("Name at most 10 partners and sub-contractors of GSE1")


def test_what_was_submitted_is_downloaded_with_its_partners(world):
    client = client_of(world.bidder)
    draft(world, lines=(line_of(world, "GSE1", "3.5", parts=PARTS),))
    client.post(url(world, "submit"), {"version": held(world).version})
    sheets = rows_of(download(world, client, "submitted"))
    assert sheets["Partners"] == [HEADINGS, ["GSE1", "Consortium partner", "Rookery Trust", 1.5]]
    assert "Rookery Trust" in text(client.get(url(world, "copy")))
