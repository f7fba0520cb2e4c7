"""A tender that was judged and awarded."""

from __future__ import annotations

import pytest

from tests.procurement.awards.test_record.judgement import judged


@pytest.fixture
def done():
    return judged()
