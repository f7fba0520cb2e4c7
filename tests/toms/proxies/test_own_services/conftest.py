"""A county and the owner of its policy."""

from __future__ import annotations

import pytest

from socialvalue.accounts.vocabulary import Role
from socialvalue.core.actor import SYSTEM
from tests.factories.accounts import AuthorityFactory, actor_for_role
from toms.imports.services import load_measure_set


@pytest.fixture
def county():
    load_measure_set(actor=SYSTEM)
    return AuthorityFactory(slug="warwickshire", name="Warwickshire County Council")


@pytest.fixture
def owner(county):
    return actor_for_role(Role.POLICY_OWNER, county)
