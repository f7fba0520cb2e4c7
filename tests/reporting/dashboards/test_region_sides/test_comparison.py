"""Beside a region's dashboard: the comparison of those who agree, without a rank."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook

from reporting.dashboards.queries.benchmark import benchmark, own_benchmarks
from reporting.figures.rules.benchmark import RunningContract, per_pound, spread
from socialvalue.accounts.vocabulary import Role
from tests.factories.accounts import actor_for_role
from tests.factories.cabinet import reported
from tests.factories.reporting import browser, region_with, rows_of
from tests.reporting.dashboards.test_region_sides.steps import SPAN

pytestmark = pytest.mark.django_db


def test_an_even_number_has_a_middle_between_and_fewer_than_three_have_none():
    assert spread([Decimal(1), Decimal(2), None]) is None
    found = spread([Decimal("0.10"), Decimal("0.40"), Decimal("0.20"), Decimal("0.90")])
    assert (found.how_many, found.middle, found.lowest, found.highest) == (
        4,
        Decimal("0.30"),
        Decimal("0.10"),
        Decimal("0.90"),
    )


def test_value_for_each_pound_is_of_contract_value_without_vat():
    rows = [
        RunningContract(1, Decimal(1200), "incl", 50_000, 25_000),
        RunningContract(1, Decimal(1000), "excl", 50_000, 0),
        RunningContract(2, Decimal(1), "excl", 99_999, 99_999),
    ]
    found = per_pound(1, rows)
    assert (found.contracts, found.cost) == (2, Decimal(2000))
    assert (found.committed, found.verified) == (Decimal("0.50"), Decimal("0.13"))
    assert per_pound(3, rows).committed is None


def three_agree(agreeing: int = 3):
    worlds = [reported(verified=verified) for verified in ("60", "44", "28", "100")]
    region = region_with(*((world.authority, "2020-01-01", None) for world in worlds))
    for world in worlds[:agreeing]:
        region.memberships.filter(authority=world.authority).update(in_benchmark=True)
    return region, worlds, actor_for_role(Role.REGIONAL_ANALYST, region.lead)


def test_only_who_agrees_is_compared_in_alphabetical_order_without_a_rank():
    _region, worlds, analyst = three_agree()
    found = benchmark(analyst, SPAN)
    names = [row.name for row in found.rows]
    assert names == sorted(world.authority.name for world in worlds[:3])
    # £22,000 promised for £290,000; £750, £550 and £350 verified.
    assert {row.of.committed for row in found.rows} == {Decimal("0.08")}
    assert found.verified.how_many == 3
    page = browser(analyst).get("/region/comparison/?year=2025-26").content.decode()
    assert worlds[3].authority.name not in page
    assert "rank" not in page.replace("Nothing here is ranked", "").lower()
    rows = rows_of(browser(analyst).get("/region/comparison/values.csv?year=2025-26").content)
    assert worlds[3].authority.name not in str(rows)


def test_two_that_agree_are_not_shown():
    _region, worlds, analyst = three_agree(2)
    found = benchmark(analyst, SPAN)
    assert (found.rows, found.verified, found.agreeing) == ((), None, 2)
    page = browser(analyst).get("/region/comparison/?year=2025-26").content.decode()
    assert "2 authorities agree to be compared." in page
    assert worlds[0].authority.name not in page
    own = own_benchmarks(worlds[0].author, SPAN)
    assert (len(own), own[0].verified) == (1, None)


def test_a_council_that_agrees_sees_its_own_value_and_no_other_councils():
    _region, worlds, _analyst = three_agree()
    (found,) = own_benchmarks(worlds[0].author, SPAN)
    assert found.own.of.authority_id == worlds[0].authority.pk
    page = browser(worlds[0].author).get("/dashboard/?year=2025-26").content.decode()
    assert "Yours beside 3 authorities of The Region" in page
    for other in worlds[1:]:
        assert other.authority.name not in page
    client = browser(worlds[0].author)
    assert "/dashboard/comparison.csv?year=2025-26" in page
    rows = rows_of(client.get("/dashboard/comparison.csv?year=2025-26").content)
    assert [row["Social value for each pound"] for row in rows] == ["Committed", "Verified"]
    assert {row["Authorities compared"] for row in rows} == {"3"}
    assert Decimal(rows[1]["Yours (£)"]) == found.own.of.verified
    assert Decimal(rows[1]["Median (£)"]) == found.verified.middle
    assert all(other.authority.name not in str(rows) for other in worlds[1:])
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(client.get("/dashboard/all.xlsx?year=2025-26").content)
    )
    assert any(name.startswith("Yours beside others") for name in book.sheet_names)
    assert any(name.startswith("What procurements ask for") for name in book.sheet_names)
    assert client.get("/dashboard/comparison.csv?year=2025-26&counts=1").status_code == 404
    assert browser(worlds[3].author).get("/dashboard/comparison.csv").status_code == 404
    assert own_benchmarks(worlds[3].author, SPAN) == []
    page = browser(worlds[3].author).get("/dashboard/?year=2025-26").content.decode()
    assert "contract value" not in page
