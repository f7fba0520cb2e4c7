"""An officer who asks and an approver who answers, and a procurement for which measures are advised."""

from __future__ import annotations

from decimal import Decimal

import pytest

from socialvalue.accounts import queries as accounts
from socialvalue.accounts.vocabulary import Role
from tests.factories.accounts import actor_for_role
from tests.factories.policies import load_law_and_policies
from tests.factories.procurements import procurement_of


@pytest.fixture(autouse=True)
def law():
    load_law_and_policies()


@pytest.fixture
def home():
    return accounts.organisation("warwickshire")


@pytest.fixture
def officer(home):
    return actor_for_role(Role.PROCUREMENT_OFFICER, home)


@pytest.fixture
def approver(home):
    return actor_for_role(Role.APPROVER, home)


@pytest.fixture
def procurement(officer):
    """£100,000 of services: measures are advised."""
    return procurement_of(officer, estimate=Decimal(100000))
