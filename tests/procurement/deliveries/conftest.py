"""The day it is in these tests, and who is there."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from procurement.action_plans.models import ActionPlan, Milestone
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from tests.factories.accounts import actor_of, user_with_role
from tests.factories.deliveries import world


@pytest.fixture(autouse=True)
def _in_august():
    with clock.at(datetime(2025, 8, 15, 9, tzinfo=UTC)):
        yield


@pytest.fixture
def w():
    """A contract with a plan over three quarters."""
    found = world()
    plan = ActionPlan.objects.create(contract=found.contract)
    for commitment, quantity in ((found.hours, 25), (found.share, 60), (found.yes, 1)):
        for quarter, due in (
            (date(2025, 4, 1), date(2025, 6, 30)),
            (date(2025, 7, 1), date(2025, 9, 30)),
            (date(2025, 10, 1), date(2025, 12, 31)),
        ):
            Milestone.objects.create(
                plan=plan, commitment=commitment, quarter=quarter, due_on=due, quantity=quantity
            )
    return found


@pytest.fixture
def supplier(client, w):
    """A browser of somebody at the supplier."""
    user = user_with_role(Role.SUPPLIER_CONTRIBUTOR, w.supplier)
    client.force_login(user)
    client.actor = actor_of(user)
    return client
