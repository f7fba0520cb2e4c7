"""The offer workbook as bidders get it, for the buyer to look at."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from procurement.bids.queries.blank import blank_book
from procurement.bids.renderers import offer_workbook
from procurement.bids.rules.workbook import refusal
from socialvalue.accounts.queries import organisation
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.errors import NotVisible
from socialvalue.core.sheets import XLSX
from socialvalue.core.workbooks import sheets_of
from tests.factories.accounts import actor_for_role
from tests.factories.reporting import browser
from tests.factories.tenders import NOW, prepared, published

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _time():
    with clock.at(NOW):
        yield


def sheets(content: bytes) -> dict[str, list[list[object]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_an_empty_workbook_asks_what_the_tender_asks_and_holds_nothing():
    world = published()
    book = blank_book(world.officer, world.procurement.pk)
    assert [line.code for line in book.lines] == ["GSE1", "PLB1", "HSC1"]
    assert [row.text for row in book.questions] == [
        "How will you find local people?",
        "How will you keep them in work?",
    ]
    assert dict(book.boxes) == {}
    assert book.deadline == "1 April 2026, midday, UK time"
    found = sheets(offer_workbook(book))
    assert [name for name in ("How to", "Offer", "Questions", "Price") if name not in found] == []
    head, *rows = found["Offer"]
    at = head.index("Quantity over the whole contract")
    assert [row[at] for row in rows] == ["", "", ""]


def test_a_draft_has_one_too_without_a_deadline():
    world = prepared()
    assert blank_book(world.officer, world.procurement.pk).deadline == "not set yet"


def test_no_bidder_is_named_in_it_and_nobody_can_upload_it():
    world = published()
    book = blank_book(world.officer, world.procurement.pk)
    content = offer_workbook(book)
    said = str(sheets(content))
    assert [row.name for row in world.suppliers if row.name in said] == []
    for row in world.suppliers:
        own = replace(book, supplier_id=row.pk, supplier_name=row.name)
        assert "made for another organisation" in refusal(
            sheets_of(content, otherwise="Not a workbook"), own
        )


def test_it_is_for_the_buyers_of_the_authority():
    world = published()
    url = reverse("procurement:bids:blank_workbook", args=[world.procurement.pk])
    answer = browser(world.officer).get(url)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, XLSX)
    elsewhere = actor_for_role(Role.PROCUREMENT_OFFICER, organisation("coventry"))
    assert browser(elsewhere).get(url).status_code == 404
    assert browser(world.bidder).get(url).status_code == 403
    with pytest.raises(NotVisible):
        blank_book(elsewhere, world.procurement.pk)
