"""The day on which these tests stand."""

from __future__ import annotations

import pytest

from socialvalue.core import clock
from socialvalue.core.jobs import run_inline
from tests.factories.tenders import NOW


@pytest.fixture(autouse=True)
def _time():
    with clock.at(NOW), run_inline():
        yield
