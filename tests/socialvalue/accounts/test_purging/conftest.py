"""A supplier that delivers."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from socialvalue.core import clock
from tests.factories.deliveries import world


@pytest.fixture
def w():
    with clock.at(datetime(2025, 8, 15, 9, tzinfo=UTC)):
        return world()
