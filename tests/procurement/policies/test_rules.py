"""The routing rule: both sides of every edge, to the penny, with and without VAT."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.policies import rules
from procurement.policies.rules import Estimate, route_for, threshold_for
from procurement.policies.vocabulary import Route
from socialvalue.core.errors import RuleBroken
from tests.factories.policies import law_of_the_file, policy_value, threshold_value

DAY = date(2026, 3, 1)
PENNY = Decimal("0.01")


TABLE = law_of_the_file()


def route(amount, basis="excl", rate=None, day=DAY, category="services", **policy):
    return route_for(
        category=category,
        estimate=Estimate(Decimal(amount), basis, None if rate is None else Decimal(rate)),
        commenced_on=day,
        policy=policy_value(**policy),
        thresholds=TABLE,
    )


@pytest.mark.parametrize(
    ("amount", "basis", "expected"),
    [
        ("0.01", "excl", Route.LIGHT_TOUCH),
        ("49999.99", "excl", Route.LIGHT_TOUCH),
        ("50000.00", "excl", Route.TOMS_ADVISED),
        ("50000.01", "excl", Route.TOMS_ADVISED),
        # £50,000 is net under this policy: £59,999.99 with VAT is still below it.
        ("59999.98", "incl", Route.LIGHT_TOUCH),
        ("60000.00", "incl", Route.TOMS_ADVISED),
        # The threshold of £207,720 includes VAT: £173,100 net.
        ("173099.99", "excl", Route.TOMS_ADVISED),
        ("173100.00", "excl", Route.TOMS_MANDATORY),
        ("207719.99", "incl", Route.TOMS_ADVISED),
        ("207720.00", "incl", Route.TOMS_MANDATORY),
        ("207720.01", "incl", Route.TOMS_MANDATORY),
        ("99999999999.99", "incl", Route.TOMS_MANDATORY),
    ],
)
def test_each_side_of_each_edge_today(amount, basis, expected):
    assert route(amount, basis).route == expected


@pytest.mark.parametrize(
    ("amount", "expected"), [("59999.99", Route.TOMS_ADVISED), ("49999.99", Route.LIGHT_TOUCH)]
)
def test_a_policy_may_take_its_line_with_vat(amount, expected):
    assert route(amount, "incl", vat_basis="incl").route == expected


def test_an_exempt_estimate_has_one_figure():
    result = route("207719.99", "excl", rate=0)
    assert (result.net, result.gross, result.route) == (
        Decimal("207719.99"),
        Decimal("207719.99"),
        Route.TOMS_ADVISED,
    )
    assert route("207720", "excl", rate=0).route == Route.TOMS_MANDATORY


def test_a_known_rate_is_used_and_an_unknown_one_is_20_and_said():
    assert route("200000", "excl", rate=5).gross == Decimal("210000.00")
    assert route("200000", "excl").gross == Decimal("240000.00")
    assert "The VAT rate is not known, so 20% is used." in route("200000").explanation
    assert "not known" not in route("200000", rate=20).explanation


def council_rows():
    for row in TABLE:
        for category, key in (
            ("services", "goods_services"),
            ("works", "works"),
            ("light_touch", "light_touch"),
            ("concession", "concession"),
        ):
            if row.category == key and row.authority_type in ("sub_central", "any"):
                day = row.effective_from
                if (row.regime == "PA2023") == (day >= rules.PROCUREMENT_ACT_STARTS):
                    yield pytest.param(category, row, id=f"{row.regime}-{category}-{day}")


@pytest.mark.parametrize(("category", "row"), list(council_rows()))
def test_each_side_of_the_threshold_of_every_period(category, row):
    """On the threshold's own basis and through the VAT on the other one."""
    day = row.effective_from
    for amount, expected in (
        (row.amount - PENNY, Route.TOMS_ADVISED),
        (row.amount, Route.TOMS_MANDATORY),
        (row.amount + PENNY, Route.TOMS_MANDATORY),
    ):
        result = route(amount, row.vat_basis, day=day, category=category)
        assert (result.route, result.threshold, result.compared_amount) == (expected, row, amount)
        other = "incl" if row.vat_basis == "excl" else "excl"
        turned = route(result.estimate.on(other), other, day=day, category=category)
        assert turned.route == expected


@pytest.mark.parametrize(
    ("day", "category", "expected"),
    [
        (date(2014, 1, 1), "goods", ("PCR2006", 172514)),
        (date(2015, 2, 25), "services", ("PCR2006", 172514)),
        (date(2015, 2, 26), "services", ("PCR2015", 172514)),
        (date(2016, 4, 18), "concession", ("CCR2016", 4104394)),
        (date(2018, 1, 1), "concession", ("PCR2015", 4551413)),
        (date(2021, 12, 31), "services", ("PCR2015", 189330)),
        (date(2022, 1, 1), "services", ("PCR2015", 213477)),
        # Commenced the day before the Act: the old regulations, whose rows go on to the end of the year.
        (date(2025, 2, 23), "services", ("PCR2015", 214904)),
        (date(2025, 2, 24), "services", ("PA2023", 214904)),
        (date(2025, 12, 31), "works", ("PA2023", 5372609)),
        (date(2026, 1, 1), "works", ("PA2023", 5193000)),
        (date(2027, 12, 31), "light_touch", ("PA2023", 663540)),
    ],
)
def test_the_law_of_the_day_it_commenced(day, category, expected):
    row = threshold_for(TABLE, category=category, commenced_on=day)
    assert (row.regime, row.amount) == expected


@pytest.mark.parametrize(
    ("day", "category"),
    [
        (date(2013, 12, 31), "services"),
        (date(2028, 1, 1), "services"),
        (date(2014, 6, 1), "light_touch"),
        (date(2015, 6, 1), "concession"),
    ],
)
def test_a_date_outside_the_table_is_an_error_and_never_a_guess(day, category):
    with pytest.raises(RuleBroken, match="There is no statutory threshold for") as broken:
        threshold_for(TABLE, category=category, commenced_on=day)
    assert broken.value.errors[0][0] == "commenced_on"


def test_a_council_is_never_held_against_the_central_government_line():
    central = threshold_value(135018, authority_type="central")
    with pytest.raises(RuleBroken):
        threshold_for([central], category="services", commenced_on=DAY)


@pytest.mark.parametrize(
    ("amount", "basis", "rate", "field"),
    [
        ("0", "excl", None, "estimate"),
        ("-0.01", "excl", None, "estimate"),
        ("100000000000", "excl", None, "estimate"),
        ("NaN", "excl", None, "estimate"),
        ("Infinity", "excl", None, "estimate"),
        ("5", "both", None, "estimate_basis"),
        ("5", "excl", "-1", "vat_rate_percent"),
        ("5", "excl", "100.01", "vat_rate_percent"),
    ],
)
def test_what_cannot_be_routed_names_the_field(amount, basis, rate, field):
    with pytest.raises(RuleBroken) as broken:
        route(amount, basis, rate=rate)
    assert broken.value.errors[0][0] == field


def test_an_unknown_category_is_refused():
    with pytest.raises(RuleBroken, match="Choose goods"):
        route("5", category="weapons")


def test_the_explanation_is_a_sentence_that_cites_threshold_and_paragraph():
    assert route("180000", rate=20).explanation == (
        "At £216,000 including VAT (£180,000 excluding VAT) this procurement is at or above the £207,720 "
        "threshold for services (Procurement Act 2023, row from 1 January 2026, because it commenced on 1 March "
        "2026), so measures are mandatory: Regional Social Value Policy, version 1, paragraph 6.0, table row 3."
    )
    assert route("49999.99", rate=20).explanation == (
        "At £59,999.99 including VAT (£49,999.99 excluding VAT) this procurement is below the £207,720 "
        "threshold for services (Procurement Act 2023, row from 1 January 2026, because it commenced on 1 March 2026) "
        "and below the policy's line of £50,000 excluding VAT, so the light-touch route applies: "
        "Regional Social Value Policy, version 1, paragraph 6.0, table row 1."
    )


amounts = st.decimals(
    min_value=Decimal("0.01"),
    max_value=Decimal("20000000"),
    places=2,
    allow_nan=False,
    allow_infinity=False,
)
rates = st.one_of(st.none(), st.integers(0, 100).map(Decimal))
bases = st.sampled_from(["excl", "incl"])
days = st.dates(date(2016, 4, 18), date(2027, 12, 31))
categories = st.sampled_from(["goods", "services", "works", "light_touch", "concession"])
ORDER = [Route.LIGHT_TOUCH, Route.TOMS_ADVISED, Route.TOMS_MANDATORY]


@given(amount=amounts, basis=bases, rate=rates, day=days, category=categories)
def test_every_valid_input_has_exactly_one_route_and_lies_in_its_band(
    amount, basis, rate, day, category
):
    result = route(amount, basis, rate, day, category)
    policy = policy_value()
    inside = []
    for band in policy.bands:
        on_law, on_policy = result.estimate.on(result.threshold.vat_basis), result.estimate.net
        low = (
            on_law >= result.threshold.amount
            if band.lower_is_threshold
            else on_policy >= band.lower
        )
        high = True
        if band.upper_is_threshold:
            high = on_law < result.threshold.amount
        elif band.upper is not None:
            high = on_policy < band.upper
        if low and high:
            inside.append(band)
    assert [band.route for band in inside] == [result.route]


@given(one=amounts, more=amounts, basis=bases, rate=rates, day=days, category=categories)
def test_more_money_never_gives_a_lighter_route(one, more, basis, rate, day, category):
    low, high = sorted([one, more])
    routes = [route(n, basis, rate, day, category).route for n in (low, high)]
    assert ORDER.index(routes[0]) <= ORDER.index(routes[1])


@given(net=amounts, rate=rates, day=days, category=categories)
def test_net_or_gross_of_the_same_estimate_is_one_decision(net, rate, day, category):
    as_net = route(net, "excl", rate, day, category)
    as_gross = route(as_net.gross, "incl", rate, day, category)
    assert (as_gross.route, as_gross.net, as_gross.gross) == (
        as_net.route,
        as_net.net,
        as_net.gross,
    )
