"""The list of offers, its lots, and what the page costs."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from procurement.bids.queries import my_bids, my_bids_table
from procurement.bids.services import submit_bid
from procurement.procurements.models import ProcurementLot
from procurement.tenders.services import amend_tender
from socialvalue.core import clock
from socialvalue.core.periods import uk_moment
from tests.factories.bids import SOON, offer_for, submitted
from tests.factories.procurements import procurement_of
from tests.factories.tenders import NOW, QUESTIONS, published
from tests.procurement.bids.test_offer_page.steps import words
from tests.procurement.bids.test_views import client_of, text, typed, url

pytestmark = pytest.mark.django_db


def test_the_list_and_its_download_say_that_a_tender_was_amended():
    world = published()
    submitted(world)
    listing = reverse("procurement:bids:list")
    [before] = my_bids(world.bidder)
    assert (before.amended_at, before.is_amended_since) == (None, False)
    assert "Tender amended" not in text(client_of(world.bidder).get(listing))
    later = SOON + timedelta(hours=1)
    with clock.at(later):
        amend_tender(
            actor=world.officer,
            tender_id=world.tender.pk,
            expected_version=world.refresh().version,
            reason="More time for everybody.",
            deadline_at=world.tender.deadline_at + timedelta(days=7),
        )
        [mine], [other] = my_bids(world.bidder), my_bids(world.bidders[1])
        assert (mine.amended_at, mine.is_amended_since) == (later, True)
        assert (other.amended_at, other.is_amended_since) == (later, False)
        moment = uk_moment(later.astimezone(clock.LONDON))
        page = words(client_of(world.bidder).get(listing))
        assert f"Tender amended {moment}, after you submitted" in page
        theirs = words(client_of(world.bidders[1]).get(listing))
        assert f"Tender amended {moment}" in theirs
        assert "after you submitted" not in theirs
        [row] = my_bids_table([mine]).rows
        assert row[-1] == later.astimezone(clock.LONDON).replace(tzinfo=None)
        [row] = my_bids_table([before]).rows
        assert row[-1] is None
    with clock.at(later + timedelta(seconds=1)):
        assert [row.is_amended_since for row in my_bids(world.bidder)] == [True]
        submit_bid(
            actor=world.bidder,
            tender_id=world.tender.pk,
            offer=offer_for(world, price=Decimal(130000)),
        )
        assert [row.is_amended_since for row in my_bids(world.bidder)] == [False]


def test_after_the_deadline_nobody_is_told_to_submit_again():
    world = published()
    submitted(world)
    with clock.at(SOON + timedelta(hours=1)):
        amend_tender(
            actor=world.officer,
            tender_id=world.tender.pk,
            expected_version=world.refresh().version,
            reason="More time for everybody.",
            deadline_at=world.tender.deadline_at + timedelta(days=7),
        )
    closes = world.refresh().deadline_at
    for moment, is_told in ((closes - timedelta(seconds=1), True), (closes, False)):
        with clock.at(moment):
            assert [row.is_amended_since for row in my_bids(world.bidder)] == [is_told]


def test_the_list_says_how_far_an_offer_is():
    world = published()
    client = client_of(world.bidder)
    assert [row.progress for row in my_bids(world.bidder)] == ["0 of 3 measures, 0 of 2 answers"]
    client.post(url(world, "offer"), typed(world))
    assert [row.progress for row in my_bids(world.bidder)] == ["2 of 3 measures, 2 of 2 answers"]
    assert "2 of 3 measures, 2 of 2 answers" in text(client.get(reverse("procurement:bids:list")))
    assert [row.progress for row in my_bids(world.bidders[1])] == [
        "0 of 3 measures, 0 of 2 answers"
    ]
    with clock.at(world.tender.deadline_at):
        assert [row.progress for row in my_bids(world.bidder)] == [""]


def test_a_lot_says_of_what_it_is_one():
    world = published()
    with clock.at(NOW):
        whole = procurement_of(world.officer, title="Parks and verges")
    for number, tendered_as in ((1, None), (2, world.procurement)):
        ProcurementLot.objects.create(
            procurement=whole,
            number=number,
            title=f"Part {number}",
            estimate=Decimal(1000),
            tendered_as=tendered_as,
        )
    [row] = my_bids(world.bidder)
    assert (row.lot, row.whole) == ("Lot 2 of 2", "Parks and verges")
    assert [one.tender_id for one in my_bids(world.bidder, search="verges")] == [world.tender.pk]
    client = client_of(world.bidder)
    assert "Lot 2 of 2: Parks and verges." in words(client.get(reverse("procurement:bids:list")))
    assert "Each lot is offered, scored and awarded by itself." in words(
        client.get(url(world, "offer"))
    )


def queries_of(world):
    client = client_of(world.bidder)
    client.get(url(world, "offer"))
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url(world, "offer")).status_code == 200
    return len(seen)


def test_the_page_takes_as_many_queries_for_six_measures_as_for_two():
    few = published(codes=["GSE1", "GSE2"], questions=QUESTIONS)
    many = published(codes=["GSE1", "GSE2", "PLB1", "HSC1", "ENV5", "INN1"], questions=QUESTIONS)
    assert queries_of(few) == queries_of(many)
