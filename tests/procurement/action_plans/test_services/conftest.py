"""A contract of three quarters, and its plan."""

from __future__ import annotations

import pytest

from tests.factories.action_plans import planned
from tests.factories.awards import awarded, evaluated
from tests.factories.evaluations import reference_data
from tests.procurement.action_plans.test_services.steps import ENDS, STARTS


@pytest.fixture(autouse=True)
def _reference(db):
    reference_data()


@pytest.fixture
def bench():
    return evaluated(offer={"PLB1": "10000", "HSC1": "100"})


@pytest.fixture
def contract(bench):
    """Three quarters."""
    return awarded(bench, starts_on=STARTS, ends_on=ENDS)


@pytest.fixture
def plan(contract):
    return planned(contract)
