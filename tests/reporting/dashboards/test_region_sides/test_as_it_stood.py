"""The comparison and the late updates of a past day are what their pages said on that day."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from procurement.action_plans.models import ActionPlan, Milestone
from procurement.action_plans.services import change_milestones, plan_again
from procurement.awards.models import Contract
from procurement.awards.services import apply_change, end_contract
from procurement.deliveries.models import Claim, NilReturn
from procurement.deliveries.services import report_nothing, take_back_nothing, withdraw_claim
from procurement.procurements.models import Procurement
from procurement.verifications.services import return_claim, verify_claim
from reporting.dashboards.queries.benchmark import benchmark, own_benchmarks
from reporting.dashboards.queries.boards import council_board
from reporting.dashboards.queries.chase import late_page
from reporting.dashboards.rules import left_comparison
from reporting.figures.queries.proofs import proof
from reporting.figures.rules.definitions import FIGURES, Opens
from reporting.rollups.services import drain
from socialvalue.accounts import queries as accounts
from socialvalue.accounts.services import choose_region_sees
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from tests.factories.accounts import actor_for_role
from tests.factories.cabinet import NOW, Q1, Q2, Reported, reported
from tests.factories.deliveries import claim
from tests.factories.reporting import browser, region_with, rows_of
from tests.reporting.dashboards.test_region_sides.steps import SPAN

pytestmark = pytest.mark.django_db
Q3 = date(2025, 10, 1)
OF_CONTRACTS = [name for name, found in FIGURES.items() if found.opens == Opens.CONTRACTS]


def compare(world: Reported, agrees: bool) -> None:
    manager = actor_for_role(Role.DIRECTORATE_MANAGER, world.authority)
    choose_region_sees(
        actor=manager,
        region_slug="region",
        is_withheld=False,
        in_benchmark=agrees,
        expected_version=accounts.region_choice(manager).version,
    )


def claim_rate(world: Reported, quarter: date = Q1) -> Claim:
    return claim(
        world.claimant,
        world.commitments[2],
        quantity=Decimal(6),
        denominator=Decimal(10),
        quarter=quarter,
    )


def say_nothing(world: Reported, quarter: date = Q1) -> None:
    report_nothing(actor=world.claimant, commitment_id=world.commitments[2].pk, quarter=quarter)


def verify_more(world: Reported) -> None:
    sent = claim(world.claimant, world.commitments[0], quantity=Decimal(8), quarter=Q1)
    verify_claim(actor=world.manager, claim_id=sent.pk, expected_version=sent.version)


def rate_claim(world: Reported) -> Claim:
    return Claim.objects.filter(commitment=world.commitments[2]).latest("pk")


def withdraw(world: Reported) -> None:
    found = rate_claim(world)
    withdraw_claim(actor=world.claimant, claim_id=found.pk, expected_version=found.version)


def send_back(world: Reported) -> None:
    found = rate_claim(world)
    return_claim(
        actor=world.manager, claim_id=found.pk, expected_version=found.version, reason="Of whom?"
    )


def take_back(world: Reported) -> None:
    said = NilReturn.objects.get(commitment=world.commitments[2])
    take_back_nothing(actor=world.claimant, nil_id=said.pk)


def put_off(world: Reported) -> None:
    """All hours of quarter 2 are planned for quarter 3 instead."""
    rows = Milestone.objects.filter(commitment=world.commitments[0])
    quantities = {row.quarter: row.quantity for row in rows}
    quantities[Q3] += quantities[Q2]
    quantities[Q2] = Decimal(0)
    change_milestones(
        actor=world.manager,
        contract_id=world.contract.pk,
        commitment_id=world.commitments[0].pk,
        expected_version=ActionPlan.objects.get(contract=world.contract).version,
        quantities=quantities,
        owner="Supplier",
        evidence="Letters",
    )


def promise_less(world: Reported) -> None:
    change = apply_change(
        actor=world.manager,
        contract_id=world.contract.pk,
        kind="quantity",
        reason="Fewer hours than were thought.",
        asked_by_id=world.claimant.user_id,
        from_quarter=Q3,
        commitment_id=world.commitments[0].pk,
        quantity=Decimal(400),
    )
    plan_again(actor=world.manager, contract_id=world.contract.pk, change=change)


def terminate(world: Reported) -> None:
    Procurement.objects.filter(pk=world.contract.procurement_id).update(status="awarded")
    end_contract(
        actor=world.manager, contract_id=world.contract.pk, terminated_because="Insolvent."
    )


DEEDS = (
    (date(2025, 7, 10), ()),
    (date(2025, 7, 20), ((say_nothing, 0), (say_nothing, 2))),
    (date(2025, 8, 10), ((verify_more, 0), (claim_rate, 0))),
    (date(2025, 8, 20), ((withdraw, 0), (claim_rate, 1))),
    (date(2025, 9, 10), ((send_back, 1), (put_off, 2), (take_back, 2))),
    (date(2025, 10, 3), ((promise_less, 1), (verify_more, 1))),
    (date(2025, 10, 20), ((withdraw, 1), (terminate, 0))),
)


@pytest.fixture
def councils():
    """Three members, and an analyst of their region."""
    worlds = [reported(verified=verified) for verified in ("60", "44", "28")]
    region = region_with(*((world.authority, "2020-01-01", None) for world in worlds))
    return worlds, actor_for_role(Role.REGIONAL_ANALYST, region.lead)


def test_every_past_day_is_told_as_its_own_pages_told_it(councils):
    worlds, analyst = councils
    told = {}
    for day, deeds in DEEDS:
        with clock.at(datetime(day.year, day.month, day.day, 9, tzinfo=UTC)):
            for deed, place in deeds:
                deed(worlds[place])
            if day == date(2025, 8, 10):
                for world in worlds:
                    compare(world, agrees=True)
        drain()
        with clock.at(datetime(day.year, day.month, day.day, 22, tzinfo=UTC)):
            compared = benchmark(analyst, SPAN)
            own = own_benchmarks(worlds[1].author, SPAN)
            late = late_page(analyst, SPAN).late
        told[day] = (
            late.lines,
            late.total,
            late.table,
            compared.rows,
            compared.committed,
            compared.verified,
            own,
        )
    # Each of these deeds moved something, so that a page of today would be wrong for most of the days.
    assert [rows[1].updates for rows in told.values()] == [3, 1, 1, 1, 2, 5, 4]
    assert [len(rows[3]) for rows in told.values()] == [0, 0, 3, 3, 3, 3, 3]
    assert len({str(rows[3]) for rows in told.values()}) == 3
    with clock.at(datetime(2025, 11, 3, 9, tzinfo=UTC)):
        for day, was in told.items():
            late, compared = late_page(analyst, SPAN, at=day).late, benchmark(analyst, SPAN, at=day)
            assert (late.lines, late.total, late.table) == was[:3], day
            assert (compared.rows, compared.committed, compared.verified) == was[3:6], day
            assert own_benchmarks(worlds[1].author, SPAN, day) == was[6], day


def stood(world: Reported, at: date | None = None):
    """What a council's dashboard and the lists behind it say of its contracts."""
    board = council_board(world.author, SPAN, at=at)
    listed = [
        (found.figure.shown, found.figure.beside, found.table.rows, found.table.total)
        for found in (proof(world.author, name, SPAN, at=at) for name in OF_CONTRACTS)
    ]
    shown = {row.label: row.figure for row in board.tiles if row.href.startswith("/figures/")}
    return listed, board.contracts, board.tables["contracts"].rows, shown


def test_every_past_day_of_a_councils_contracts_is_told_as_its_own_dashboard_told_it(councils):
    worlds, _ = councils
    told = {}
    for day, deeds in DEEDS:
        with clock.at(datetime(day.year, day.month, day.day, 9, tzinfo=UTC)):
            for deed, place in deeds:
                deed(worlds[place])
        drain()
        with clock.at(datetime(day.year, day.month, day.day, 22, tzinfo=UTC)):
            told[day] = [stood(world) for world in worlds]
    # Days on which a page of today would be wrong, of each council.
    changed = [len({str(rows[place]) for rows in told.values()}) for place in range(3)]
    assert changed == [4, 3, 3]
    with clock.at(datetime(2025, 11, 3, 9, tzinfo=UTC)):
        for day, was in told.items():
            assert [stood(world, day) for world in worlds] == was, day
        for world in worlds:
            assert stood(world, date(2025, 11, 3)) == stood(world), "today is a day like any"


def test_the_page_of_a_past_day_shows_contracts_and_says_what_it_leaves_out(councils):
    worlds, _ = councils
    day = date(2025, 10, 2)
    with clock.at(NOW):
        before = stood(worlds[0], day)
        promise_less(worlds[0])
        client = browser(worlds[0].author)
        page = client.get(f"/dashboard/?year=2025-26&at={day}").content.decode()
        assert "Contracts that needed attention" in page
        assert "Where contracts stand" not in page
        assert "What procurements ask for is not kept day by day" in page
        assert "What procurements ask for, by route" not in page
        assert stood(worlds[0], day) == before
        address = f"/figures/delivery_share/?year=2025-26&at={day}"
        assert address.replace("&", "&amp;") in page
        opened = client.get(address).content.decode()
        assert "As it stood at the end of <strong>2 October 2025</strong>" in opened
        assert before[0][OF_CONTRACTS.index("delivery_share")][0] in opened
        assert f"delivery_share.csv?year=2025-26&amp;at={day}" in opened
        held = client.get(f"/figures/delivery_share.csv?year=2025-26&at={day}")
        assert f"as-at-{day}.csv" in held["Content-Disposition"]
        for asked in ("at=2999-01-01", "at=yesterday"):
            assert client.get(f"/figures/delivery_share/?{asked}").status_code == 404
        for name in ("routes_followed_share", "average_weighting"):
            assert client.get(f"/figures/{name}/?at={day}").status_code == 404


def test_a_past_day_asks_as_often_for_one_contract_as_for_many(councils):
    worlds, _ = councils
    day = date(2025, 10, 2)
    with clock.at(NOW):
        put_off(worlds[0])
        with CaptureQueriesContext(connection) as one:
            stood(worlds[0], day)
        Contract.objects.filter(pk=worlds[1].contract.pk).update(authority=worlds[0].authority)
        with CaptureQueriesContext(connection) as two:
            assert len(stood(worlds[0], day)[1]) == 2
    assert len(one) == len(two)


def test_who_leaves_the_comparison_is_shown_for_no_day(councils):
    worlds, analyst = councils
    agreed, left = date(2025, 8, 10), datetime(2025, 10, 1, 9, tzinfo=UTC)
    with clock.at(datetime(2025, 8, 10, 9, tzinfo=UTC)):
        for world in worlds:
            compare(world, agrees=True)
    with clock.at(left):
        compare(worlds[2], agrees=False)
    with clock.at(NOW):
        found = benchmark(analyst, SPAN, at=agreed)
        assert (found.agreeing, found.left, found.rows) == (2, 1, ())
        client = browser(analyst)
        page = client.get(f"/region/comparison/?year=2025-26&at={agreed}").content.decode()
        assert "the end of <strong>10 August 2025</strong>" in page
        assert "2 authorities agreed then and still agree to be compared." in page
        assert left_comparison(1) in page
        assert worlds[2].authority.name not in page
        compare(worlds[2], agrees=True)
        assert len(benchmark(analyst, SPAN, at=agreed).rows) == 3
        # Between leaving and coming back it was not compared.
        between = benchmark(analyst, SPAN, at=date(2025, 10, 2))
        assert (between.agreeing, between.left) == (2, 0)
        asked = f"year=2025-26&at={agreed}"
        rows = rows_of(client.get(f"/region/comparison/values.csv?{asked}").content)
        assert [row["Authority"] for row in rows][3:] == ["Median", "Lowest", "Highest"]
        council = browser(worlds[0].author)
        assert "Yours beside 3 authorities" in council.get(f"/dashboard/?{asked}").content.decode()
        assert len(rows_of(council.get(f"/dashboard/comparison.csv?{asked}").content)) == 2
        before = council.get("/dashboard/?year=2025-26&at=2025-08-09").content.decode()
        assert "For each pound of contract value" not in before


def test_the_pages_of_a_past_day_ask_as_often_for_one_member_as_for_three(councils):
    worlds, analyst = councils
    region = accounts.region("region")
    day = date(2025, 10, 2)
    with clock.at(datetime(2025, 8, 10, 9, tzinfo=UTC)):
        for world in worlds:
            compare(world, agrees=True)
    with clock.at(NOW):
        put_off(worlds[0])
        asked = []
        for _ in range(2):
            counts = []
            for page in (late_page, benchmark):
                with CaptureQueriesContext(connection) as queries:
                    page(analyst, SPAN, at=day)
                counts.append(len(queries))
            asked.append(counts)
            region.memberships.exclude(authority=worlds[0].authority).delete()
    assert asked[0] == asked[1]


def test_a_sentence_for_who_left():
    assert left_comparison(0) == ""
    assert left_comparison(2) == (
        "2 authorities that agreed then no longer agree to be compared, and are not shown for any date."
    )
