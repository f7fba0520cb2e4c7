from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from procurement.bids import services
from procurement.bids.models import Bid, OfferAnswer, OfferLine
from procurement.bids.queries import my_offer, opened_bids
from socialvalue.accounts.queries import organisation
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from socialvalue.core.errors import NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import actor_for_role
from tests.factories.bids import SOON, line_of, offer_for, submitted, world_with_bid
from tests.factories.tenders import DEADLINE, published

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


def open_at(world, moment=DEADLINE, actor=None):
    with clock.at(moment):
        return services.open_bids(actor=actor or world.officer, tender_id=world.tender.pk)


# --- opening ------------------------------------------------------------------------------------


def test_bids_open_at_the_deadline_not_a_second_before():
    world, bid = world_with_bid()
    with pytest.raises(RuleBroken, match="Bids are sealed until 12:00 on 1 April 2026, UK time"):
        open_at(world, DEADLINE - timedelta(seconds=1))
    assert (OfferLine.objects.count(), Bid.objects.get().price) == (0, None)
    assert [row.pk for row in open_at(world)] == [bid.pk]
    bid.refresh_from_db()
    assert (bid.status, bid.price, bid.opened_at) == ("opened", Decimal("150000.00"), DEADLINE)


def test_what_was_submitted_is_what_is_opened():
    world, _ = world_with_bid()
    open_at(world)
    found = opened_bids(world.tender.pk)[0]
    assert found.supplier_name == world.suppliers[0].name
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


def test_opening_twice_changes_nothing():
    world, _ = world_with_bid()
    open_at(world)
    before = (list(Bid.objects.values()), OfferLine.objects.count(), OfferAnswer.objects.count())
    open_at(world, DEADLINE + timedelta(days=1))
    assert (
        list(Bid.objects.values()),
        OfferLine.objects.count(),
        OfferAnswer.objects.count(),
    ) == before
    assert AuditRecord.objects.filter(deed="bid_opened").count() == 1


def test_drafts_are_not_opened_and_a_zero_promises_nothing():
    world = published()
    save(world, offer_for(world), actor=world.bidders[1])
    lines = (line_of(world, "GSE1", "2"), line_of(world, "PLB1", "0"))
    submitted(world, lines=lines)
    assert len(open_at(world)) == 1
    assert [line.measure.code for line in opened_bids(world.tender.pk)[0].lines] == ["GSE1"]
    assert Bid.objects.get(supplier=world.suppliers[1]).status == "draft"


def test_a_negotiated_value_is_the_bidders():
    world = published(codes=["GSE1", "INN1"])
    lines = (
        line_of(world, "GSE1", "2"),
        line_of(world, "INN1", "100", negotiated_proxy=Decimal("1.25")),
    )
    submitted(world, lines=lines)
    open_at(world)
    negotiated = opened_bids(world.tender.pk)[0].lines[1]
    assert (negotiated.unit_value.amount, negotiated.working.value_pence) == (
        Decimal("1.25"),
        12500,
    )


@pytest.mark.parametrize("how", ["hash", "swapped", "garbage"])
def test_content_that_does_not_match_its_receipt_stops_the_opening(how):
    world = published()
    one = submitted(world)
    other = submitted(world, world.bidders[1], price=Decimal(99))
    if how == "hash":
        Bid.objects.filter(pk=one.pk).update(content_hash="0" * 64)
    elif how == "swapped":
        Bid.objects.filter(pk=one.pk).update(
            sealed_content=other.sealed_content, content_hash=other.content_hash
        )
    else:
        Bid.objects.filter(pk=one.pk).update(sealed_content="garbage")
    with pytest.raises(RuleBroken, match="does not match its receipt"):
        open_at(world)
    assert set(Bid.objects.values_list("status", flat=True)) == {"submitted"}
    assert OfferLine.objects.count() == 0


def test_who_may_open():
    world, _ = world_with_bid()
    for actor in (
        world.bidder,
        actor_for_role(Role.PROCUREMENT_OFFICER, organisation("coventry")),
    ):
        with pytest.raises(NotVisible):
            open_at(world, actor=actor)
    for role in (Role.REPORT_AUTHOR, Role.EVALUATOR, Role.APPROVER):
        with pytest.raises(NotAllowed):
            open_at(world, actor=actor_for_role(role, world.authority))
    officer = actor_for_role(Role.PROCUREMENT_OFFICER, world.authority)
    assert len(open_at(world, actor=officer)) == 1


def test_an_opened_bid_never_changes():
    world, bid = world_with_bid()
    open_at(world)
    for change in (
        lambda: Bid.objects.filter(pk=bid.pk).update(price=1),
        lambda: OfferLine.objects.update(quantity=1),
        lambda: OfferAnswer.objects.all().delete(),
        lambda: Bid.objects.filter(pk=bid.pk).delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    sent = my_offer(world.bidder, world.tender.pk, submitted=True)
    assert sent.offer.price == Decimal(150000)
