"""What is refused, with the reason beside its cell, and that nothing is saved then."""

from __future__ import annotations

import io
import re
import zipfile
from decimal import Decimal

import pytest

from procurement.bids.queries import my_offer
from procurement.bids.rules import OfferInput
from procurement.bids.rules import workbook as rules
from procurement.bids.services import save_offer
from procurement.bids.views import NO_WORKBOOK
from socialvalue.core.cells import Sheet, Workbook
from socialvalue.core.workbooks import marked_copy, new_book
from tests.factories.bids import offer_for
from tests.factories.tenders import published
from tests.factories.workbooks import messy_workbook
from tests.procurement.bids.test_views import client_of, held, name_of, text, untouched, url
from tests.procurement.bids.workbook_steps import download, draft, edited, rows_of, save, upload

pytestmark = pytest.mark.django_db


def test_with_one_error_nothing_is_saved_and_every_error_is_beside_its_cell(world):
    draft(world)
    client = client_of(world.bidder)
    content = edited(
        download(world, client),
        Offer=[
            (1, rules.QUANTITY, "about ten"),
            (1, rules.PROXY, 5),
            (1, rules.SHARE, 150),
            (2, rules.QUANTITY, -4),
            (2, rules.METHOD, "x" * 2001),
            (3, rules.QUANTITY, 3.1234),
        ],
        Questions=[(1, rules.ANSWER, "x" * 4001)],
        Price=[(1, rules.AMOUNT, 0)],
    )
    answer = upload(client, world, content)
    assert answer.status_code == 422
    said = {(p.sheet, p.cell): p.message for p in answer.context["found"].problems}
    assert said == {
        ("Offer", "J2"): "Quantity of GSE1 over the whole contract must be a number, like 12 or 12.5",
        ("Offer", "K2"): rules.NOT_ASKED,
        ("Offer", "L2"): "Share of GSE1 due to this contract must be 100 or less",
        ("Offer", "J3"): "Quantity of PLB1 over the whole contract must be 0 or more",
        ("Offer", "N3"): "How you will deliver PLB1 must be 2,000 characters or fewer",
        ("Offer", "J4"): "Quantity of HSC1 over the whole contract must have at most 3 decimal places",
        ("Questions", "E2"): "The answer must be 4,000 characters or fewer",
        ("Price", "C2"): "Whole-life price, excluding VAT must be more than 0",
    }  # fmt: skip
    assert "Nothing was saved. Mend the 8 cells listed" in text(answer)
    assert held(world).version == 1

    marked = client.post(url(world, "marked"), {"kept": answer.context["kept"]})
    assert marked.headers["Content-Disposition"].endswith('-marked.xlsx"')
    assert marked.headers["Cache-Control"] == "private, no-store"
    sheets = rows_of(marked.content)
    assert sheets["Offer"][1][9] == "about ten"
    assert [row[:2] for row in sheets["What to mend"][1:]] == [[p, c] for p, c in said]
    with zipfile.ZipFile(io.BytesIO(marked.content)) as archive:
        comments = "".join(
            archive.read(name).decode() for name in archive.namelist() if "comments" in name
        )
    for message in said.values():
        assert message in comments

    mended = edited(
        marked.content,
        Offer=[
            (1, rules.QUANTITY, 10), (1, rules.PROXY, ""), (1, rules.SHARE, 1), (2, rules.QUANTITY, 4),
            (2, rules.METHOD, "x"), (3, rules.QUANTITY, 3.123),
        ],
        Questions=[(1, rules.ANSWER, "x")],
        Price=[(1, rules.AMOUNT, 1)],
    )  # fmt: skip
    assert "Save as your draft" in text(upload(client, world, mended))


def test_a_sum_beyond_reason_is_an_error_at_its_quantity(world):
    content = edited(download(world), Offer=[(1, rules.QUANTITY, 99999999999)])
    [problem] = upload(client_of(world.bidder), world, content).context["found"].problems
    assert problem.cell == "J2"
    assert problem.message.endswith("Check the quantity and its unit")


def test_a_formula_that_failed_is_an_error_and_empties_nothing(world):
    draft(world)
    content = download(world)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "xl/worksheets/sheet2.xml":
                data, count = re.subn(
                    rb'<c r="J2"( s="\d+")><v>3.5</v>',
                    rb'<c r="J2"\1 t="e"><f>1/0</f><v>#DIV/0!</v>',
                    data,
                )
                assert count == 1
            new.writestr(name, data)
    [problem] = upload(client_of(world.bidder), world, out.getvalue()).context["found"].problems
    assert (problem.cell, problem.message) == ("J2", rules.FAILED)


def test_what_cannot_be_read_on_the_page_is_listed_when_the_workbook_leaves_it_out(world):
    name = name_of(world, "quantity", 0)
    save_offer(
        actor=world.bidder,
        tender_id=world.tender.pk,
        offer=OfferInput(unread={name: "about ten"}),
        expected_version=0,
    )
    client = client_of(world.bidder)
    content = download(world, client)
    [problem] = upload(client, world, content).context["found"].problems
    assert problem.cell == "J2"
    sheets = rows_of(content)
    del sheets["Offer"][1]
    content = marked_copy(Workbook(tuple(Sheet(*pair) for pair in sheets.items())), [])
    answer = upload(client, world, content)
    assert answer.context["found"].problems == []
    assert "must be a number" in text(answer)
    assert "in rows that your workbook leaves out" in text(answer)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "The file is empty"),
        (b"%PDF-1.7\n%%EOF", "This is not a workbook that can be read"),
        (b"Key,Quantity\nM1,2\n", "This is not a workbook that can be read"),
        (b"PK\x03\x04" + b"x" * 100, "This is not a workbook that can be read"),
        (b"x" * (1024 * 1024 + 1), "The workbook is larger than 1 MB"),
        (b"x" * (4 * 1024 * 1024), "The workbook is larger than 1 MB"),
    ],
)
def test_what_is_no_workbook_is_refused_with_the_reason(world, content, message):
    answer = upload(client_of(world.bidder), world, content)
    assert answer.status_code == 422
    assert message in text(answer)
    assert untouched(world)


def test_no_file_macros_and_a_file_that_unpacks_too_far_are_refused(world):
    client = client_of(world.bidder)
    assert "Choose the workbook" in text(client.post(url(world, "workbook"), {}))
    assert rules.NOT_OURS in text(upload(client, world, messy_workbook(3)))
    content = download(world)
    for name, data, message in (
        ("xl/vbaProject.bin", b"x", "The file holds macros"),
        ("xl/media/x.emf", b"\0" * (21 * 1024 * 1024), "The workbook has too many cells"),
    ):
        out = io.BytesIO(content)
        with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name, data)
        assert message in text(upload(client, world, out.getvalue()))


def test_a_cell_as_far_away_as_can_be_takes_no_memory(world):
    out = io.BytesIO()
    book = new_book(out)
    page = book.add_worksheet(rules.OFFER)
    page.write_string(0, 0, "Key")
    page.write_string(1_048_575, 16_383, "x")
    book.close()
    answer = upload(client_of(world.bidder), world, out.getvalue())
    assert answer.status_code == 422
    assert "The workbook has too many cells" in text(answer) or NO_WORKBOOK in text(answer)


def test_another_tenders_and_another_suppliers_workbook_are_refused(world):
    theirs = download(world, client_of(world.bidders[1]))
    answer = upload(client_of(world.bidder), world, theirs)
    assert answer.status_code == 422
    assert "This workbook was made for another organisation." in text(answer)
    other = published(title="Another tender", authority="warwickshire")
    content = download(other, client_of(other.bidder))
    answer = upload(client_of(world.bidder), world, content)
    assert answer.status_code == 422
    assert "This workbook is for another tender: Another tender" in text(answer)


def test_a_draft_that_changed_after_the_upload_is_a_conflict_that_says_what_differs(world):
    draft(world)
    client = client_of(world.bidder)
    content = edited(download(world, client), Price=[(1, rules.AMOUNT, 99)])
    check = upload(client, world, content)
    save_offer(
        actor=world.bidder,
        tender_id=world.tender.pk,
        offer=offer_for(world, price=Decimal(7)),
        expected_version=1,
    )
    late = save(client, world, check)
    assert late.status_code == 409
    assert late.context["conflict"].changed == {"Whole-life price, excluding VAT": ("£7", "£99")}
    assert my_offer(world.bidder, world.tender.pk).offer.price == 7
