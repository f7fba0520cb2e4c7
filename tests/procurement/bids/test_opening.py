"""Two named people open the bids after the deadline, and what they found is on record."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from procurement.bids import services
from procurement.bids.models import Bid, BidOpening, OfferAnswer, OfferLine, OfferLinePart
from procurement.bids.queries import (
    OpenedPart,
    my_bids,
    my_offer,
    opened_bids,
    opening_of,
    opening_record,
    receipt,
)
from procurement.bids.queries.places import places_of
from procurement.bids.rules import PartInput
from procurement.bids.rules.envelopes import place_mark, seal, unseal
from procurement.procurements.services import withdraw_procurement
from procurement.tenders.queries import seal_key
from procurement.tenders.services import mark_opened
from socialvalue.accounts.queries import organisation
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import actor_for_role
from tests.factories.bids import SOON, line_of, offer_for, opened, submitted, world_with_bid
from tests.factories.tenders import DEADLINE, asked, load_everything, prepared, published

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _time():
    with clock.at(SOON):
        yield


def save(world, offer, version=0, **more):
    return services.save_offer(
        actor=more.pop("actor", world.bidder),
        tender_id=world.tender.pk,
        offer=offer,
        expected_version=version,
        **more,
    )


def approver_of(world):
    return actor_for_role(Role.APPROVER, world.authority)


def start(world, moment=DEADLINE, actor=None):
    with clock.at(moment):
        return services.start_opening(actor=actor or world.officer, tender_id=world.tender.pk)


def confirm(world, moment=DEADLINE, actor=None):
    with clock.at(moment):
        return services.open_bids(actor=actor or approver_of(world), tender_id=world.tender.pk)


def everything():
    """All rows that an opening writes."""
    return [
        list(model.objects.order_by("pk").values())
        for model in (Bid, BidOpening, OfferLine, OfferLinePart, OfferAnswer)
    ]


# --- when ---------------------------------------------------------------------------------------


def test_bids_open_at_the_deadline_not_a_second_before():
    world, bid = world_with_bid()
    before = everything()
    for attempt in (start, confirm):
        with pytest.raises(
            RuleBroken, match="Bids are sealed until 12:00 on 1 April 2026, UK time"
        ):
            attempt(world, DEADLINE - timedelta(seconds=1))
    assert everything() == before
    start(world)
    assert [row.pk for row in confirm(world)] == [bid.pk]
    row = Bid.objects.get(pk=bid.pk)
    assert (row.status, row.price, row.opened_at) == ("opened", Decimal("150000.00"), DEADLINE)


def test_a_tender_that_is_not_published_is_not_opened():
    world = prepared()
    for attempt in (start, confirm):
        with pytest.raises(RuleBroken, match="not published"):
            attempt(world)


# --- by whom ------------------------------------------------------------------------------------


def test_the_bids_of_a_withdrawn_procurement_stay_sealed():
    world, _ = world_with_bid()
    withdraw_procurement(
        actor=world.officer,
        procurement_id=world.procurement.pk,
        reason="The need went away.",
    )
    with clock.at(DEADLINE):
        approver = approver_of(world)
        record = opening_record(world.officer, world.procurement.pk)
        assert record.seal.is_withdrawn
        assert (record.can_start, record.can_confirm, record.seal.can_open) == (False, False, False)
        with pytest.raises(RuleBroken, match="stay sealed for good"):
            services.start_opening(actor=world.officer, tender_id=world.tender.pk)
        with pytest.raises(RuleBroken, match="stay sealed for good"):
            services.open_bids(actor=approver, tender_id=world.tender.pk)
    assert not Bid.objects.filter(tender=world.tender, status="opened").exists()


def test_one_person_alone_opens_nothing():
    world, _ = world_with_bid()
    with pytest.raises(RuleBroken, match="Start the opening first"):
        confirm(world, actor=world.officer)
    start(world)
    before = everything()
    with pytest.raises(NotAllowed, match="You started the opening, so another person confirms it"):
        confirm(world, actor=world.officer)
    assert everything() == before
    assert opened_bids(world.tender.pk) == []


def test_the_same_person_in_two_roles_is_one_person():
    world, _ = world_with_bid()
    start(world)
    both = replace(world.officer, roles=frozenset({Role.PROCUREMENT_OFFICER, Role.APPROVER}))
    with pytest.raises(NotAllowed):
        confirm(world, actor=both)


def test_the_database_too_wants_two_people():
    world, _ = world_with_bid()
    started = start(world)
    with pytest.raises(IntegrityError), transaction.atomic():
        BidOpening.objects.filter(pk=started.pk).update(
            second_by=world.officer.user_id, second_at=DEADLINE, record_hash="0" * 64
        )


def test_starting_twice_is_once_and_only_one_person_is_the_first():
    world, _ = world_with_bid()
    first = start(world)
    assert start(world, DEADLINE + timedelta(hours=1)).pk == first.pk
    with pytest.raises(Conflict, match="has started the opening already"):
        start(world, actor=approver_of(world))
    assert list(BidOpening.objects.values_list("first_by", "first_at")) == [
        (world.officer.user_id, DEADLINE)
    ]
    assert AuditRecord.objects.filter(deed="opening_started").count() == 1


def test_who_may_open():
    world, _ = world_with_bid()
    for attempt in (start, confirm):
        for actor in (
            world.bidder,
            actor_for_role(Role.PROCUREMENT_OFFICER, organisation("coventry")),
        ):
            with pytest.raises(NotVisible):
                attempt(world, actor=actor)
        for role in (Role.REPORT_AUTHOR, Role.EVALUATOR, Role.AUDITOR, Role.CONTRACT_MANAGER):
            with pytest.raises(NotAllowed, match="officers and approvers"):
                attempt(world, actor=actor_for_role(role, world.authority))
    start(world, actor=approver_of(world))
    assert len(confirm(world, actor=world.officer)) == 1


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


# --- the record ---------------------------------------------------------------------------------


def test_the_record_names_bidders_receipts_hashes_and_times_and_has_a_hash_itself():
    world = published()
    one = submitted(world)
    with clock.at(SOON + timedelta(minutes=1)):
        two = services.submit_bid(
            actor=world.bidders[1], tender_id=world.tender.pk, offer=offer_for(world)
        )
    second = approver_of(world)
    start(world, DEADLINE + timedelta(minutes=5))
    confirm(world, DEADLINE + timedelta(minutes=7), actor=second)
    info = opening_of(world.tender.pk)
    assert (info.first_by_id, info.first_name, info.first_at) == (
        world.officer.user_id,
        world.officer.name,
        DEADLINE + timedelta(minutes=5),
    )
    assert (info.second_name, info.second_at) == (second.name, DEADLINE + timedelta(minutes=7))
    assert [
        (row.bidder, row.receipt, row.content_hash, row.submitted_at, row.submitted_by)
        for row in info.lines
    ] == [
        (world.suppliers[0].name, one.receipt, one.content_hash, SOON, world.bidder.name),
        (
            world.suppliers[1].name,
            two.receipt,
            two.content_hash,
            SOON + timedelta(minutes=1),
            world.bidders[1].name,
        ),
    ]
    kept = BidOpening.objects.get().record
    text = json.dumps(kept, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert info.record_hash == hashlib.sha256(text.encode()).hexdigest()
    assert info.is_whole


def test_the_record_never_changes():
    world, _ = world_with_bid()
    opened(world)
    for change in (
        lambda: BidOpening.objects.update(record=[]),
        lambda: BidOpening.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_who_reads_the_record():
    world, _ = world_with_bid()
    opened(world)
    pk = world.procurement.pk
    for role in (Role.PROCUREMENT_OFFICER, Role.EVALUATOR, Role.APPROVER, Role.AUDITOR):
        found = opening_record(actor_for_role(role, world.authority), pk)
        assert [line.bidder for line in found.opening.lines] == [world.suppliers[0].name]
        assert (found.can_start, found.can_confirm) == (False, False)
    with pytest.raises(NotAllowed):
        opening_record(actor_for_role(Role.REPORT_AUTHOR, world.authority), pk)
    for actor in (world.bidder, actor_for_role(Role.AUDITOR, organisation("coventry"))):
        with pytest.raises(NotVisible):
            opening_record(actor, pk)


def test_what_the_page_offers_to_whom_and_when():
    world, _ = world_with_bid()
    pk, second = world.procurement.pk, approver_of(world)
    auditor = actor_for_role(Role.AUDITOR, world.authority)

    def offered(moment):
        with clock.at(moment):
            found = [opening_record(who, pk) for who in (world.officer, second, auditor)]
        return [(row.can_start, row.can_confirm) for row in found]

    assert offered(DEADLINE - timedelta(seconds=1)) == [(False, False)] * 3
    assert offered(DEADLINE) == [(True, False), (True, False), (False, False)]
    start(world)
    assert offered(DEADLINE) == [(False, False), (False, True), (False, False)]
    confirm(world, actor=second)
    assert offered(DEADLINE) == [(False, False)] * 3


# --- afterwards ---------------------------------------------------------------------------------


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
