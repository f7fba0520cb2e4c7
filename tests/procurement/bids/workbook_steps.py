"""What a bidder does with a workbook: download, edit, upload, and save what was read."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile

from procurement.bids.services import save_offer
from socialvalue.core.cells import Sheet, Workbook
from socialvalue.core.workbooks import marked_copy, sheets_of
from tests.factories.bids import offer_for
from tests.procurement.bids.test_views import client_of, url


def draft(world, **more):
    save_offer(
        actor=world.bidder,
        tender_id=world.tender.pk,
        offer=offer_for(world, **more),
        expected_version=0,
    )


def download(world, client=None, name="download"):
    answer = (client or client_of(world.bidder)).get(url(world, name))
    assert answer.status_code == 200
    return answer.content


def read(content):
    return sheets_of(content, otherwise="unreadable")


def rows_of(content):
    return {sheet.name: [list(row) for row in sheet.rows] for sheet in read(content).sheets}


def edited(content, **cells):
    """The workbook as a person saves it: ``Offer=[(row, heading, value)]``, rows from 1 under the headings."""
    sheets = rows_of(content)
    for name, changes in cells.items():
        for row, heading, value in changes:
            while len(sheets[name]) <= row:  # blank rows at the end are not read
                sheets[name].append([""] * len(sheets[name][0]))
            sheets[name][row][sheets[name][0].index(heading)] = value
    return marked_copy(Workbook(tuple(Sheet(*pair) for pair in sheets.items())), [])


def upload(client, world, content, name="offer.xlsx"):
    return client.post(url(world, "workbook"), {"file": SimpleUploadedFile(name, content)})


def save(client, world, answer):
    return client.post(
        url(world, "offer"), dict(answer.context["found"].boxes) | {"draft": "1"}, follow=True
    )
