"""When members that do not publish may be in a region's public total."""

from __future__ import annotations

import pytest

from reporting.open_data.rules.members import rest_may_count


@pytest.mark.parametrize(
    ("pence_of", "may"),
    [
        ({}, False),
        ({1: {"committed": 100}}, False),
        ({1: {"committed": 100}, 2: {"committed": 100}}, True),
        ({1: {"committed": 90}, 2: {"committed": 10}}, True),
        ({1: {"committed": 91}, 2: {"committed": 9}}, False),
        ({1: {"committed": 50, "verified": 1}, 2: {"committed": 50}}, False),
        ({1: {"committed": 0}, 2: {"committed": 0}}, True),
    ],
)
def test_there_must_be_several_and_none_nearly_all(pence_of, may):
    assert rest_may_count(pence_of) is may
