"""The law, the policies and the measures of an award."""

from __future__ import annotations

import pytest

from tests.factories.evaluations import reference_data


@pytest.fixture(autouse=True)
def _reference(db):
    reference_data()
