"""One delivery counted by two claims at once, one claim by four people: never more than the whole, never twice."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial

import pytest
from django.db import IntegrityError, transaction

from procurement.deliveries import services as deliveries
from procurement.deliveries.models import Allocation, SharedDelivery
from procurement.deliveries.vocabulary import ClaimStatus
from procurement.ledger.queries import sums
from procurement.ledger.vocabulary import Basis
from procurement.verifications import services as verifications
from procurement.verifications.models import SampleSeed, Verification
from procurement.verifications.rules import SeenClaim
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from socialvalue.core.errors import Conflict, RuleBroken
from tests.factories.accounts import actor_for_role
from tests.factories.deliveries import claim, world

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
ROUNDS = 6


def apprentice(w, number: int) -> SharedDelivery:
    return deliveries.record_shared_delivery(
        actor=w.claimant,
        what="Apprentice",
        number=number,
        unit="hours",
        quantity=Decimal(1),
        delivered_on=date(2025, 4, 1),
    )


def part_of(w, sent, delivery, quantity: str = "0.6"):
    return partial(
        deliveries.allocate,
        actor=w.claimant,
        claim_id=sent.pk,
        delivery_id=delivery.pk,
        quantity=Decimal(quantity),
    )


def verified_quantity() -> Decimal:
    return sum((row.quantity for row in sums(basis=Basis.VERIFIED)), Decimal(0))


def test_control_both_who_look_first_think_that_enough_is_left(together) -> None:
    """Read what is left, then write: both find room. Only the database's check keeps the second out."""
    w = world()
    delivery = apprentice(w, 1)
    claims = [claim(w.claimant, w.hours) for _ in range(2)]
    both_have_read = threading.Barrier(2, timeout=10)

    def unguarded(claim_id: int) -> tuple[bool, bool]:
        row = SharedDelivery.objects.get(pk=delivery.pk)
        finds_room = row.quantity - row.allocated >= Decimal("0.6")
        both_have_read.wait()
        try:
            with transaction.atomic():
                Allocation.objects.create(
                    delivery=row,
                    claim_id=claim_id,
                    quantity=Decimal("0.6"),
                    made_at=clock.now(),
                    made_by_id=w.claimant.user_id,
                )
        except IntegrityError as error:
            return finds_room, "at_most_whole" not in str(error)
        return finds_room, True

    answers = together(*(partial(unguarded, row.pk) for row in claims))
    assert [found for found, _ in answers] == [True, True]
    assert sorted(written for _, written in answers) == [False, True]
    delivery.refresh_from_db()
    assert delivery.allocated == Decimal("0.6")


def test_two_claims_never_count_more_than_the_whole(together) -> None:
    w = world()
    for number in range(1, ROUNDS + 1):
        delivery = apprentice(w, number)
        claims = [claim(w.claimant, w.hours) for _ in range(2)]
        answers = together(*(part_of(w, row, delivery) for row in claims))
        assert sorted(type(answer) is RuleBroken for answer in answers) == [False, True]
        delivery.refresh_from_db()
        assert delivery.allocated == Decimal("0.6")


def test_allocating_twice_at_once_is_one_part(together) -> None:
    w = world()
    for number in range(1, ROUNDS + 1):
        delivery, sent = apprentice(w, number), claim(w.claimant, w.hours)
        together(*[part_of(w, sent, delivery)] * 2)
        delivery.refresh_from_db()
        assert delivery.allocated == Decimal("0.6")
        assert Allocation.objects.filter(delivery=delivery).count() == 1


def test_a_part_is_freed_or_counted_but_the_sum_is_always_that_of_the_parts(together) -> None:
    """One claim is returned while another takes what it frees."""
    w = world()
    for number in range(1, ROUNDS + 1):
        delivery = apprentice(w, number)
        first, second = (claim(w.claimant, w.hours) for _ in range(2))
        part_of(w, first, delivery)()
        returned = partial(
            verifications.return_claim,
            actor=w.manager,
            claim_id=first.pk,
            expected_version=2,
            reason="Which?",
        )
        _, taken = together(returned, part_of(w, second, delivery))
        delivery.refresh_from_db()
        assert delivery.allocated == (0 if isinstance(taken, RuleBroken) else Decimal("0.6"))


def test_four_people_verify_one_claim_and_it_is_verified_once(together) -> None:
    w = world()
    people = [w.manager, *(actor_for_role(Role.CONTRACT_MANAGER, w.authority) for _ in range(3))]
    for number in range(1, ROUNDS + 1):
        sent = claim(w.claimant, w.hours)
        answers = together(
            *(
                partial(verifications.verify_claim, actor=one, claim_id=sent.pk, expected_version=1)
                for one in people
            )
        )
        assert sum(isinstance(answer, Verification) for answer in answers) == 1
        assert sum(type(answer) is Conflict for answer in answers) == 3
        assert verified_quantity() == Decimal(10 * number)


def test_a_part_changes_before_the_claim_is_verified_or_not_at_all(together) -> None:
    w = world()
    for number in range(1, ROUNDS + 1):
        delivery, sent = apprentice(w, number), claim(w.claimant, w.hours)
        decided, counted = together(
            partial(
                verifications.verify_claim, actor=w.manager, claim_id=sent.pk, expected_version=1
            ),
            part_of(w, sent, delivery),
        )
        assert {type(decided) is Conflict, type(counted) is Conflict} == {False, True}
        sent.refresh_from_db()
        delivery.refresh_from_db()
        assert (sent.status == ClaimStatus.VERIFIED) == (delivery.allocated == 0)


def test_two_batches_with_the_same_claims_verify_each_once(together) -> None:
    w = world()
    with clock.at(datetime(2025, 7, 1, 9, tzinfo=UTC)):
        verifications.set_sampling_rule(
            actor=w.manager,
            from_date=date(2025, 7, 2),
            always_above_pence=10**9,
            share_percent=Decimal(0),
            reason="Small.",
        )
    claims = [claim(w.claimant, w.hours) for _ in range(6)]
    other = actor_for_role(Role.CONTRACT_MANAGER, w.authority)
    seen = [SeenClaim(row.pk, 1) for row in claims]
    first, second = together(
        partial(verifications.verify_batch, actor=w.manager, seen=seen),
        partial(verifications.verify_batch, actor=other, seen=[*reversed(seen)]),
    )
    assert sorted([*first.verified, *second.verified]) == [row.pk for row in claims]
    assert len(first.left) + len(second.left) == 6
    assert verified_quantity() == Decimal(60)


def test_control_two_who_find_no_seed_would_each_draw_one(together) -> None:
    both_have_looked = threading.Barrier(2, timeout=10)

    def look() -> bool:
        found = SampleSeed.objects.exists()
        both_have_looked.wait()
        return found

    assert together(look, look) == [False, False]


def test_a_quarter_has_one_seed_however_many_draw_it(together) -> None:
    w = world()
    with clock.at(datetime(2025, 7, 1, 9, tzinfo=UTC)):
        verifications.set_sampling_rule(
            actor=w.manager,
            from_date=date(2025, 7, 2),
            always_above_pence=10**9,
            share_percent=Decimal(0),
            reason="Small.",
        )
    known = SampleSeed.objects.count()

    def draw() -> int:
        with clock.at(datetime(2030, 1, 2, 9, tzinfo=UTC)):
            return verifications.draw_samples(actor=SYSTEM)

    assert sorted(together(draw, draw)) == [0, 1]
    assert SampleSeed.objects.count() == known + 1
