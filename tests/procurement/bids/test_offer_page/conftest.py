"""The day on which these tests stand."""

from __future__ import annotations

import pytest

from socialvalue.core import clock
from tests.factories.bids import SOON


@pytest.fixture(autouse=True)
def _time():
    with clock.at(SOON):
        yield
