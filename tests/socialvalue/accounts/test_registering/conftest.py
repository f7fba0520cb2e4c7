"""The day, and a letter that was sent."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from socialvalue.core import clock
from socialvalue.core.jobs import run_inline
from tests.factories.tenders import NOW


@pytest.fixture(autouse=True)
def _time():
    cache.clear()
    with clock.at(NOW), run_inline():
        yield
    cache.clear()
