from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from procurement.bids import services
from procurement.bids.models import Bid
from procurement.bids.queries import my_offer, opened_bids, receipt
from procurement.bids.queries.places import places_of
from procurement.bids.rules import AnswerInput, LineInput, OfferInput, PartInput
from procurement.procurements.services import withdraw_procurement
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, NotVisible, RuleBroken
from tests.factories.accounts import actor_for_role
from tests.factories.bids import SOON, line_of, offer_for, opened
from tests.factories.tenders import DEADLINE, prepared, published

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


def submit(world, **more):
    return services.submit_bid(
        actor=more.pop("actor", world.bidder), tender_id=world.tender.pk, **more
    )


def state_of(world, actor=None):
    """Where the offer stands, as its own supplier reads it."""
    return my_offer(actor or world.bidder, world.tender.pk).status


def untouched(world):
    """Nobody has written anything: every place is empty."""
    return all(place.envelope.version == 0 for place in places_of(world.tender.pk).values())


# --- drafts -------------------------------------------------------------------------------------


def test_a_draft_keeps_everything_typed_with_gaps_and_unreadable_boxes():
    world = published()
    line = line_of(world, "GSE1", "1")
    offer = OfferInput(
        lines=(replace(line, quantity=None, method_statement="Half a thought"),),
        unread={f"quantity_{line.requirement_id}": "about ten"},
    )
    bid = save(world, offer)
    assert (bid.status, bid.version) == ("draft", 1)
    view = my_offer(world.bidder, world.tender.pk)
    assert view.offer.unread == {f"quantity_{line.requirement_id}": "about ten"}
    assert view.lines[0].method_statement == "Half a thought"
    assert view.version == 1


def test_a_stale_page_conflicts_and_changes_nothing():
    world = published()
    save(world, offer_for(world))
    with pytest.raises(Conflict):
        save(world, offer_for(world, price=Decimal(1)), version=0)
    save(world, offer_for(world, price=Decimal(2)), version=1)
    with pytest.raises(Conflict):
        save(world, offer_for(world, price=Decimal(3)), version=1)
    assert my_offer(world.bidder, world.tender.pk).offer.price == Decimal(2)


def test_a_conflict_lists_what_differs_box_by_box():
    world = published()
    local, spend = line_of(world, "GSE1", "3"), line_of(world, "PLB1", "5000")
    save(world, offer_for(world, price=Decimal(2), lines=(local, spend)))
    mine = (replace(local, quantity=Decimal("3.000")), replace(spend, quantity=Decimal(6000)))
    with pytest.raises(Conflict) as caught:
        save(world, offer_for(world, price=None, lines=mine))
    assert caught.value.changed == {
        "Whole-life price, excluding VAT": ("£2", "Nothing"),
        "Quantity of PLB1": ("£5,000", "£6,000"),
    }


def test_a_conflict_shows_what_could_not_be_read_as_it_was_typed():
    world = published()
    line = line_of(world, "GSE1", "3")
    save(world, offer_for(world, lines=(line,)))
    name = f"quantity_{line.requirement_id}"
    sent = (replace(line, quantity=None),)
    with pytest.raises(Conflict) as caught:
        save(world, replace(offer_for(world, lines=sent), unread={name: "about ten"}))
    assert caught.value.changed == {"Quantity of GSE1": ("3", "about ten")}


def test_the_same_content_saved_from_a_stale_page_is_one_save():
    world = published()
    first = save(world, offer_for(world))
    again = save(world, offer_for(world))
    assert (again.pk, again.version) == (first.pk, first.version)


def test_a_page_goes_on_from_its_own_saves_until_another_page_saves():
    world = published()
    save(world, offer_for(world, price=Decimal(1)), page_key="mine")
    save(world, offer_for(world, price=Decimal(2)), version=0, page_key="mine")
    bid = save(world, offer_for(world, price=Decimal(3)), version=0, page_key="mine")
    save(world, offer_for(world, price=Decimal(4)), version=bid.version, page_key="other")
    with pytest.raises(Conflict):
        save(world, offer_for(world, price=Decimal(5)), version=0, page_key="mine")
    assert my_offer(world.bidder, world.tender.pk).offer.price == Decimal(4)


@pytest.mark.parametrize("quantity", ["-1", "100000000000"])
def test_bad_quantities_are_refused_beside_their_box(quantity):
    world = published()
    line = line_of(world, "GSE1", quantity)
    with pytest.raises(RuleBroken) as caught:
        save(world, offer_for(world, lines=(line,)))
    assert caught.value.errors[0][0] == f"quantity_{line.requirement_id}"
    assert untouched(world)


def test_ids_of_another_tender_are_refused():
    world = published()
    for offer in (
        offer_for(world, lines=(LineInput(999_999, Decimal(1)),)),
        offer_for(world, answers=(AnswerInput(999_999, "x"),)),
        offer_for(world, lines=(line_of(world, "GSE1", "1"), line_of(world, "GSE1", "2"))),
    ):
        with pytest.raises(RuleBroken):
            save(world, offer)
        with pytest.raises(RuleBroken):
            submit(world, offer=offer)
    assert untouched(world)


# --- submitting ---------------------------------------------------------------------------------


def test_submitting_gives_a_receipt():
    world = published()
    bid = submit(world, offer=offer_for(world))
    assert bid.status == "submitted"
    assert re.fullmatch(r"SV-[A-Z2-7]{5}-[A-Z2-7]{5}", bid.receipt)
    assert re.fullmatch(r"[0-9a-f]{64}", bid.content_hash)
    found = receipt(world.bidder, world.tender.pk)
    assert (found.receipt, found.content_hash, found.submitted_at) == (
        bid.receipt,
        bid.content_hash,
        SOON,
    )
    assert found.submitted_by == world.bidder.name


def test_the_saved_draft_is_what_is_submitted():
    world = published()
    bid = save(world, offer_for(world))
    submit(world, expected_version=bid.version)
    assert my_offer(world.bidder, world.tender.pk, submitted=True).offer.price == Decimal(150000)


def test_the_same_content_twice_is_one_submission():
    world = published()
    bid = save(world, offer_for(world))
    first = submit(world, expected_version=bid.version)
    with clock.at(SOON + timedelta(minutes=1)):
        second = submit(world, expected_version=bid.version)
        third = submit(world, offer=offer_for(world))
    assert {(b.pk, b.receipt, b.submitted_at, b.version) for b in (first, second, third)} == {
        (first.pk, first.receipt, SOON, first.version)
    }
    journal = places_of(world.tender.pk)[world.suppliers[0].pk].envelope.journal
    assert [line.deed for line in journal] == ["bid_started", "bid_submitted"]


def test_a_later_submission_replaces_the_earlier_one():
    world = published()
    first = submit(world, offer=offer_for(world))
    second = submit(world, offer=offer_for(world, price=Decimal("140000")))
    assert (second.pk, Bid.objects.count()) == (first.pk, len(world.suppliers))
    assert second.receipt != first.receipt
    assert second.content_hash != first.content_hash
    opened(world)
    assert opened_bids(world.tender.pk)[0].price == Decimal("140000.00")


def test_changes_after_submitting_are_no_part_of_the_bid():
    world = published()
    bid = submit(world, offer=offer_for(world))
    save(world, offer_for(world, price=Decimal(1)), version=bid.version)
    view = my_offer(world.bidder, world.tender.pk)
    assert (view.has_changes, view.offer.price) == (True, Decimal(1))
    sent = my_offer(world.bidder, world.tender.pk, submitted=True)
    assert sent.offer.price == Decimal(150000)
    opened(world)
    assert opened_bids(world.tender.pk)[0].price == Decimal(150000)


def test_an_incomplete_offer_lists_everything_and_is_not_submitted():
    world = published()
    save(world, OfferInput())
    with pytest.raises(RuleBroken) as caught:
        submit(world)
    fields = [name.rsplit("_")[0] for name, _ in caught.value.errors]
    assert fields == ["quantity", "answer", "answer", "price"]
    assert state_of(world) == "draft"


def test_below_the_minimum_is_said():
    world = published()
    with pytest.raises(RuleBroken, match=r"1\.999 FTE-years is below the minimum of 2 FTE-years"):
        submit(world, offer=offer_for(world, lines=(line_of(world, "GSE1", "1.999"),)))
    assert submit(world, offer=offer_for(world, lines=(line_of(world, "GSE1", "2"),))).receipt


@pytest.mark.parametrize(
    ("box", "more"),
    [
        ("quantity", {"quantity": Decimal("2.0001")}),
        ("attribution", {"attribution_percent": Decimal("50.001")}),
        ("attribution", {"attribution_percent": Decimal("0.001")}),
        ("method", {"method_statement": "A\0B"}),
        ("reason", {"attribution_reason": "A\0B"}),
        ("part", {"parts": (PartInput("partner", "Meadow", Decimal("0.0004")),)}),
    ],
)
def test_what_could_not_be_written_out_is_not_sealed(box, more):
    """Else one offer would keep all of them from being opened."""
    world = published()
    shared = {"attribution_percent": Decimal(50), "attribution_reason": "The county pays half."}
    line = replace(line_of(world, "GSE1", "2"), **shared | more)
    with pytest.raises(RuleBroken) as caught:
        submit(world, offer=offer_for(world, lines=(line,)))
    assert [name.split("_")[0] for name, _ in caught.value.errors] == [box]
    with pytest.raises(RuleBroken, match="at most 2 decimals"):
        submit(world, offer=offer_for(world, price=Decimal("1.005")))
    fits = replace(line_of(world, "GSE1", "2.001"), **shared)
    assert submit(world, offer=offer_for(world, lines=(fits,), price=Decimal("1.01"))).receipt


def test_submitting_a_draft_that_somebody_changed_is_a_conflict():
    world = published()
    bid = save(world, offer_for(world))
    save(world, offer_for(world, price=Decimal(9)), version=bid.version)
    with pytest.raises(Conflict):
        submit(world, expected_version=bid.version)
    assert state_of(world) == "draft"


def test_there_must_be_something_to_submit():
    with pytest.raises(RuleBroken, match="Write your offer first"):
        submit(published())


# --- the deadline -------------------------------------------------------------------------------


def test_one_second_before_the_deadline_is_in_time():
    world = published()
    with clock.at(DEADLINE - timedelta(seconds=1)):
        assert submit(world, offer=offer_for(world)).status == "submitted"


@pytest.mark.parametrize("seconds", [0, 1])
def test_at_the_deadline_nothing_is_taken_and_the_draft_stays(seconds):
    world = published()
    bid = save(world, offer_for(world))
    with clock.at(DEADLINE + timedelta(seconds=seconds)):
        for attempt in (
            lambda: submit(world, expected_version=bid.version),
            lambda: submit(world, offer=offer_for(world)),
            lambda: save(world, offer_for(world, price=Decimal(1)), version=bid.version),
        ):
            with pytest.raises(RuleBroken, match="The deadline was 12:00 on 1 April 2026, UK time"):
                attempt()
        view = my_offer(world.bidder, world.tender.pk)
    assert (view.is_open, view.offer.price, view.receipt) == (False, Decimal(150000), None)
    assert state_of(world) == "draft"


def test_a_withdrawn_procurement_takes_no_offers():
    world = published()
    save(world, offer_for(world))
    withdraw_procurement(
        actor=world.officer, procurement_id=world.procurement.pk, reason="Not needed."
    )
    with pytest.raises(RuleBroken, match="withdrawn"):
        submit(world)


# --- who ----------------------------------------------------------------------------------------


def test_the_uninvited_and_buyers_see_no_tender():
    world = published(invite=1)
    uninvited = world.bidders[1]
    for actor in (uninvited, world.officer):
        for attempt in (
            lambda actor=actor: save(world, OfferInput(), actor=actor),
            lambda actor=actor: submit(world, actor=actor, offer=offer_for(world)),
            lambda actor=actor: my_offer(actor, world.tender.pk),
            lambda actor=actor: receipt(actor, world.tender.pk),
        ):
            with pytest.raises(NotVisible):
                attempt()


def test_a_tender_that_is_not_published_is_not_there():
    world = prepared()
    with pytest.raises(NotVisible):
        save(world, OfferInput())


def test_a_bidder_reads_its_own_offer_only():
    world = published()
    submit(world, offer=offer_for(world))
    other = world.bidders[1]
    assert my_offer(other, world.tender.pk).offer == OfferInput()
    with pytest.raises(NotVisible):
        my_offer(other, world.tender.pk, submitted=True)
    colleague = actor_for_role(Role.SUPPLIER_CONTRIBUTOR, world.suppliers[0])
    assert my_offer(colleague, world.tender.pk, submitted=True).offer.price == Decimal(150000)


# --- the record ---------------------------------------------------------------------------------


def test_the_audit_learns_of_bidding_at_the_opening_with_the_times_it_had():
    world = published()
    said = AuditRecord.objects.count()
    bid = save(world, offer_for(world))
    with clock.at(SOON + timedelta(hours=1)):
        first = submit(world, expected_version=bid.version)
    colleague = actor_for_role(Role.SUPPLIER_ADMIN, world.suppliers[0])
    with clock.at(SOON + timedelta(hours=2)):
        second = submit(world, offer=offer_for(world, price=Decimal(1)), actor=colleague)
    save(world, offer_for(world), actor=world.bidders[1])  # never submitted, so never told
    assert AuditRecord.objects.count() == said
    opened(world)
    rows = AuditRecord.objects.filter(target_type="bid").order_by("id")
    assert [(row.deed, row.at, row.user_id, row.organisation_id) for row in rows[:3]] == [
        ("bid_started", SOON, world.bidder.user_id, world.suppliers[0].pk),
        ("bid_submitted", SOON + timedelta(hours=1), world.bidder.user_id, world.suppliers[0].pk),
        ("bid_replaced", SOON + timedelta(hours=2), colleague.user_id, world.suppliers[0].pk),
    ]
    assert [row.after for row in rows[:3]] == [
        {},
        {"receipt": first.receipt, "content_hash": first.content_hash},
        {"receipt": second.receipt, "content_hash": second.content_hash},
    ]
    assert [(row.deed, row.at, row.organisation_id) for row in rows[3:]] == [
        ("bid_opened", DEADLINE, world.authority.pk)
    ]
    # Everybody at the authority reads the procurement's history; who bid is for those who may read bids.
    assert [row.procurement_id for row in rows] == [None, None, None, world.procurement.pk]
