"""The editions of the region, an owner of a policy, and an edition in use."""

from __future__ import annotations

import pytest

from socialvalue.core import clock
from tests.factories.adoption import load_sets, policy_owner
from tests.factories.policies import load_law_and_policies
from tests.toms.frameworks.test_adoption_services.steps import NOW


@pytest.fixture(autouse=True)
def world():
    load_law_and_policies()
    with clock.at(NOW):
        load_sets()
        yield


@pytest.fixture
def owner():
    return policy_owner()
