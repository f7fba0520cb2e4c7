"""The law and the policies, an officer, and a stranger of another authority."""

from __future__ import annotations

import pytest

from socialvalue.accounts import queries as accounts
from socialvalue.accounts.vocabulary import Role
from tests.factories.accounts import actor_for_role
from tests.factories.policies import load_law_and_policies


@pytest.fixture(autouse=True)
def law():
    load_law_and_policies()


@pytest.fixture
def officer():
    return actor_for_role(Role.PROCUREMENT_OFFICER, accounts.organisation("warwickshire"))


@pytest.fixture
def stranger():
    return actor_for_role(Role.PROCUREMENT_OFFICER, accounts.organisation("coventry"))
