"""The record of the opening: what it names, who reads it, and that it never changes."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from procurement.bids import services
from procurement.bids.models import BidOpening
from procurement.bids.queries import opening_of, opening_record
from socialvalue.accounts.queries import organisation
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.errors import NotAllowed, NotVisible
from tests.factories.accounts import actor_for_role
from tests.factories.bids import SOON, offer_for, opened, submitted, world_with_bid
from tests.factories.tenders import DEADLINE, published
from tests.procurement.bids.test_opening.steps import approver_of, confirm, start

pytestmark = pytest.mark.django_db


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


@pytest.mark.owner
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
