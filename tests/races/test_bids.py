"""Submitting twice, submitting while the bids are opened, replacing while they are read: nothing is lost in between."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.db import IntegrityError, connection, transaction

from procurement.bids import services
from procurement.bids.models import Bid, BidOpening
from procurement.bids.queries import opened_bids, opening_of, receipt
from procurement.bids.queries.places import own_place, places_of
from procurement.bids.rules import content_hash, sealed_text
from procurement.bids.rules.envelopes import Envelope, place_mark, seal, unseal
from procurement.bids.services import SavedOffer
from procurement.bids.services.places import noted
from procurement.bids.vocabulary import BidDeed, OfferState
from procurement.tenders.queries import seal_key, tender_for_bidder
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from socialvalue.core.errors import Conflict, RuleBroken
from tests.factories.accounts import actor_for_role
from tests.factories.bids import SOON, offer_for
from tests.factories.tenders import DEADLINE, World, published

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
ROUNDS = 3
LAST_SECOND = DEADLINE - timedelta(seconds=1)


def submit(world: World, price: int, *, actor=None, at=SOON, version=None) -> SavedOffer:
    with clock.at(at):
        return services.submit_bid(
            actor=actor or world.bidder,
            tender_id=world.tender.pk,
            offer=offer_for(world, price=Decimal(price)),
            expected_version=version,
        )


def unheld(world: World, price: int, number: str) -> tuple[int, Envelope]:
    """What a submission would write, from what is read without any lock."""
    place = own_place(tender_for_bidder(world.bidder, world.tender.pk))
    text = sealed_text(
        offer_for(world, price=Decimal(price)),
        tender_id=world.tender.pk,
        supplier_id=world.suppliers[0].pk,
        salt=number,
    )
    envelope = replace(
        place.envelope,
        state=OfferState.SUBMITTED.value,
        sealed=text,
        content_hash=content_hash(text),
        receipt=number,
        submitted_at=SOON,
        submitted_by=world.bidder.user_id,
        version=place.envelope.version + 1,
    )
    with clock.at(SOON):
        return place.bid_id, noted(envelope, world.bidder, BidDeed.SUBMITTED, "Submitted.")


def write(world: World, pk: int, envelope: Envelope) -> None:
    token = seal(envelope, seal_key(world.tender.pk), room=1)
    Bid.objects.filter(pk=pk).update(envelope=token)


def start(world: World) -> None:
    with clock.at(DEADLINE):
        services.start_opening(actor=world.officer, tender_id=world.tender.pk)


def confirm(world: World) -> list[Bid]:
    with clock.at(DEADLINE):
        return services.open_bids(actor=world.second, tender_id=world.tender.pk)


@pytest.fixture
def world() -> World:
    return with_places()


def with_places(suppliers: int = 2) -> World:
    made = published(suppliers=suppliers)
    made.second = actor_for_role(Role.APPROVER, made.authority)
    services.make_places(actor=SYSTEM, tender_id=made.tender.pk)
    return made


def journal_of(world: World) -> list[str]:
    """The receipts the supplier was given, as its own place remembers them."""
    envelope = places_of(world.tender.pk)[world.suppliers[0].pk].envelope
    return [line.receipt for line in envelope.journal if line.receipt]


# --- two submits in the same second -------------------------------------------------------------


def test_control_without_the_lock_one_of_two_submissions_is_lost(world, together) -> None:
    """Read, then write what follows from what was read: one receipt was given for nothing."""
    both_have_read = threading.Barrier(2, timeout=10)

    def submit_unheld(number: str):
        def deed() -> str:
            with transaction.atomic():
                pk, envelope = unheld(world, 100, number)
                both_have_read.wait()
                write(world, pk, envelope)
            return number

        return deed

    given = together(submit_unheld("one"), submit_unheld("two"))
    assert given == ["one", "two"]
    assert len(journal_of(world)) == 1


def test_two_submissions_in_the_same_second_are_both_kept_in_order(together) -> None:
    for _ in range(ROUNDS):
        world = with_places()
        colleague = actor_for_role(Role.SUPPLIER_ADMIN, world.suppliers[0])
        sent = together(
            lambda world=world: submit(world, 100),
            lambda world=world, who=colleague: submit(world, 200, actor=who),
        )
        assert sorted(journal_of(world)) == sorted(one.receipt for one in sent)
        assert sorted(one.version for one in sent) == [1, 2]
        last = max(sent, key=lambda one: one.version)
        assert journal_of(world)[-1] == last.receipt
        assert receipt(world.bidder, world.tender.pk).receipt == last.receipt


def test_of_two_submissions_of_the_page_that_was_seen_one_conflicts(together) -> None:
    for _ in range(ROUNDS):
        world = with_places()
        answers = together(
            lambda world=world: submit(world, 100, version=0),
            lambda world=world: submit(world, 200, version=0),
        )
        assert sorted(type(answer) is Conflict for answer in answers) == [False, True]
        kept = next(answer for answer in answers if isinstance(answer, SavedOffer))
        assert journal_of(world) == [kept.receipt]


def test_two_suppliers_at_once_do_not_write_over_each_other(together) -> None:
    """Every place is written anew by each of them."""
    for _ in range(ROUNDS):
        world = with_places()
        sent = together(
            lambda world=world: submit(world, 100),
            lambda world=world: submit(world, 200, actor=world.bidders[1]),
        )
        places = places_of(world.tender.pk)
        for one, supplier in zip(sent, world.suppliers, strict=True):
            assert places[supplier.pk].envelope.receipt == one.receipt


def test_control_without_the_lock_writing_all_places_anew_takes_anothers_bid_away(
    world, together
) -> None:
    has_read, has_sent = (threading.Barrier(2, timeout=10) for _ in range(2))

    def write_all_unheld() -> None:
        with transaction.atomic():
            rows = list(Bid.objects.filter(tender_id=world.tender.pk))
            has_read.wait()
            has_sent.wait()
            Bid.objects.bulk_update(rows, ["envelope"])

    def send() -> SavedOffer:
        has_read.wait()
        sent = submit(world, 200, actor=world.bidders[1])
        has_sent.wait()
        return sent

    _, sent = together(write_all_unheld, send)
    assert sent.receipt
    assert places_of(world.tender.pk)[world.suppliers[1].pk].envelope.receipt == ""


# --- submitting at the deadline, while the bids are opened --------------------------------------


def test_control_without_the_lock_a_receipt_is_given_for_a_bid_that_stays_shut(
    world, together
) -> None:
    """Found to be in time, written after the others were opened."""
    start(world)
    has_read, has_opened = (threading.Barrier(2, timeout=10) for _ in range(2))

    def submit_unheld() -> str:
        with transaction.atomic():
            pk, envelope = unheld(world, 100, "late")
            has_read.wait()
            has_opened.wait()
            write(world, pk, envelope)
        return envelope.receipt

    def open_them() -> list[Bid]:
        has_read.wait()
        bids = confirm(world)
        has_opened.wait()
        return bids

    assert together(submit_unheld, open_them) == ["late", []]
    assert opening_of(world.tender.pk).lines == ()
    assert own_place(tender_for_bidder(world.bidder, world.tender.pk)).envelope.receipt == "late"


def test_submitted_in_the_last_second_and_opened_or_refused_and_not_there(together) -> None:
    for _ in range(ROUNDS):
        world = with_places()
        submit(world, 100, actor=world.bidders[1])
        start(world)
        sent, _ = together(
            lambda world=world: submit(world, 100, at=LAST_SECOND),
            lambda world=world: confirm(world),
        )
        names = [line.bidder for line in opening_of(world.tender.pk).lines]
        if isinstance(sent, SavedOffer):
            assert sorted(names) == sorted(supplier.name for supplier in world.suppliers)
            assert sent.receipt in [line.receipt for line in opening_of(world.tender.pk).lines]
        else:
            assert isinstance(sent, RuleBroken)
            assert names == [world.suppliers[1].name]
            assert own_place(tender_for_bidder(world.bidder, world.tender.pk)).state == ""


def test_at_the_deadline_itself_opening_always_wins(together) -> None:
    for _ in range(ROUNDS):
        world = with_places()
        start(world)
        sent, bids = together(
            lambda world=world: submit(world, 100, at=DEADLINE),
            lambda world=world: confirm(world),
        )
        assert (type(sent), bids) == (RuleBroken, [])


# --- replacing while the bids are opened --------------------------------------------------------


def test_control_without_the_lock_what_is_opened_is_not_what_the_receipt_is_for(
    world, together
) -> None:
    """Read to be opened, replaced, then written out as it was read."""
    submit(world, 100)
    has_read, has_replaced = (threading.Barrier(2, timeout=10) for _ in range(2))

    def open_unheld() -> str:
        with transaction.atomic():
            row = Bid.objects.get(
                tender_id=world.tender.pk,
                place_mark=place_mark(seal_key(world.tender.pk), world.suppliers[0].pk),
            )
            held = unseal(row.envelope, seal_key(world.tender.pk))
            has_read.wait()
            has_replaced.wait()
            Bid.objects.filter(pk=row.pk).update(
                status="opened",
                supplier_id=held.supplier_id,
                receipt=held.receipt,
                content_hash=held.content_hash,
                submitted_at=held.submitted_at,
                price=Decimal(100),
                opened_at=DEADLINE,
            )
        return held.receipt

    def replace_it() -> SavedOffer:
        has_read.wait()
        sent = submit(world, 200, at=LAST_SECOND)
        has_replaced.wait()
        return sent

    opened_as, sent = together(open_unheld, replace_it)
    assert sent.receipt != opened_as
    assert Bid.objects.get(status="opened").receipt == opened_as
    assert receipt(world.bidder, world.tender.pk).receipt == sent.receipt


def test_what_is_opened_is_what_the_last_receipt_was_given_for(together) -> None:
    for _ in range(ROUNDS):
        world = with_places()
        first = submit(world, 100)
        start(world)
        sent, _ = together(
            lambda world=world: submit(world, 200, at=LAST_SECOND),
            lambda world=world: confirm(world),
        )
        stands = sent if isinstance(sent, SavedOffer) else first
        (bid,) = opened_bids(world.tender.pk)
        assert (bid.receipt, bid.price) == (stands.receipt, 200 if stands is sent else 100)
        assert receipt(world.bidder, world.tender.pk).receipt == stands.receipt
        assert [line.receipt for line in opening_of(world.tender.pk).lines] == [stands.receipt]


# --- places and openings ------------------------------------------------------------------------


def test_control_without_the_lock_a_place_is_made_twice_if_the_table_lets_it(together) -> None:
    world = published()
    both_have_read = threading.Barrier(2, timeout=10)

    def make_unheld() -> str:
        with transaction.atomic():
            missing = not Bid.objects.filter(tender_id=world.tender.pk).exists()
            both_have_read.wait()
            try:
                with transaction.atomic():
                    Bid.objects.create(tender_id=world.tender.pk, place_mark="m", envelope="e")
            except IntegrityError:
                return "refused"
        return "made" if missing else "there"

    assert sorted(together(make_unheld, make_unheld)) == ["made", "refused"]


def test_places_made_twice_at_once_are_one_each(together) -> None:
    for _ in range(ROUNDS):
        world = published(suppliers=3)

        def make(pk: int = world.tender.pk) -> None:
            services.make_places(actor=SYSTEM, tender_id=pk)

        assert together(make, make) == [None, None]
        assert Bid.objects.filter(tender_id=world.tender.pk).count() == 3


def test_two_people_start_at_once_and_one_is_the_first(together) -> None:
    for _ in range(ROUNDS):
        world = with_places()

        def begin(actor, pk: int = world.tender.pk) -> BidOpening:
            with clock.at(DEADLINE):
                return services.start_opening(actor=actor, tender_id=pk)

        answers = together(partial(begin, world.officer), partial(begin, world.second))
        assert sorted(type(answer) is Conflict for answer in answers) == [False, True]
        assert BidOpening.objects.filter(tender_id=world.tender.pk).count() == 1


def test_two_confirm_at_once_and_the_bids_are_opened_once(together) -> None:
    for _ in range(ROUNDS):
        world = with_places()
        submit(world, 100)
        start(world)
        third = actor_for_role(Role.PROCUREMENT_OFFICER, world.authority)

        def open_as(actor, pk: int = world.tender.pk) -> list[Bid]:
            with clock.at(DEADLINE):
                return services.open_bids(actor=actor, tender_id=pk)

        one, other = together(partial(open_as, world.second), partial(open_as, third))
        assert [row.pk for row in one] == [row.pk for row in other]
        assert opening_of(world.tender.pk).second_name in (world.second.name, third.name)


# --- what the database itself tells -------------------------------------------------------------


def test_after_a_save_every_place_was_written_by_the_same_transaction(world) -> None:
    """PostgreSQL keeps in clear which transaction wrote a row."""
    submit(world, 100)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(DISTINCT xmin::text) FROM procurement_bid WHERE tender_id = %s",
            [world.tender.pk],
        )
        assert cursor.fetchone() == (2, 1)
