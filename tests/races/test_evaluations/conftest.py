"""The reference data that every round starts from."""

from __future__ import annotations

import pytest

from tests.factories.evaluations import reference_data


@pytest.fixture(autouse=True)
def _reference(transactional_db):
    reference_data()
