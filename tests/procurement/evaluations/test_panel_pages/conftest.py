"""The measures and the law, on the day after the opening."""

from __future__ import annotations

import pytest

from socialvalue.core import clock
from tests.factories.evaluations import AFTER, reference_data


@pytest.fixture(autouse=True)
def _reference(db):
    reference_data()
    with clock.at(AFTER):
        yield
