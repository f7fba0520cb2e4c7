"""The day it is in these tests, and who is there."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from socialvalue.core import clock
from tests.factories.deliveries import world


@pytest.fixture(autouse=True)
def _in_august():
    with clock.at(datetime(2025, 8, 15, 9, tzinfo=UTC)):
        yield


@pytest.fixture
def w():
    return world()
