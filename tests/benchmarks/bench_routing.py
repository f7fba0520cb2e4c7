"""The pure rule on one core: at least 10,000 decisions a second, explanations included."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest

from procurement.policies.rules import Estimate, route_for
from procurement.policies.vocabulary import Category
from tests.benchmarks.ratios import Ratio, seconds_of
from tests.factories.policies import law_of_the_file, policy_value

DECISIONS = 10_000
A_SECOND = 10_000
ROUNDS = 6
FIRST_DAY = date(2016, 4, 18)
DAYS = (date(2027, 12, 31) - FIRST_DAY).days
VAT = [(basis, rate) for basis in ("excl", "incl") for rate in (None, Decimal(0), Decimal(20))]


def questions() -> list[tuple[str, Estimate, date]]:
    """Every category, kind of VAT and period in turns, amounts from pennies to millions, made before the clock runs."""
    categories = Category.values
    found = []
    for number in range(DECISIONS):
        basis, rate = VAT[number % len(VAT)]
        amount = Decimal(number * number * 17 % 900_000_000 + 1) / 100
        day = FIRST_DAY + timedelta(days=number * 37 % DAYS)
        found.append((categories[number % len(categories)], Estimate(amount, basis, rate), day))
    return found


def test_decisions_a_second(
    measure_: Callable[[Ratio], None], capsys: pytest.CaptureFixture[str]
) -> None:
    policy, table, asked = policy_value(), law_of_the_file(), questions()

    def decide_all() -> None:
        for category, estimate, day in asked:
            route_for(
                category=category,
                estimate=estimate,
                commenced_on=day,
                policy=policy,
                thresholds=table,
            )

    decide_all()
    seconds = [seconds_of(decide_all) for _ in range(ROUNDS)]
    rates = [DECISIONS / taken for taken in seconds]
    wanted = DECISIONS / A_SECOND
    measure_(
        Ratio(
            name=f"routing: decisions against {A_SECOND:,} a second on one core",
            median=statistics.median(rates) / A_SECOND,
            lowest=min(rates) / A_SECOND,
            highest=max(rates) / A_SECOND,
            rounds=ROUNDS,
            target=1.0,
            ours_seconds=statistics.median(seconds),
            baseline_seconds=wanted,
        )
    )
    with capsys.disabled():
        print(f"  {statistics.median(rates):,.0f} decisions a second")
