"""A delivery shared by two members stands once in the region, and a past date opens to the rows of then."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from procurement.action_plans.services import start_plan
from procurement.deliveries.services import allocate, record_shared_delivery
from procurement.verifications.services import verify_claim
from reporting.dashboards.queries.region import region_board
from reporting.rollups.services import drain
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from socialvalue.core.errors import RuleBroken
from tests.factories.accounts import AuthorityFactory, SupplierFactory, actor_for_role
from tests.factories.cabinet import CLAIMED, Q1, STARTED
from tests.factories.deliveries import claim
from tests.factories.ledger import Promise, contract_with, measure
from tests.factories.reporting import browser, drilled_pounds, region_with
from tests.reporting.dashboards.test_region_sides.steps import SPAN

pytestmark = pytest.mark.django_db


def test_a_delivery_shared_by_two_members_is_counted_once_in_the_region():
    """100 hours delivered once: 60 count for one council and 40 for the other, and the region has 100."""
    supplier = SupplierFactory()
    claimant = actor_for_role(Role.SUPPLIER_CONTRIBUTOR, supplier)
    councils, parts = [AuthorityFactory(), AuthorityFactory()], ("60", "40")
    with clock.at(STARTED):
        hours = []
        for council in councils:
            contract, (promise,) = contract_with(
                Promise(measure("M1"), Decimal(800)), authority=council, supplier=supplier
            )
            start_plan(actor=SYSTEM, contract_id=contract.pk)
            hours.append(promise)
    with clock.at(CLAIMED):
        whole = record_shared_delivery(
            actor=claimant, what="Lessons in the same hall", number=1, unit="hours",
            quantity=Decimal(100), delivered_on=date(2025, 6, 2),
        )  # fmt: skip
        for council, promise, part in zip(councils, hours, parts, strict=True):
            sent = claim(claimant, promise, quantity=Decimal(part), quarter=Q1)
            allocate(actor=claimant, claim_id=sent.pk, delivery_id=whole.pk, quantity=Decimal(part))
            sent.refresh_from_db()
            manager = actor_for_role(Role.CONTRACT_MANAGER, council)
            verify_claim(actor=manager, claim_id=sent.pk, expected_version=sent.version)
        extra = claim(claimant, hours[0], quantity=Decimal(10), quarter=Q1)
        with pytest.raises(RuleBroken):
            allocate(actor=claimant, claim_id=extra.pk, delivery_id=whole.pk, quantity=Decimal(1))
    drain()
    region = region_with(*((council, "2020-01-01", None) for council in councils))
    found = region_board(actor_for_role(Role.REGIONAL_ANALYST, region.lead), SPAN)
    (line,) = found.board.measures
    assert line.cells[-1].quantity == Decimal(100)
    assert {x.label: x.verified for x in found.members if x.verified} == {
        councils[0].name: Decimal(750),
        councils[1].name: Decimal(500),
    }
    assert found.member_total.verified == Decimal(1250)


def test_the_regions_page_as_it_stood_opens_to_the_rows_of_then(two):
    """On 1 August 2025 the claims of July were in; what is posted since is left out, and so are its rows."""
    _region, worlds, analyst = two
    with clock.at(datetime(2025, 9, 1, 9, tzinfo=UTC)):
        world = worlds[0]
        sent = claim(world.claimant, world.commitments[0], quantity=Decimal(8), quarter=Q1)
        verify_claim(actor=world.manager, claim_id=sent.pk, expected_version=sent.version)
    drain()
    day = date(2025, 8, 1)
    then, now = region_board(analyst, SPAN, at=day), region_board(analyst, SPAN)
    assert (then.member_total.verified, now.member_total.verified) == (
        Decimal(1300),
        Decimal(1400),
    )
    client = browser(analyst)
    lines = [*then.members, then.member_total, *then.board.themes, *then.board.quarters]
    cells = [cell for line in lines for cell in line.cells if cell.entries]
    assert cells
    for cell in cells:
        assert drilled_pounds(client, cell.href) == cell.pounds, cell.meaning
    page = client.get("/region/?year=2025-26&at=2025-08-01").content.decode()
    assert "the end of 1 August 2025" in page
    assert "£1,300" in page
