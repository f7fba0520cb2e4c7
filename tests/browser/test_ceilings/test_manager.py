"""What a task of the contract manager may cost at most."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest

from procurement.deliveries import queries as deliveries
from procurement.verifications.queries import queue_rows
from procurement.verifications.services import set_sampling_rule
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.demo.people import Cast
from tests.browser.test_ceilings.steps import COUNCIL, submit, within

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("demo")]


def need_not_be_opened(cast: Cast) -> list[int]:
    """The oldest ten claims of the queue that the council's sample leaves out: it looks into one of ten."""
    manager = cast.at(COUNCIL, Role.CONTRACT_MANAGER)
    rows = queue_rows(manager, deliveries.claims_awaiting(manager))
    return [row.claim.id for row in rows if row.may_tick][:10]


def test_from_a_total_to_the_evidence_under_it(at_desk):
    manager = at_desk("contracts")
    manager.press("Verified", within=manager.main.locator(".sv-tiles").last)
    manager.press("Claim ", within=manager.main.locator("tbody"))
    assert manager.download(re.compile(r"\.(pdf|csv|jpg|png|xlsx)$")) != b""
    within(manager, 3, 0)


def test_verify_a_batch_of_ten(at_desk):
    cast = Cast()
    for number in range(2):
        submit(cast, "PLB1", "100", number=number)
    made = need_not_be_opened(cast)
    assert len(made) == 10
    manager = at_desk("contracts").menu("Verify")
    for claim in made:
        manager.press(f"Verify claim {claim}:")
    within(manager, 12, 0)
    waiting = set(deliveries.claims_awaiting(cast.at(COUNCIL, Role.CONTRACT_MANAGER)))
    assert not {row.pk for row in waiting} & set(made)


def test_verify_ten_that_were_not_drawn_as_one_batch(at_desk):
    """Where a rule of the authority draws which claims are opened, the others are ticked and verified together."""
    cast = Cast()
    day = clock.today() - timedelta(days=2)
    manages = cast.at(COUNCIL, Role.CONTRACT_MANAGER)
    with clock.at(clock.now() - timedelta(days=3)):
        set_sampling_rule(
            actor=manages,
            from_date=day,
            always_above_pence=1_000_000_00,
            share_percent=Decimal(0),
            reason="Small claims are many.",
        )
    for number in range(10, 20):
        submit(cast, "PLB1", "100", number=number)
    made = need_not_be_opened(cast)
    assert len(made) == 10
    manager = at_desk("contracts").menu("Verify")
    for claim in made:
        manager.tick(f"verify with the others ticked, claim {claim}")
    manager.press("Verify the ticked claims").reads("10 claims are verified")
    within(manager, 12, 0)
    waiting = set(deliveries.claims_awaiting(manages))
    assert not {row.pk for row in waiting} & set(made)
