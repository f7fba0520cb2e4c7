"""Progress read from plan and ledger: planned to date, verified, where it ends, and nothing asked twice."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from procurement.action_plans.queries import progress_of
from procurement.action_plans.rules.progress import Track
from procurement.action_plans.services import start_plan
from procurement.verifications.services import verify_claim
from socialvalue.accounts.models import User
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from tests.factories.deliveries import claim, world

pytestmark = pytest.mark.django_db
D = Decimal
QUARTERS = [date(2025, 4, 1), date(2025, 7, 1), date(2025, 10, 1), date(2026, 1, 1)]


@pytest.fixture
def site(db):
    """100 hours over eight quarters: 12.5 each. 12, 6 and 20 verified; then 9 claimed."""
    found = world()
    start_plan(actor=SYSTEM, contract_id=found.contract.pk)
    for quarter, quantity in zip(QUARTERS, (12, 6, 20, 9), strict=True):
        at = datetime(quarter.year, quarter.month, 20, 9, tzinfo=UTC)
        with clock.at(at):
            made = claim(found.claimant, found.hours, quantity=D(quantity), quarter=quarter)
            if quantity != 9:
                verify_claim(actor=found.manager, claim_id=made.pk, expected_version=made.version)
    return found


def of(site, on):
    return progress_of([site.contract.pk], on)[site.hours.pk]


def test_before_anything_is_due(site):
    found = of(site, date(2025, 6, 29))
    assert (found.planned, found.track, found.forecast) == (0, Track.NOT_DUE, None)


def test_planned_to_date_against_verified(site):
    """Three quarters are due: 37.5 planned, 38 verified, 47 claimed."""
    found = of(site, date(2026, 1, 10))
    assert (found.planned, found.claimed, found.verified) == (D("37.5"), 47, 38)
    assert found.track == Track.ON_TRACK
    # 38 in three quarters: 12.667 a quarter, five left.
    assert (found.forecast.expected, found.forecast.low, found.forecast.high) == (
        D("101.333"),
        68,
        138,
    )
    assert (found.warns, found.put_right) == (False, "")


def test_a_quarter_just_over_waits_for_its_claims(site):
    """Nine are claimed and not verified: on 20 April the fourth quarter does not count as 0 yet, in May it does."""
    assert of(site, date(2026, 4, 20)).forecast.quarters_seen == 3
    later = of(site, date(2026, 5, 2))
    assert (later.planned, later.track) == (50, Track.AT_RISK)
    # 12, 6, 20, 0: 9.5 a quarter, four left: 76.
    assert (later.forecast.expected, later.forecast.low) == (76, 38)
    assert later.warns
    assert later.put_right == (
        "Deliver 15.5 hours in each of the 4 quarters left to reach 100 hours by 31 March 2027. "
        "It was 9.5 hours a quarter so far."
    )


def test_missed_when_it_is_over(site):
    found = of(site, date(2027, 4, 1))
    assert found.track == Track.MISSED
    assert found.put_right.startswith("The contract is over and 62 hours less than promised")


def test_what_stands_alone_is_not_compared(site):
    rows = progress_of([site.contract.pk], date(2026, 1, 10))
    assert not rows[site.yes.pk].is_tracked
    share = rows[site.share.pk]
    assert (share.planned, share.verified, share.forecast) == (60, 0, None)


def test_queries_do_not_grow(site, django_assert_num_queries):
    other = world()
    start_plan(actor=SYSTEM, contract_id=other.contract.pk)
    ids = [site.contract.pk, other.contract.pk]
    with django_assert_num_queries(6):
        assert len(progress_of(ids, date(2026, 5, 2))) == 6


def test_the_contract_page_says_it_in_words(site, client):
    client.force_login(User.objects.get(pk=site.manager.user_id))
    address = reverse("procurement:awards:contract", args=[site.contract.pk])
    with clock.at(datetime(2026, 5, 2, 9, tzinfo=UTC)):
        text = client.get(address).content.decode()
    assert "How it stands on 2 May 2026" in text
    assert "Early warning" in text
    assert "At risk" in text
    assert "What would put it right:" in text
    assert "The range" not in text
    assert "The low end takes the slowest of them" in text
    stranger = world()
    client.force_login(User.objects.get(pk=stranger.manager.user_id))
    assert client.get(address).status_code == 404
