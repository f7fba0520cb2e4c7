"""The law and the policies, and an officer of Coventry who uploads notices."""

from __future__ import annotations

import pytest

from socialvalue.accounts import queries as accounts
from socialvalue.accounts.vocabulary import Role
from tests.factories.accounts import actor_for_role
from tests.factories.policies import load_law_and_policies

pytest.register_assert_rewrite("tests.procurement.procurements.test_notices.steps")


@pytest.fixture
def law(db):
    load_law_and_policies()


@pytest.fixture
def officer(law):
    return actor_for_role(Role.PROCUREMENT_OFFICER, accounts.organisation("coventry"))
