"""An officer of Warwickshire at a browser, under the law and the policies."""

from __future__ import annotations

import pytest

from socialvalue.core.actor import SYSTEM
from tests.factories.accounts import actor_of
from tests.factories.policies import load_law_and_policies
from tests.procurement.procurements.test_views.steps import person
from toms.imports.services import load_priorities


@pytest.fixture(autouse=True)
def law():
    load_law_and_policies()
    load_priorities(actor=SYSTEM)


@pytest.fixture
def user():
    return person()


@pytest.fixture
def officer(user):
    return actor_of(user)


@pytest.fixture
def browser(client, user):
    client.force_login(user)
    return client
