"""After the opening nothing changes any more, and the bidder keeps its copy."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from procurement.bids import services
from procurement.bids.models import Bid, OfferAnswer, OfferLine, OfferLinePart
from procurement.bids.queries import my_bids, my_offer, receipt
from procurement.bids.queries.places import places_of
from procurement.bids.rules import PartInput
from procurement.tenders.services import mark_opened
from socialvalue.core import clock
from socialvalue.core.errors import NotVisible, RuleBroken
from tests.factories.bids import line_of, offer_for, opened, submitted, world_with_bid
from tests.factories.tenders import DEADLINE, published
from tests.procurement.bids.test_opening.steps import everything, save

pytestmark = pytest.mark.django_db


@pytest.mark.owner
def test_an_opened_bid_never_changes():
    world = published()
    part = PartInput("partner", "Meadow Paths", Decimal(1))
    bid = submitted(world, lines=(line_of(world, "GSE1", "2", parts=(part,)),))
    opened(world)
    for change in (
        lambda: Bid.objects.filter(pk=bid.pk).update(price=1),
        lambda: Bid.objects.filter(pk=bid.pk).update(envelope="x"),
        lambda: OfferLine.objects.update(quantity=1),
        lambda: OfferLinePart.objects.update(quantity=2),
        lambda: OfferLinePart.objects.all().delete(),
        lambda: OfferAnswer.objects.all().delete(),
        lambda: Bid.objects.filter(pk=bid.pk).delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    sent = my_offer(world.bidder, world.tender.pk, submitted=True)
    assert sent.offer.price == Decimal(150000)


@pytest.mark.owner
def test_a_place_that_was_never_used_is_shut_for_ever_once_the_tender_is_opened():
    world, _ = world_with_bid()
    opened(world)
    with clock.at(DEADLINE):
        mark_opened(actor=world.officer, tender_id=world.tender.pk)
    for change in (
        lambda: Bid.objects.filter(status="sealed").update(envelope="x"),
        lambda: Bid.objects.filter(status="sealed").delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_the_bidder_reads_its_submitted_copy_and_receipt_for_ever():
    world = published()
    sent = submitted(world)
    save(world, offer_for(world, price=Decimal(1)), version=sent.version)
    opened(world)
    with clock.at(DEADLINE):
        mark_opened(actor=world.officer, tender_id=world.tender.pk)
    with clock.at(DEADLINE + timedelta(days=2000)):
        assert my_offer(world.bidder, world.tender.pk).offer.price == Decimal(150000)
        kept = my_offer(world.bidder, world.tender.pk, submitted=True)
        assert (kept.offer.price, kept.receipt.receipt) == (Decimal(150000), sent.receipt)
        assert receipt(world.bidder, world.tender.pk).content_hash == sent.content_hash
        assert [row.status for row in my_bids(world.bidder)] == ["opened"]
        assert [row.status for row in my_bids(world.bidders[1])] == ["closed"]
        with pytest.raises(NotVisible):
            my_offer(world.bidders[1], world.tender.pk, submitted=True)


def test_after_the_opening_nothing_is_written_any_more():
    world, bid = world_with_bid()
    opened(world)
    before = everything()
    for attempt in (
        lambda: save(world, offer_for(world, price=Decimal(1)), version=bid.version),
        lambda: services.submit_bid(
            actor=world.bidder, tender_id=world.tender.pk, offer=offer_for(world, price=Decimal(1))
        ),
    ):
        with clock.at(DEADLINE), pytest.raises(RuleBroken, match="The deadline was"):
            attempt()
    assert everything() == before
    assert places_of(world.tender.pk)[world.suppliers[0].pk].is_opened
