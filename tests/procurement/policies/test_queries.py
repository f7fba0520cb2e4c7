from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest

from procurement.policies import queries
from procurement.policies.models import Policy, PolicyBand, PolicyVersion
from socialvalue.accounts import queries as accounts
from socialvalue.core import clock
from socialvalue.core.errors import NotVisible, RuleBroken
from tests.factories.accounts import AuthorityFactory
from tests.factories.policies import load_law_and_policies

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 1)


@pytest.fixture(autouse=True)
def law():
    load_law_and_policies()


def decide(slug="wmca", amount="180000", **more):
    facts = {
        "authority_id": accounts.organisation(slug).pk,
        "category": "services",
        "amount": Decimal(amount),
        "basis": "excl",
        "vat_rate_percent": None,
        "commenced_on": DAY,
    }
    return queries.decide(**{**facts, **more})


def test_the_regions_lead_follows_its_own_policy():
    result = decide()
    assert (result.policy.policy_slug, result.policy.is_default) == (
        "wmca-social-value-policy",
        False,
    )
    assert (result.route, result.band_name) == (
        "toms_mandatory",
        "At or above the statutory threshold",
    )
    assert (result.weighting_min_percent, result.weighting_max_percent) == (5, 30)
    assert result.weighting_sentence == "Social value weighting from 5% to 30%, or pass or fail"


def test_a_member_without_a_policy_follows_the_regional_default_and_it_is_said():
    result = decide("coventry")
    assert (result.policy.policy_slug, result.policy.is_default) == (
        "wmca-social-value-policy",
        True,
    )
    assert "It applies as the regional default." in result.explanation


def test_warwickshire_follows_its_own_version_with_the_regional_bands():
    result = decide("warwickshire")
    assert result.policy.policy_slug == "warwickshire-social-value-policy"
    assert (
        result.policy.bands_from
        == "West Midlands Combined Authority Social Value Policy, version 1"
    )
    assert (
        PolicyBand.objects.get(pk=result.band_id).version.policy.slug == "wmca-social-value-policy"
    )
    assert (
        PolicyVersion.objects.get(pk=result.policy_version_id).policy.slug
        == "warwickshire-social-value-policy"
    )


@pytest.mark.parametrize(
    ("day", "slug"),
    [
        (date(2021, 9, 8), "wmca-social-value-policy"),
        (date(2021, 9, 9), "warwickshire-social-value-policy"),
    ],
)
def test_the_version_in_force_on_the_day_it_commenced(day, slug):
    assert decide("warwickshire", commenced_on=day).policy.policy_slug == slug


@pytest.mark.parametrize(("day", "known"), [(date(2017, 3, 31), False), (date(2017, 4, 1), True)])
def test_before_the_first_policy_there_is_an_error(day, known):
    if known:
        assert decide(commenced_on=day).route == "toms_mandatory"
        return
    with pytest.raises(
        RuleBroken, match="No social value policy was in force on 31 March 2017"
    ) as broken:
        decide(commenced_on=day)
    assert broken.value.errors[0][0] == "commenced_on"


@pytest.mark.parametrize("day", [date(2013, 12, 31), date(2028, 1, 1)])
def test_a_date_outside_the_table_names_the_law_first(day):
    with pytest.raises(RuleBroken, match="There is no statutory threshold"):
        decide(commenced_on=day)


def test_an_authority_outside_every_region_follows_the_only_regional_default():
    outside = AuthorityFactory()
    assert decide(authority_id=outside.pk).policy.is_default is True


def test_several_vat_rates_and_a_utility_are_decided_on_their_own_figures():
    mixed = decide(amount="200000", other_amount=Decimal("207719.99"))
    assert (mixed.route, mixed.compared_amount) == ("toms_advised", Decimal("207719.99"))
    assert decide(amount="200000", other_amount=Decimal("207720")).route == "toms_mandatory"
    utility = decide(amount="346199.99", is_utilities=True)
    assert (utility.route, utility.threshold.amount) == ("toms_advised", 415440)


def draft_version_of(slug: str, *, bands: int) -> PolicyVersion:
    """A version of the organisation's own, the newest on DAY once it is adopted."""
    owner = accounts.organisation(slug)
    policy = Policy.objects.filter(organisation_id=owner.pk).first() or Policy.objects.create(
        organisation_id=owner.pk, slug=f"{slug}-own", title="Own policy"
    )
    version = PolicyVersion.objects.create(
        policy=policy, number=90, valid_from=DAY, weighting_min_percent=5,
        weighting_max_percent=30, source="A test",
    )  # fmt: skip
    for position in range(1, bands + 1):
        PolicyBand.objects.create(
            version=version, position=position, name="More", lower=Decimal(10**6) * (position - 1),
            route="toms_mandatory", paragraph="x", guidance="x",
        )  # fmt: skip
    return version


def test_a_draft_version_binds_nobody():
    draft_version_of("coventry", bands=3)
    assert decide("coventry").policy.is_default is True


def test_a_decision_costs_the_same_whatever_the_number_of_bands(django_assert_num_queries):
    authority_id = accounts.organisation("wmca").pk
    with django_assert_num_queries(5):
        queries.decide(
            authority_id=authority_id, category="services", amount=Decimal(1), basis="excl",
            vat_rate_percent=None, commenced_on=DAY,
        )  # fmt: skip
    many = draft_version_of("wmca", bands=24)
    PolicyVersion.objects.filter(pk=many.pk).update(status="adopted", adopted_at=clock.now())
    assert queries.policy_in_force(authority_id, DAY).version_id == many.pk
    with django_assert_num_queries(5):
        queries.decide(
            authority_id=authority_id, category="services", amount=Decimal(1), basis="excl",
            vat_rate_percent=None, commenced_on=DAY,
        )  # fmt: skip


def test_the_policy_page_names_whom_it_binds():
    page = queries.current_policy_page(accounts.organisation("coventry").pk, DAY)
    assert "West Midlands Combined Authority" in page.applies_to
    assert "Coventry City Council" in page.applies_to
    assert "Warwickshire County Council" not in page.applies_to
    assert [(band.lower, band.upper) for band in page.bands] == [
        ("£0", "£50,000 excluding VAT"),
        ("£50,000 excluding VAT", "The statutory threshold"),
        ("The statutory threshold", "No upper limit"),
    ]
    assert [row.amount for row in page.thresholds] == [207720, 5193000, 663540, 5193000]


def test_a_version_that_does_not_exist_is_not_visible():
    with pytest.raises(NotVisible):
        queries.policy_version_page("wmca-social-value-policy", 2, DAY)


def test_thresholds_through_time_leave_no_day_twice_and_never_mix_vat():
    for history in queries.threshold_histories():
        lines = list(reversed(history.lines))
        for earlier, later in pairwise(lines):
            assert earlier.effective_to is not None
            assert earlier.effective_to < later.effective_from
        for basis in ("excl", "incl"):
            assert {line.row.vat_basis for line in history.on_basis(basis)} <= {basis}
    services = queries.threshold_histories()[0]
    assert [(line.row.regime, line.effective_to) for line in services.lines[:3]] == [
        ("PA2023", date(2027, 12, 31)),
        ("PA2023", date(2025, 12, 31)),
        ("PCR2015", date(2025, 2, 23)),
    ]
