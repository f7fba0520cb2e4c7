"""Beside a region's dashboard: updates that are owed, by contract and quarter."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from procurement.awards.models import Contract
from reporting.dashboards.queries.chase import late_page
from reporting.figures.rules.spans import Span
from tests.factories.deliveries import claim
from tests.factories.reporting import browser, rows_of
from tests.reporting.dashboards.test_region_sides.steps import SPAN, YEAR

pytestmark = pytest.mark.django_db


def test_updates_that_are_owed_are_counted_by_contract_and_quarter(two):
    """Each promises £22,000 over 8 quarters, £2,750 a quarter. Quarter 1 lacks the rate, which is worth no £; quarter
    2 lacks all three."""
    _region, _worlds, analyst = two
    found = late_page(analyst, SPAN).late
    assert [(line.updates, line.contracts, line.planned) for line in found.lines] == [
        (2, 1, Decimal(2750)),
        (2, 1, Decimal(2750)),
    ]
    assert (found.total.updates, found.total.contracts, found.total.planned_pence) == (
        4,
        2,
        550_000,
    )
    assert found.sentence == "4 updates of 2 authorities"


def test_a_quarter_that_is_not_over_and_months_outside_a_membership_are_not_late(two):
    region, worlds, analyst = two
    assert late_page(analyst, Span(YEAR, 3)).late.lines == ()
    region.memberships.filter(authority=worlds[0].authority).update(from_on="2025-07-01")
    found = late_page(analyst, SPAN).late
    assert {line.name: line.updates for line in found.lines} == {
        worlds[0].authority.name: 1,
        worlds[1].authority.name: 2,
    }


def test_what_was_sent_is_not_owed(two):
    _region, worlds, analyst = two
    world = worlds[0]
    claim(world.claimant, world.commitments[0], quantity=Decimal(1), quarter=date(2025, 7, 1))
    (line,) = [
        row for row in late_page(analyst, SPAN).late.lines if row.name == world.authority.name
    ]
    # 100 hours at £12.50 were planned and are reported now.
    assert (line.updates, line.planned) == (2, Decimal(1500))


def test_an_ended_contract_owes_nothing(two):
    _region, worlds, analyst = two
    Contract.objects.filter(pk=worlds[0].contract.pk).update(status="ended")
    assert len(late_page(analyst, SPAN).late.lines) == 1


def test_the_page_and_file_name_authorities_and_no_supplier(two):
    _region, worlds, analyst = two
    client = browser(analyst)
    page = client.get("/region/late/?year=2025-26").content.decode()
    assert worlds[0].authority.name in page
    rows = rows_of(client.get("/region/late.csv?year=2025-26").content)
    assert [row["Late updates"] for row in rows] == ["2", "2", "4"][: len(rows)]
    board = client.get("/region/?year=2025-26").content.decode()
    assert "Late: 4 updates of 2 authorities." in board
    assert "£5,500 planned for them is in committed and not in claimed." in board
    for text in (page, str(rows), board):
        assert worlds[0].supplier.name not in text
        assert worlds[0].contract.title not in text
    past = client.get("/region/?year=2025-26&at=2025-08-01").content.decode()
    # The rates of quarter 1 were owed then; quarter 2 was not over.
    assert "Late: 2 updates of 2 authorities." in past
    assert "Whose updates were late" in past
    then = client.get("/region/late/?year=2025-26&at=2025-08-01").content.decode()
    assert "the end of <strong>1 August 2025</strong>" in then
    rows = rows_of(client.get("/region/late.csv?year=2025-26&at=2025-08-01").content)
    assert [row["Late updates"] for row in rows] == ["1", "1", "2"][: len(rows)]
    counts = client.get("/region/late/?year=2025-26&counts=1").content.decode()
    assert "£" not in counts[counts.index("<main") : counts.index("</main>")].replace(
        "Show pounds as well", ""
    )
