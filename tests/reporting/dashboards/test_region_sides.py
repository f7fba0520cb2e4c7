"""What lies beside a region's dashboard: late updates, the comparison, targets, shared deliveries, a past date."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from python_calamine import CalamineWorkbook

from procurement.action_plans.services import start_plan
from procurement.awards.models import Contract
from procurement.deliveries.services import allocate, record_shared_delivery
from procurement.verifications.services import verify_claim
from reporting.dashboards import services
from reporting.dashboards.models import RegionTarget
from reporting.dashboards.queries.benchmark import benchmark, own_benchmarks
from reporting.dashboards.queries.chase import late_page
from reporting.dashboards.queries.region import region_board
from reporting.dashboards.queries.targets import targets_page
from reporting.figures.rules.benchmark import RunningContract, per_pound, spread
from reporting.figures.rules.spans import Span
from reporting.rollups.services import drain
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from socialvalue.core.periods import FinancialYear
from tests.factories.accounts import AuthorityFactory, SupplierFactory, actor_for_role
from tests.factories.cabinet import CLAIMED, NOW, Q1, STARTED, reported
from tests.factories.deliveries import claim
from tests.factories.ledger import Promise, contract_with, measure
from tests.factories.reporting import browser, drilled_pounds, region_with, rows_of

pytestmark = pytest.mark.django_db
YEAR = FinancialYear(2025)
SPAN = Span(YEAR)


@pytest.fixture(autouse=True)
def _clock():
    cache.clear()
    with clock.at(NOW):
        yield


@pytest.fixture
def two():
    """Two members; of quarter 1 each supplier said two of three things, of quarter 2 (over on 30 September) nothing."""
    worlds = [reported(verified="60"), reported(verified="44")]
    region = region_with(*((world.authority, "2020-01-01", None) for world in worlds))
    return region, worlds, actor_for_role(Role.REGIONAL_ANALYST, region.lead)


# --- late updates -----------------------------------------------------------------------------------


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
    assert "Which updates were late is not kept for a past date." in past
    counts = client.get("/region/late/?year=2025-26&counts=1").content.decode()
    assert "£" not in counts[counts.index("<main") : counts.index("</main>")].replace(
        "Show pounds as well", ""
    )


# --- the comparison ---------------------------------------------------------------------------------


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


# --- targets ----------------------------------------------------------------------------------------


def aim(analyst, key="figure:verified_total", amount="5000", year="2025-26"):
    return services.set_target(
        actor=analyst, region_slug="region", aim_key=key, year=year, amount=Decimal(amount)
    )


def test_a_target_shows_what_is_verified_of_it_and_the_authorities_add_up(two):
    _region, worlds, analyst = two
    aim(analyst)
    aim(analyst, "figure:tco2e_verified", "12.5")
    found = targets_page(analyst, YEAR)
    money, carbon = found.progress
    assert money.verified == Decimal(1300)
    assert [share.value for share in money.shares] == [Decimal(750), Decimal(550)]
    assert sum(share.value for share in money.shares) == money.verified
    client = browser(analyst)
    for share in money.shares:
        assert drilled_pounds(client, share.href) == share.value
    assert drilled_pounds(client, money.href) == money.verified
    assert (carbon.verified, carbon.shares) == (Decimal(0), ())
    board = region_board(analyst, SPAN)
    assert [row.verified for row in board.targets] == [money.verified, carbon.verified]
    assert region_board(analyst, Span(YEAR, 1)).targets == ()
    page = client.get("/region/targets/?year=2025-26").content.decode()
    assert "£5,000" in page
    assert worlds[0].authority.name in page
    assert "How each authority contributes" in client.get("/region/?year=2025-26").content.decode()


@pytest.mark.parametrize(
    ("role", "may_see"), [(Role.REGIONAL_ANALYST, True), (Role.POLICY_OWNER, False)]
)
def test_the_leads_analyst_and_policy_owner_set_targets(two, role, may_see):
    region, worlds, _analyst = two
    actor = actor_for_role(role, region.lead)
    client = browser(actor)
    sent = {"aim": "figure:verified_total", "amount": "5,000", "reason": "Board, 3 May"}
    answer = client.post("/region/targets/new/?region=region&year=2025-26", sent, follow=True)
    page = answer.content.decode()
    assert "The target is set." in page
    assert "Board, 3 May" in page
    # A policy owner reads targets, and totals of members are for analysts.
    assert (worlds[0].authority.name in page) is may_see


def test_nobody_else_sets_them(two):
    region, worlds, analyst = two
    strangers = [
        actor_for_role(Role.REPORT_AUTHOR, region.lead),
        actor_for_role(Role.POLICY_OWNER, worlds[0].authority),
        actor_for_role(Role.REGIONAL_ANALYST, worlds[0].authority),
    ]
    target = aim(analyst)
    for actor in strangers:
        with pytest.raises(NotAllowed):
            aim(actor, "figure:tco2e_verified")
        assert browser(actor).get("/region/targets/").status_code == 403
        assert browser(actor).post(f"/region/targets/{target.pk}/end/").status_code == 403
    other_lead = AuthorityFactory(kind="combined_authority", slug="other-lead", name="Other Lead")
    type(region).objects.create(slug="other", name="Other", lead=other_lead)
    other = actor_for_role(Role.REGIONAL_ANALYST, other_lead)
    with pytest.raises(NotVisible):
        aim(other, "figure:tco2e_verified")
    for deed in (services.end_target, services.change_target):
        more = {"amount": Decimal(1)} if deed is services.change_target else {}
        with pytest.raises(NotVisible):
            deed(actor=other, target_id=target.pk, **more)
    assert browser(other).get(f"/region/targets/{target.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("key", "amount", "year", "field"),
    [
        ("figure:verified_total", "0", "2025-26", "amount"),
        ("figure:verified_total", "-1", "2025-26", "amount"),
        ("figure:verified_total", "0.001", "2025-26", "amount"),
        ("figure:committed_total", "1", "2025-26", "aim"),
        ("measure:1", "1", "2025-26", "aim"),
        ("figure:verified_total", "1", "2025", "year"),
        ("figure:verified_total", "1", "2031-32", "year"),
        ("figure:verified_total", "1", "2019-20", "year"),
    ],
)
def test_what_no_target_can_be(two, key, amount, year, field):
    with pytest.raises(RuleBroken) as refused:
        aim(two[2], key, amount, year)
    assert refused.value.errors[0][0] == field


def test_a_changed_target_keeps_its_history_and_the_second_change_conflicts(two):
    _region, _worlds, analyst = two
    first = aim(analyst)
    with pytest.raises(RuleBroken):
        aim(analyst)
    second = services.change_target(actor=analyst, target_id=first.pk, amount=Decimal(6000))
    with pytest.raises(Conflict):
        services.change_target(actor=analyst, target_id=first.pk, amount=Decimal(7000))
    with pytest.raises(Conflict):
        services.end_target(actor=analyst, target_id=first.pk)
    found = targets_page(analyst, YEAR)
    assert [row.shown for row in found.standing] == ["£6,000"]
    assert [(row.shown, row.ended_at is None) for row in found.history] == [
        ("£6,000", True),
        ("£5,000", False),
    ]
    services.end_target(actor=analyst, target_id=second.pk)
    assert targets_page(analyst, YEAR).standing == ()
    assert RegionTarget.objects.count() == 2


def test_targets_stand_on_a_past_date_as_they_stood_then(two):
    """Set in April, raised in October; what is verified was verified on 3 July."""
    region, _worlds, analyst = two
    with clock.at(STARTED):
        first = aim(analyst)
    services.change_target(actor=analyst, target_id=first.pk, amount=Decimal(6000))
    now, then = targets_page(analyst, YEAR), targets_page(analyst, YEAR, at=date(2025, 7, 3))
    assert [row.shown for row in now.standing] == ["£6,000"]
    assert [row.shown for row in then.standing] == ["£5,000"]
    (early,), (late,) = targets_page(analyst, YEAR, at=date(2025, 7, 2)).progress, then.progress
    assert early.verified == 0 < late.verified
    assert sum(share.value for share in late.shares) == late.verified
    assert drilled_pounds(browser(analyst), late.href) == late.verified
    # The day before it was set there was none; the history is told whole.
    before = targets_page(analyst, YEAR, at=date(2025, 3, 31))
    assert (before.standing, len(before.history)) == ((), 2)
    board = region_board(analyst, SPAN, at=date(2025, 7, 3))
    assert [row.target.shown for row in board.targets] == ["£5,000"]
    # On its last day the change is in it.
    assert targets_page(analyst, YEAR, at=NOW.date()).standing == now.standing
    client = browser(analyst)
    asked = f"?region={region.slug}&year=2025-26&at=2025-07-03"
    page = client.get(f"/region/targets/{asked}").content.decode()
    assert "As they stood at the end of" in page
    # It was ended since: there is nothing to change about it.
    assert f"/region/targets/{first.pk}/" not in page
    file = client.get(f"/region/targets/parts.csv{asked}").content.decode()
    assert "5000.000" in file
    assert then.table.caption.endswith("as at the end of 3 July 2025")


def test_the_database_keeps_one_standing_target_of_an_aim(two):
    row = aim(two[2])
    same = {
        "region_id": row.region_id,
        "financial_year": row.financial_year,
        "set_by_id": row.set_by_id,
        "set_at": row.set_at,
    }
    for more in (
        {"figure": row.figure, "amount": 1},
        {"figure": "", "amount": 1},
        {"figure": "tco2e_verified", "amount": 0},
        {"figure": "tco2e_verified", "amount": 1, "ended_at": row.set_at},
        {"figure": "tco2e_verified", "amount": 1, "measure": measure("M1")},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            RegionTarget.objects.create(**same, **more)


# --- a shared delivery, and a past date -------------------------------------------------------------


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
    assert line.cells[2].quantity == Decimal(100)
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
