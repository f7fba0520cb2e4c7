"""From the offer page to the workbook and back: what is in it, and what of it is read."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal

import pytest

from procurement.bids.queries import my_offer
from procurement.bids.rules import workbook as rules
from procurement.bids.services import save_offer
from procurement.tenders.queries import requirements_of
from socialvalue.core.cells import Sheet, Workbook
from socialvalue.core.workbooks import marked_copy
from tests.factories.bids import offer_for
from tests.factories.workbooks import ods
from tests.procurement.bids.test_views import client_of, held, text, untouched, url
from tests.procurement.bids.workbook_steps import download, draft, edited, rows_of, save, upload

pytestmark = pytest.mark.django_db


def test_from_the_offer_page_to_the_workbook_and_back(world):
    client = client_of(world.bidder)
    assert f'href="{url(world, "workbook")}"' in text(client.get(url(world, "offer")))
    page = text(client.get(url(world, "workbook")))
    assert f'href="{url(world, "download")}"' in page
    assert "Nothing is submitted by uploading." in page
    assert "XLSX or ODS, up to 1 MB" in page
    content = edited(
        download(world, client),
        Offer=[
            (1, rules.QUANTITY, "3.5 FTE-years"),
            (1, rules.SHARE, "50%"),
            (1, rules.METHOD, "=SUM(A1)\nWith the job centre."),
            (2, rules.QUANTITY, "\u00c2£20,000"),
        ],
        Questions=[(2, rules.ANSWER, "Second answer.")],
        Price=[(1, rules.AMOUNT, "£150 000.50")],
    )
    check = upload(client, world, content)
    assert check.status_code == 200
    assert check.context["changes"] == {
        "Whole-life price, excluding VAT": ("Nothing", "£150,000.50"),
        "Quantity of GSE1": ("Nothing", "3.5"),
        "Share of GSE1 due to this contract (%)": ("100", "50"),
        "How you will deliver GSE1": ("Nothing", "=SUM(A1)\nWith the job centre."),
        "Quantity of PLB1": ("Nothing", "£20,000"),
        "How will you keep them in work?": ("Nothing", "Second answer."),
    }
    assert "Nothing is saved yet." in text(check)
    assert untouched(world)
    assert "Your draft is saved. It is not submitted yet." in text(save(client, world, check))
    offer = my_offer(world.bidder, world.tender.pk).offer
    local, spend, _ = (offer.line(row.id) for row in requirements_of(world.tender.pk))
    assert (local.quantity, local.attribution_percent) == (Decimal("3.5"), Decimal(50))
    assert local.method_statement == "=SUM(A1)\nWith the job centre."
    assert spend.quantity == 20000
    assert offer.price == Decimal("150000.50")
    assert held(world).state == "draft"
    assert "There is nothing to save." in text(upload(client, world, download(world, client)))


def test_an_opendocument_workbook_is_read_as_well(world):
    draft(world)
    sheets = rows_of(download(world))
    sheets["Offer"][1][sheets["Offer"][0].index(rules.QUANTITY)] = "4"
    answer = upload(client_of(world.bidder), world, ods(sheets), "offer.ods")
    assert answer.context["changes"] == {"Quantity of GSE1": ("3.5", "4")}


def test_rows_that_are_gone_stay_as_saved_and_rows_that_are_emptied_are_emptied(world):
    draft(world)
    sheets = rows_of(download(world))
    plb = sheets["Offer"][2]
    plb[sheets["Offer"][0].index(rules.QUANTITY)] = ""
    plb[sheets["Offer"][0].index(rules.METHOD)] = ""
    del sheets["Offer"][1], sheets["Questions"]
    content = marked_copy(Workbook(tuple(Sheet(*pair) for pair in sheets.items())), [])
    client = client_of(world.bidder)
    answer = upload(client, world, content)
    assert list(answer.context["changes"]) == ["Quantity of PLB1", "How you will deliver PLB1"]
    page = text(answer)
    assert "Not in your workbook" in page
    assert "How will you find local people?" in page
    save(client, world, answer)
    offer = my_offer(world.bidder, world.tender.pk).offer
    assert offer.line(requirements_of(world.tender.pk)[0].id).quantity == Decimal("3.5")
    assert [row.text for row in offer.answers] == [
        "Our answer to question 1.",
        "Our answer to question 2.",
    ]


def test_nothing_in_the_workbook_runs(world):
    draft(world, price=None)
    line = offer_for(world).lines[0]
    bad = ['=HYPERLINK("http://example.org")', "+1", "-1", "@SUM(1)"]
    answers = [type(a)(a.question_id, bad[i]) for i, a in enumerate(offer_for(world).answers)]
    save_offer(
        actor=world.bidder,
        tender_id=world.tender.pk,
        offer=offer_for(
            world,
            lines=(type(line)(line.requirement_id, Decimal(3), method_statement=bad[3]),),
            answers=tuple(answers),
        ),
        expected_version=1,
    )
    with zipfile.ZipFile(io.BytesIO(download(world))) as archive:
        for name in archive.namelist():
            xml = archive.read(name).decode()
            assert "<f>" not in xml
            assert "hyperlink" not in xml.replace("=HYPERLINK", "")
            assert "externalLink" not in xml


def test_numbers_are_numbers_and_percentages_are_percentages(world):
    draft(world)
    head, local, spend, _ = rows_of(download(world))["Offer"]
    assert local[head.index(rules.QUANTITY)] == 3.5
    assert spend[head.index(rules.QUANTITY)] == 20000
    assert local[head.index(rules.SHARE)] == 1
    assert local[head.index("At least")] == "2"
    assert local[head.index("Mandatory")] == "Yes"
    assert local[head.index("Value of one unit")].startswith("£")
    assert local[head.index("Where that value comes from")] != ""


def test_counts_only_leaves_the_pounds_of_social_value_out(world):
    client = client_of(world.bidder)
    assert "Value of one unit" in rows_of(download(world, client))["Offer"][0]
    content = client.get(url(world, "download"), {"counts": "1"}).content
    head, *rows = rows_of(content)["Offer"]
    assert not {"Value of one unit", "Where that value comes from"} & set(head)
    assert "£" not in str([row[: head.index(rules.QUANTITY)] for row in rows if row[3] != "£"])
    assert "There is nothing to save." in text(upload(client, world, content))
