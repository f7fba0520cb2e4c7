"""What holds for every estimate: one route, more money never a lighter one, however it is written."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.policies import rules
from procurement.policies.rules import Band, Estimate, route_for, threshold_for
from procurement.policies.vocabulary import Category, Route
from socialvalue.core.errors import RuleBroken
from socialvalue.core.money import parse_decimal, pounds
from tests.factories.policies import law_of_the_file, policy_value

TABLE = law_of_the_file()
PENNY = Decimal("0.01")
ORDER = [Route.LIGHT_TOUCH, Route.TOMS_ADVISED, Route.TOMS_MANDATORY]
amounts = st.decimals("0.01", "20000000", places=2)
rates = st.one_of(st.none(), st.decimals("0", "100", places=2))
bases = st.sampled_from(["excl", "incl"])
days = st.dates(date(2016, 4, 18), date(2027, 12, 31))
categories = st.sampled_from(Category.values)
kinds = st.sampled_from(["sub_central", "utility"])


def route(estimate, day, category="services", kind="sub_central", **policy):
    return route_for(
        category=category,
        estimate=estimate,
        commenced_on=day,
        policy=policy_value(**policy),
        thresholds=TABLE,
        authority_type=kind,
    )


@st.composite
def estimates(draw):
    """Of any kind of VAT: known, unknown, exempt or mixed; net or gross."""
    net, basis = draw(amounts), draw(bases)
    if draw(st.booleans()):
        gross = (net * (100 + draw(st.integers(0, 100))) / 100).quantize(PENNY)
        pair = (net, gross) if basis == "excl" else (gross, net)
        return Estimate(pair[0], basis, None, pair[1])
    return Estimate(net, basis, draw(rates))


@st.composite
def tables_of_bands(draw):
    """Any policy: rising amounts, perhaps the statutory threshold as the last edge, routes in order."""
    edges = sorted(draw(st.sets(st.integers(1, 10_000_000).map(Decimal), max_size=5)))
    names = sorted(
        draw(st.lists(st.sampled_from(ORDER), min_size=len(edges) + 1, max_size=len(edges) + 1)),
        key=ORDER.index,
    )
    bands = [
        Band(number, number, "x", low, False, None, False, name, "1", "x")
        for number, (low, name) in enumerate(zip([Decimal(0), *edges], names, strict=True), start=1)
    ]
    if draw(st.booleans()):
        last = len(bands) + 1
        bands.append(Band(last, last, "x", None, True, None, False, ORDER[-1], "1", "x"))
    return tuple(bands)


def has_line(day, category):
    key = rules.CATEGORY_KEYS[Category(category)]
    return any(
        row.category == key
        and row.authority_type in rules.authority_types(key, "utility")
        and row.regime in rules.regimes_on(day)
        and row.holds_on(day)
        for row in TABLE
    )


@given(estimate=estimates(), day=days, category=categories, kind=kinds, bands=tables_of_bands())
def test_any_estimate_under_any_policy_has_exactly_one_route_or_a_reason(
    estimate, day, category, kind, bands
):
    if kind == "utility" and not has_line(day, category):
        # The table is silent: a utility's line in the years that it leaves out.
        with pytest.raises(RuleBroken, match="for utilities on"):
            route(estimate, day, category, kind, bands=bands)
        return
    found = [route(estimate, day, category, kind, bands=bands) for _ in range(2)]
    assert found[0] == found[1]
    assert found[0].route in ORDER
    assert found[0].band in bands
    assert found[0].explanation.endswith(".")


@given(
    one=estimates(), more=amounts, day=days, category=categories, bands=tables_of_bands(), vat=bases
)
def test_more_money_never_gives_a_lighter_route_under_any_policy(
    one, more, day, category, bands, vat
):
    """More on the same basis with the same VAT; for several rates both figures grow."""
    other = None if one.other is None else one.other + more
    bigger = Estimate(one.amount + more, one.basis, one.vat_rate_percent, other)
    low, high = (
        route(estimate, day, category, bands=bands, vat_basis=vat) for estimate in (one, bigger)
    )
    assert ORDER.index(low.route) <= ORDER.index(high.route)


def written(amount: Decimal) -> list[str]:
    """One amount as people write it."""
    plain = f"{amount:.2f}"
    grouped = f"{amount:,.2f}"
    return [
        plain, grouped, f"£{plain}", f"£{grouped}", f"£ {grouped}", f"  {grouped}\t", pounds(amount),
        f"{amount:,.2f}".replace(",", " "), f"{plain}0", plain.rstrip("0").rstrip("."),
    ]  # fmt: skip


@given(amount=amounts, basis=bases, rate=rates, day=days)
def test_the_way_an_amount_is_written_changes_nothing(amount, basis, rate, day):
    found = {
        (result.route, result.net, result.gross, result.explanation)
        for text in written(amount)
        for result in [route(Estimate(parse_decimal(text), basis, rate), day)]
    }
    assert len(found) == 1


@given(net=amounts, rate=rates, day=days, category=categories, vat=bases)
def test_a_net_estimate_is_the_same_decision_as_its_gross_figure(net, rate, day, category, vat):
    """Exactly, to the penny and at every line: the gross figure of a net one leads back to it."""
    as_net = route(Estimate(net, "excl", rate), day, category, vat_basis=vat)
    as_gross = route(Estimate(as_net.gross, "incl", rate), day, category, vat_basis=vat)
    assert (as_gross.net, as_gross.gross) == (as_net.net, as_net.gross)
    assert (as_gross.route, as_gross.explanation) == (as_net.route, as_net.explanation)


@given(gross=st.decimals("0.05", "20000000", places=2), rate=rates, day=days, category=categories)
def test_a_gross_estimate_moves_at_most_a_penny_over_its_net_figure(gross, rate, day, category):
    """Two gross pennies can share one net penny, so the way back may miss by one. The route is another only when a
    line lies in that penny."""
    as_gross = route(Estimate(gross, "incl", rate), day, category)
    as_net = route(Estimate(as_gross.net, "excl", rate), day, category)
    assert as_net.net == as_gross.net
    assert abs(as_net.gross - gross) <= PENNY
    low, high = sorted([as_net.gross, gross])
    if not low < as_gross.threshold.amount <= high:
        assert as_net.route == as_gross.route


@given(net=amounts, rate=rates, day=days, category=categories)
def test_both_figures_as_entered_are_the_same_decision_as_the_rate_between_them(
    net, rate, day, category
):
    known = Estimate(net, "excl", rate)
    expected = route(known, day, category)
    for mixed in (
        Estimate(known.net, "excl", None, known.gross),
        Estimate(known.gross, "incl", None, known.net),
    ):
        found = route(mixed, day, category)
        assert (found.route, found.compared_amount) == (expected.route, expected.compared_amount)


LAST_OLD_DAY = rules.PROCUREMENT_ACT_STARTS - timedelta(days=1)


def last_day(row):
    """Old rows are written to the end of 2025; the Act takes over before."""
    return row.effective_to if row.regime == "PA2023" else min(row.effective_to, LAST_OLD_DAY)


def routed_rows():
    """Every row of the table that can decide a route, with the first and the last day on which it does."""
    for row in TABLE:
        for category in (
            Category.SERVICES,
            Category.WORKS,
            Category.LIGHT_TOUCH,
            Category.CONCESSION,
        ):
            key = rules.CATEGORY_KEYS[category]
            for kind in ("sub_central", "utility"):
                if row.category != key or row.authority_type not in rules.authority_types(
                    key, kind
                ):
                    continue
                for day in (row.effective_from, last_day(row)):
                    name = f"{row.regime}-{row.category}-{kind}-{day}"
                    yield pytest.param(category, kind, row, day, id=name)


def test_every_row_that_is_not_central_or_another_line_decides_somewhere():
    rows = {param.values[2].id for param in routed_rows()}
    silent = [
        row
        for row in TABLE
        if row.id not in rows
        and row.category in rules.ROUTED_LINES
        and row.authority_type != "central"
    ]
    assert silent == []


@pytest.mark.parametrize(("category", "kind", "row", "day"), list(routed_rows()))
def test_both_sides_of_the_threshold_on_the_first_and_last_day_of_every_period(
    category, kind, row, day
):
    for rate in (None, Decimal(0), Decimal(5), Decimal(20)):
        steps = []
        for amount in (row.amount - PENNY, row.amount, row.amount + PENNY):
            result = route(Estimate(amount, row.vat_basis, rate), day, category, kind)
            assert (result.threshold, result.compared_amount) == (row, amount)
            steps.append(result.route)
        assert steps == [Route.TOMS_ADVISED, Route.TOMS_MANDATORY, Route.TOMS_MANDATORY]
        _cross_on_the_other_basis(category, kind, row, day, rate)


def _cross_on_the_other_basis(category, kind, row, day, rate):
    """Around the line the route turns exactly where the figure on the threshold's own basis reaches it."""
    other = "incl" if row.vat_basis == "excl" else "excl"
    near = Estimate(row.amount, row.vat_basis, rate).on(other)
    routes = []
    for pennies in range(-3, 4):
        result = route(Estimate(near + pennies * PENNY, other, rate), day, category, kind)
        reached = result.compared_amount >= row.amount
        assert (result.route == Route.TOMS_MANDATORY) is reached
        routes.append(ORDER.index(result.route))
    assert routes == sorted(routes)
    assert {routes[0], routes[-1]} == {1, 2}


@pytest.mark.parametrize("vat", ["excl", "incl"])
@pytest.mark.parametrize(
    "day", sorted({row.effective_from for row in TABLE if row.regime != "PCR2006"})
)
def test_both_sides_of_the_policys_own_line_in_every_period(day, vat):
    line = Decimal(50000)
    found = [
        route(Estimate(line + step, vat, Decimal(20)), day, vat_basis=vat).route
        for step in (-PENNY, Decimal(0), PENNY)
    ]
    assert found == [Route.LIGHT_TOUCH, Route.TOMS_ADVISED, Route.TOMS_ADVISED]


def test_the_days_of_the_table_have_no_hole_for_a_council_since_the_concession_rules():
    for category in Category.values:
        edges = sorted(
            {row.effective_from for row in TABLE if row.effective_from >= date(2016, 4, 18)}
        )
        for first, second in pairwise(edges):
            assert threshold_for(TABLE, category=category, commenced_on=first)
            assert threshold_for(TABLE, category=category, commenced_on=second)
