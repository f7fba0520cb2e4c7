"""The scheduler runs twice at once: every warning of a deadline is sent once."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.db import transaction

from procurement.bids import services
from procurement.bids.models import BidWarning
from procurement.bids.vocabulary import BidDeed, WarningKind
from socialvalue.accounts.models import User
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from socialvalue.core.letters import post_unqueued
from tests.factories.tenders import DEADLINE, World, published

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
ROUNDS = 3
DAY_BEFORE = DEADLINE - timedelta(hours=24)


def addresses(world: World) -> list[str]:
    people = User.objects.filter(pk__in=[bidder.user_id for bidder in world.bidders])
    return sorted(person.email for person in people)


def written_to() -> list[str]:
    return sorted(letter.to[0] for letter in mail.outbox)


def run() -> list[WarningKind]:
    with clock.at(DAY_BEFORE):
        return services.warn_before_deadlines(actor=SYSTEM)


def test_control_looking_first_and_noting_it_afterwards_sends_every_letter_twice(together) -> None:
    world = published()
    both_have_looked = threading.Barrier(2, timeout=10)
    context = {"title": "T", "reference": "R", "authority": "A", "deadline": "D", "words": "W"}

    def warn_unclaimed() -> bool:
        with transaction.atomic():
            was_sent = BidWarning.objects.filter(tender_id=world.tender.pk).exists()
            both_have_looked.wait()
            for address in addresses(world):
                post_unqueued(address, "deadline_near", context | {"tender_id": world.tender.pk})
        return was_sent

    assert together(warn_unclaimed, warn_unclaimed) == [False, False]
    assert written_to() == sorted(addresses(world) * 2)


def test_two_runs_at_once_send_every_letter_once(together) -> None:
    for _ in range(ROUNDS):
        mail.outbox.clear()
        world = published()
        assert sorted(together(run, run)) == [[], [WarningKind.ONE_DAY]]
        assert written_to() == addresses(world)
        rows = BidWarning.objects.filter(tender_id=world.tender.pk)
        assert [row.kind for row in rows] == [WarningKind.ONE_DAY]
        told = AuditRecord.objects.filter(procurement_id=world.procurement.pk, deed=BidDeed.WARNED)
        assert told.count() == 1


def test_a_run_that_breaks_off_leaves_the_warning_to_the_one_beside_it(together) -> None:
    """What was claimed and not committed is claimed by whoever waited for it."""
    world = published()
    has_claimed = threading.Event()

    def break_off() -> str:
        try:
            with transaction.atomic(), clock.at(DAY_BEFORE):
                services.warn_before_deadlines(actor=SYSTEM)
                has_claimed.set()
                raise ConnectionError
        except ConnectionError:
            return "broke off"

    def go_on() -> list[WarningKind]:
        assert has_claimed.wait(timeout=10)
        return run()

    assert together(break_off, go_on) == ["broke off", [WarningKind.ONE_DAY]]
    assert written_to() == addresses(world)
