"""A day on which the contract is behind, and who is there."""

from __future__ import annotations

import pytest

from socialvalue.core import clock
from tests.factories.remedies import NOW, short


@pytest.fixture(autouse=True)
def _in_november():
    with clock.at(NOW):
        yield


@pytest.fixture
def w():
    return short()
