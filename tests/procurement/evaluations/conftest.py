"""The tenders most tests of a panel begin with."""

from __future__ import annotations

import pytest

from tests.factories.evaluations import offered, opened, published
from tests.procurement.evaluations.panel_steps import lock, mark_all


@pytest.fixture
def bench():
    """Two open bids, two questions, two evaluators and a moderator."""
    found = published()
    offered(found, 0, {"PLB1": "10000"})
    offered(found, 1, {"PLB1": "5000"})
    opened(found)
    return found


@pytest.fixture
def locked(bench):
    """Evaluator 1 gave 3 throughout, evaluator 2 gave 5, and both have locked."""
    mark_all(bench, bench.evaluator, 3)
    mark_all(bench, bench.evaluator2, 5)
    lock(bench, bench.evaluator)
    lock(bench, bench.evaluator2)
    return bench


@pytest.fixture
def bare():
    """A published tender that asks questions, with two invited suppliers and nobody on its panel."""
    return published(panel=False)
