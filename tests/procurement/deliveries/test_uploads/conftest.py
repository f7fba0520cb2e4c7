"""A contract whose supplier has a file of claims."""

from __future__ import annotations

import pytest

from socialvalue.core import clock
from tests.factories.deliveries import world
from tests.procurement.deliveries.test_uploads.steps import NOW


@pytest.fixture
def w():
    with clock.at(NOW):
        yield world()
