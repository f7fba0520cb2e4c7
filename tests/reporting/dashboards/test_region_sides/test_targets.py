"""Beside a region's dashboard: its targets, who sets them, and their history."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from reporting.dashboards import services
from reporting.dashboards.models import RegionTarget
from reporting.dashboards.queries.region import region_board
from reporting.dashboards.queries.targets import targets_page
from reporting.figures.rules.spans import Span
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import AuthorityFactory, actor_for_role
from tests.factories.cabinet import NOW, STARTED
from tests.factories.ledger import measure
from tests.factories.reporting import browser, drilled_pounds
from tests.reporting.dashboards.test_region_sides.steps import SPAN, YEAR

pytestmark = pytest.mark.django_db


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
