"""A published tender, while offers are taken."""

from __future__ import annotations

import pytest

from socialvalue.core import clock
from tests.factories.bids import SOON
from tests.factories.tenders import published


@pytest.fixture(autouse=True)
def _time():
    with clock.at(SOON):
        yield


@pytest.fixture
def world():
    return published()
