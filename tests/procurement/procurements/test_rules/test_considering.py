from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from procurement.procurements.rules import check_consideration, needs_consideration
from socialvalue.core.errors import RuleBroken

D = Decimal
TODAY = date(2026, 3, 1)
SAID = dict.fromkeys(
    ("economic", "social", "environmental", "process", "consultation", "considered_by"), "Words"
)


@pytest.mark.parametrize(
    ("category", "parts", "compared", "expected"),
    [
        ("services", (), "207719.99", False),
        ("services", (), "207720", True),
        ("light_touch", (), "207720", True),
        ("works", (), "207720", False),
        ("goods", (), "207720", False),
        ("concession", (), "207720", False),
        ("works", ("services", "works"), "207720", True),
        ("works", ("goods", "works"), "207720", False),
        ("works", ("services", "works"), "207719.99", False),
    ],
)
def test_services_at_or_above_the_threshold(category, parts, compared, expected):
    assert needs_consideration(category, parts, D(compared), D(207720)) is expected


def test_everything_is_said_and_the_day_has_been():
    check_consideration(SAID, TODAY, TODAY)
    with pytest.raises(RuleBroken) as broken:
        check_consideration(dict.fromkeys(SAID, ""), date(2026, 3, 2), TODAY)
    assert [name for name, _ in broken.value.errors] == [
        "economic", "social", "environmental", "process", "consultation", "considered_by",
        "considered_on",
    ]  # fmt: skip


@pytest.mark.parametrize(("name", "most"), [("economic", 5000), ("considered_by", 200)])
def test_the_longest_text(name, most):
    check_consideration({**SAID, name: "x" * most}, TODAY, TODAY)
    with pytest.raises(RuleBroken) as broken:
        check_consideration({**SAID, name: "x" * (most + 1)}, TODAY, TODAY)
    assert [found for found, _ in broken.value.errors] == [name]
