"""The day, and two authorities of a region."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from tests.factories.accounts import actor_for_role
from tests.factories.cabinet import NOW, reported
from tests.factories.reporting import region_with


@pytest.fixture(autouse=True)
def _clock():
    cache.clear()
    with clock.at(NOW):
        yield


@pytest.fixture
def two():
    """Two members; of quarter 1 each supplier said two of three things, of quarter 2 (over on 30 September) nothing."""
    worlds = [reported(verified="60"), reported(verified="44")]
    region = region_with(*((world.authority, "2020-01-01", None) for world in worlds))
    return region, worlds, actor_for_role(Role.REGIONAL_ANALYST, region.lead)
