"""Who has a workbook, and until when."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal

import pytest
from django.test import Client

from procurement.bids.queries import my_offer
from procurement.bids.rules import workbook as rules
from procurement.bids.services import save_offer
from procurement.procurements.services import withdraw_procurement
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from tests.factories.accounts import actor_for_role
from tests.factories.bids import SOON, offer_for, submitted
from tests.factories.tenders import DEADLINE, published
from tests.procurement.bids.test_views import client_of, text, url
from tests.procurement.bids.workbook_steps import download, draft, edited, rows_of, upload

pytestmark = pytest.mark.django_db

NAMES = ("workbook", "download", "submitted")


def test_only_those_who_are_invited_have_a_workbook():
    world = published(invite=1)
    submitted(world)
    content = download(world)
    for client in (client_of(world.bidders[1]), client_of(actor_for_role(Role.SUPPLIER_ADMIN))):
        assert {client.get(url(world, name)).status_code for name in NAMES} == {404}
        assert upload(client, world, content).status_code == 404
        assert client.post(url(world, "marked"), {"kept": ""}).status_code == 404
    for actor in (world.officer, actor_for_role(Role.AUDITOR, world.authority)):
        assert {client_of(actor).get(url(world, name)).status_code for name in NAMES} == {403}
        assert upload(client_of(actor), world, content).status_code == 403
    assert {Client().get(url(world, name)).status_code for name in NAMES} == {302}


def test_another_bidders_workbook_holds_nothing_of_the_first(world):
    bid = submitted(world)
    other = rows_of(download(world, client_of(world.bidders[1])))
    shown = str(other)
    for word in (world.suppliers[0].name, bid.receipt, "We deliver", "Our answer", "150000"):
        assert word not in shown
    assert client_of(world.bidders[1]).get(url(world, "submitted")).status_code == 404


def test_at_the_deadline_nothing_is_read_any_more(world):
    draft(world)
    client = client_of(world.bidder)
    content = edited(download(world, client), Price=[(1, rules.AMOUNT, 99)])
    with clock.at(DEADLINE):
        late = upload(client, world, content)
        assert late.status_code == 422
        assert "The deadline was 12:00 on 1 April 2026, UK time. The workbook was not read" in text(
            late
        )
        assert client.get(url(world, "workbook")).headers["Location"] == url(world, "copy")
        assert client.post(url(world, "marked"), {"kept": ""}).status_code == 302
        said = rows_of(download(world, client))["How to"]
        assert ["Offers are no longer taken. This offer was not submitted."] in said
    assert my_offer(world.bidder, world.tender.pk).offer.price == 150000


def test_a_withdrawn_procurement_takes_no_workbook(world):
    content = download(world)
    withdraw_procurement(
        actor=world.officer, procurement_id=world.procurement.pk, reason="No longer needed."
    )
    answer = upload(client_of(world.bidder), world, content)
    assert answer.status_code == 422
    assert "The authority has withdrawn this procurement." in text(answer)


def test_what_was_submitted_can_be_kept_with_its_receipt(world):
    bid = submitted(world)
    client = client_of(world.bidder)
    assert url(world, "submitted") in text(client.get(url(world, "copy")))
    assert url(world, "submitted") in text(client.get(url(world, "receipt")))
    save_offer(
        actor=world.bidder,
        tender_id=world.tender.pk,
        offer=offer_for(world, price=Decimal(1)),
        expected_version=bid.version,
    )
    for moment in (SOON, DEADLINE):
        with clock.at(moment):
            content = download(world, client, "submitted")
        sheets = rows_of(content)
        assert sheets["Price"][1][2] == 150000
        assert (
            f"Submitted 3 March 2026, 9am, UK time. Receipt {bid.receipt}. "
            f"Content hash (SHA-256) {bid.content_hash}."
        ) in sheets["How to"][4][0]
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert b'locked="0"' not in archive.read("xl/styles.xml")
    with zipfile.ZipFile(io.BytesIO(download(world, client))) as archive:
        assert b'locked="0"' in archive.read("xl/styles.xml")
