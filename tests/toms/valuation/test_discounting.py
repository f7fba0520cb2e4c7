"""The Green Book: published factors to four places, steps that compound, and what is refused."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toms.valuation.rules import Timing, discount_factor, worth

# The Green Book, annex 6: discount factors at the standard schedule.
PUBLISHED = {
    0: "1.0000", 1: "0.9662", 2: "0.9335", 3: "0.9019", 4: "0.8714", 5: "0.8420", 6: "0.8135",
    7: "0.7860", 8: "0.7594", 9: "0.7337", 10: "0.7089", 11: "0.6849", 12: "0.6618", 13: "0.6394",
    14: "0.6178", 15: "0.5969", 16: "0.5767", 17: "0.5572", 18: "0.5384", 19: "0.5202",
    20: "0.5026", 21: "0.4856", 22: "0.4692", 23: "0.4533", 24: "0.4380", 25: "0.4231",
    26: "0.4088", 27: "0.3950", 28: "0.3817", 29: "0.3687", 30: "0.3563",
    31: "0.3459", 40: "0.2651", 50: "0.1973", 75: "0.0942", 76: "0.0919", 100: "0.0508",
    125: "0.0274",
}  # fmt: skip
FOUR = Decimal("0.0001")


@pytest.mark.parametrize(("year", "factor"), PUBLISHED.items())
def test_published_factors_are_reproduced(year, factor):
    assert discount_factor(year).quantize(FOUR, ROUND_HALF_UP) == Decimal(factor)
    assert Timing(year).factor_shown == factor


@pytest.mark.parametrize(
    ("year", "rate"),
    [(1, "1.035"), (30, "1.035"), (31, "1.03"), (75, "1.03"), (76, "1.025"), (125, "1.025")],
)
def test_each_year_is_one_more_step_at_the_rate_of_that_year(year, rate):
    ratio = discount_factor(year - 1) / discount_factor(year)
    assert ratio.quantize(Decimal("0.000000000001")) == Decimal(rate)


def test_ten_thousand_pounds_a_decade_ahead():
    found = worth(quantity=Decimal(10000), unit_value=Decimal(1), timing=Timing(10), unit="£")
    assert found.value == Decimal("7089.19")
    assert [line.text for line in found.lines] == [
        "Quantity: £10,000",
        "Value of one: £1",
        "Falls in year 10: factor 0.7089",
        "Green Book schedule: 3.5% a year for 10 years",
        "Value: 10,000 × £1 ÷ 1.035^10 = £7,089.19",
    ]


def test_the_schedule_is_written_out_across_its_steps():
    timing = Timing(76)
    assert timing.rates_shown == (
        "3.5% a year for 30 years, then 3% a year for 45 years, then 2.5% a year for 1 year"
    )
    assert timing.divisor_shown == "1.035^30 ÷ 1.03^45 ÷ 1.025^1"


def test_year_nought_is_not_discounted_and_says_so():
    found = worth(quantity=Decimal(7), unit_value=Decimal("3.10"), timing=Timing(0))
    assert found.value == Decimal("21.70")
    assert "Falls in year 0: not discounted" in [line.text for line in found.lines]


def test_a_rate_of_ones_own_replaces_the_schedule_for_every_year():
    assert discount_factor(2, Decimal("0.10")).quantize(FOUR) == Decimal("0.8264")
    assert discount_factor(40, Decimal(0)) == 1
    found = worth(
        quantity=Decimal(100), unit_value=Decimal(1), timing=Timing(1, rate=Decimal("0.25"))
    )
    assert found.value == Decimal("80.00")
    assert "Rate given: 25% a year for 1 year" in [line.text for line in found.lines]


def test_it_is_off_by_default():
    found = worth(quantity=Decimal(100), unit_value=Decimal(1))
    assert found.value == Decimal("100.00")
    assert [line.label for line in found.lines] == ["Quantity", "Value of one", "Value"]


def test_drop_off_loses_a_share_each_year_after_the_first():
    def left(year):
        timing = Timing(year, rate=Decimal(0), drop_off=Decimal("0.1"))
        return worth(quantity=Decimal(100), unit_value=Decimal(1), timing=timing).value

    assert [left(year) for year in range(4)] == [
        Decimal("100.00"), Decimal("90.00"), Decimal("81.00"), Decimal("72.90"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [
        {"in_year": -1},
        {"in_year": 126},
        {"in_year": 1, "rate": Decimal("1.01")},
        {"in_year": 1, "rate": Decimal("-0.01")},
        {"in_year": 1, "drop_off": Decimal("1.1")},
        {"in_year": 1, "rate": Decimal("NaN")},
    ],
)
def test_what_cannot_be_is_refused(wrong):
    with pytest.raises(ValueError, match=r"year|rate|drop-off"):
        Timing(**wrong)


def test_a_year_beyond_the_schedule_needs_a_rate():
    assert Timing(125).steps[-1] == (Decimal("0.025"), 50)
    assert Timing(126, rate=Decimal("0.02")).steps == ((Decimal("0.02"), 126),)


@given(st.integers(min_value=0, max_value=124))
def test_later_is_never_worth_more_and_never_nothing(year):
    assert 0 < discount_factor(year + 1) < discount_factor(year) <= 1
