"""Two named people open the bids, after the deadline and not before."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from procurement.bids import services
from procurement.bids.models import Bid, BidOpening
from procurement.bids.queries import opened_bids, opening_record
from procurement.procurements.services import withdraw_procurement
from socialvalue.accounts.queries import organisation
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import actor_for_role
from tests.factories.bids import world_with_bid
from tests.factories.tenders import DEADLINE, prepared
from tests.procurement.bids.test_opening.steps import approver_of, confirm, everything, start

pytestmark = pytest.mark.django_db


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
