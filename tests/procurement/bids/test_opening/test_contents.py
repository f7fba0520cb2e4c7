"""What is opened is what was submitted, held against its receipt."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from procurement.bids import services
from procurement.bids.models import Bid, OfferLine
from procurement.bids.queries import OpenedPart, my_offer, opened_bids, opening_of
from procurement.bids.rules import PartInput
from procurement.bids.rules.envelopes import place_mark, seal, unseal
from procurement.tenders.queries import seal_key
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from socialvalue.core.errors import RuleBroken
from tests.factories.bids import SOON, line_of, offer_for, opened, submitted, world_with_bid
from tests.factories.tenders import DEADLINE, asked, load_everything, published
from tests.procurement.bids.test_opening.steps import approver_of, confirm, everything, save

pytestmark = pytest.mark.django_db


# --- what ---------------------------------------------------------------------------------------


def test_what_was_submitted_is_what_is_opened():
    world, sent = world_with_bid()
    opened(world)
    found = opened_bids(world.tender.pk)[0]
    assert found.supplier_name == world.suppliers[0].name
    assert (found.receipt, found.submitted_at) == (sent.receipt, SOON)
    lines = {row.measure.code: row for row in found.lines}
    assert (lines["GSE1"].quantity, lines["PLB1"].quantity) == (Decimal("3.5"), Decimal(20000))
    assert lines["PLB1"].working.value_pence == 2_000_000
    value = lines["GSE1"].unit_value
    assert value.place == "birmingham"
    assert found.social_value_pence == sum(row.working.value_pence for row in found.lines)
    assert sorted(found.answers.values()) == [
        "Our answer to question 1.",
        "Our answer to question 2.",
    ]


def test_a_share_with_its_reason_and_the_parts_of_others_are_opened():
    world = published()
    spend = replace(
        line_of(world, "PLB1", "20000", attribution_percent=Decimal(50)),
        attribution_reason="Half is paid by the county.",
        parts=(
            PartInput("subcontractor", "Meadow Paths", Decimal("1500.5")),
            PartInput("partner", "Beck and Daughters", Decimal(2000)),
        ),
    )
    submitted(world, lines=(line_of(world, "GSE1", "2"), spend))
    opened(world)
    line = opened_bids(world.tender.pk)[0].lines[1]
    assert (line.attribution_percent, line.attribution_reason) == (
        Decimal(50),
        "Half is paid by the county.",
    )
    assert sorted(line.parts, key=lambda part: part.name) == [
        OpenedPart("partner", "Beck and Daughters", Decimal(2000)),
        OpenedPart("subcontractor", "Meadow Paths", Decimal("1500.5")),
    ]
    assert line.working.value_pence == 1_000_000


@pytest.mark.parametrize(
    ("quantity", "promised", "scored"),
    [
        ("9999.99", 999_999, 999_999),
        ("10000", 1_000_000, 1_000_000),
        ("10000.01", 1_000_001, 1_000_000),
        ("25000", 2_500_000, 1_000_000),
    ],
)
def test_what_lies_above_the_maximum_is_promised_and_not_scored(quantity, promised, scored):
    load_everything()
    most = Decimal(10_000)
    world = published(codes=[asked("PLB1", maximum_quantity=most)])
    submitted(world, lines=(line_of(world, "PLB1", quantity),))
    opened(world)
    (line,) = opened_bids(world.tender.pk)[0].lines
    assert (line.quantity, line.maximum_quantity) == (Decimal(quantity), most)
    assert (line.working.value_pence, line.scored_pence) == (promised, scored)


def test_thirty_bids_are_read_with_as_many_queries_as_one():
    def queries_for(bidders: int) -> int:
        world = published(suppliers=bidders)
        for bidder in world.bidders:
            submitted(world, bidder)
        opened(world)
        with CaptureQueriesContext(connection) as asked_for:
            assert len(opened_bids(world.tender.pk)) == bidders
        return len(asked_for)

    assert queries_for(1) == queries_for(4) < 15


def test_opening_twice_changes_nothing():
    world, _ = world_with_bid()
    opened(world)
    before, told = everything(), AuditRecord.objects.count()
    for person in (world.officer, approver_of(world)):
        confirm(world, DEADLINE + timedelta(days=1), actor=person)
    assert (everything(), AuditRecord.objects.count()) == (before, told)


def test_what_was_never_submitted_stays_sealed_and_is_not_counted():
    world = published()
    save(world, offer_for(world), actor=world.bidders[1])
    lines = (line_of(world, "GSE1", "2"), line_of(world, "PLB1", "0"))
    submitted(world, lines=lines)
    assert len(opened(world)) == 1
    assert [line.measure.code for line in opened_bids(world.tender.pk)[0].lines] == ["GSE1"]
    other = Bid.objects.exclude(supplier=world.suppliers[0]).get()
    assert (other.status, other.supplier_id, other.receipt) == ("sealed", None, "")
    assert len(opening_of(world.tender.pk).lines) == 1
    assert not AuditRecord.objects.filter(organisation_id=world.suppliers[1].pk).exists()
    # Its own supplier still reads what it wrote.
    assert my_offer(world.bidders[1], world.tender.pk).offer.price == Decimal(150000)


def test_nobody_has_bid():
    world = published()
    assert opened(world) == []
    info = opening_of(world.tender.pk)
    assert (info.lines, info.record_hash) == ((), hashlib.sha256(b"[]").hexdigest())


def test_a_negotiated_value_is_the_bidders():
    world = published(codes=["GSE1", "INN1"])
    lines = (
        line_of(world, "GSE1", "2"),
        line_of(world, "INN1", "100", negotiated_proxy=Decimal("1.25")),
    )
    submitted(world, lines=lines)
    opened(world)
    negotiated = opened_bids(world.tender.pk)[0].lines[1]
    assert (negotiated.unit_value.amount, negotiated.working.value_pence) == (
        Decimal("1.25"),
        12500,
    )


def test_bids_are_opened_in_the_order_they_were_submitted():
    world = published(suppliers=4)
    turns = [2, 0, 3, 1]
    for hours, which in enumerate(turns):
        with clock.at(SOON + timedelta(hours=hours)):
            services.submit_bid(
                actor=world.bidders[which], tender_id=world.tender.pk, offer=offer_for(world)
            )
    opened(world)
    in_order = [world.suppliers[which].pk for which in turns]
    assert [bid.supplier_id for bid in opened_bids(world.tender.pk)] == in_order
    names = [world.suppliers[which].name for which in turns]
    assert [line.bidder for line in opening_of(world.tender.pk).lines] == names


# --- held against the receipt -------------------------------------------------------------------


@pytest.mark.parametrize("how", ["hash", "swapped", "other_supplier", "other_tender", "garbage"])
def test_content_that_does_not_match_its_receipt_stops_the_opening(how):
    world = published()
    one = submitted(world)
    other = submitted(world, world.bidders[1], price=Decimal(99))
    key = seal_key(world.tender.pk)
    held = {row.pk: row.envelope for row in Bid.objects.all()}
    envelope = unseal(held[one.pk], key)
    if how == "hash":
        token = seal(replace(envelope, content_hash="0" * 64), key, room=1)
    elif how == "swapped":
        token = held[other.pk]
    elif how == "other_supplier":  # the offer of another, put into this supplier's own envelope
        theirs = unseal(held[other.pk], key)
        token = seal(
            replace(envelope, sealed=theirs.sealed, content_hash=theirs.content_hash), key, room=1
        )
    elif how == "other_tender":
        token = seal(replace(envelope, tender_id=world.tender.pk + 1), key, room=1)
    else:
        token = "garbage"
    Bid.objects.filter(pk=one.pk).update(envelope=token)
    with pytest.raises(RuleBroken, match="does not match its receipt, so no bid was opened"):
        opened(world)
    assert set(Bid.objects.values_list("status", flat=True)) == {"sealed"}
    assert (OfferLine.objects.count(), opening_of(world.tender.pk).is_done) == (0, False)


def test_two_places_exchanged_in_the_database_are_found():
    world = published()
    one, other = submitted(world), submitted(world, world.bidders[1], price=Decimal(99))
    key = seal_key(world.tender.pk)
    marks = [place_mark(key, bid.supplier_id) for bid in (one, other)]
    Bid.objects.filter(pk=one.pk).update(place_mark="x")
    Bid.objects.filter(pk=other.pk).update(place_mark=marks[0])
    Bid.objects.filter(pk=one.pk).update(place_mark=marks[1])
    with pytest.raises(RuleBroken, match="does not match its receipt"):
        opened(world)
