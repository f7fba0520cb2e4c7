"""What an authority lets its region see: who chooses, what is said, what is kept, and what the database refuses."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from socialvalue.accounts import queries, services
from socialvalue.accounts.models import RegionMembership
from socialvalue.accounts.rules import RegionSees, in_words, what_changes
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import AuthorityFactory, actor_for_role
from tests.factories.reporting import browser, region_with

pytestmark = pytest.mark.django_db
ADDRESS = "/organisations/region/"


@pytest.fixture
def member():
    return AuthorityFactory(slug="member", name="Member Council")


@pytest.fixture
def region(member):
    """The member left and came back."""
    return region_with((member, "2020-01-01", "2022-03-31"), (member, "2023-04-01", None))


@pytest.fixture
def manager(member, region):
    return actor_for_role(Role.DIRECTORATE_MANAGER, member)


def choose(actor, *, withheld=False, compared=False, version=None, slug="region"):
    seen = queries.region_choice(actor).version if version is None else version
    services.choose_region_sees(
        actor=actor,
        region_slug=slug,
        is_withheld=withheld,
        in_benchmark=compared,
        expected_version=seen,
    )


def test_nothing_is_withheld_and_nobody_is_compared_until_somebody_says_so(manager, region):
    assert queries.region_choice(manager).sees == RegionSees(False, False)
    assert queries.compared_in(region.pk, date(2025, 4, 1), date(2026, 3, 31)) == {}


@pytest.mark.parametrize("role", [Role.DIRECTORATE_MANAGER, Role.ORGANISATION_ADMIN])
def test_a_manager_chooses_for_all_the_time_in_the_region_and_it_is_recorded(member, region, role):
    actor = actor_for_role(role, member)
    choose(actor, withheld=True)
    assert set(RegionMembership.objects.values_list("is_withheld", flat=True)) == {True}
    (row,) = AuditRecord.objects.filter(deed="region_sees_chosen")
    assert row.sentence == ("Member Council now withholds its figures from the region: The Region.")
    assert (row.before["is_withheld"], row.after["is_withheld"]) == (False, True)
    choose(actor, compared=True)
    assert queries.region_choice(actor).sees == RegionSees(False, True)
    assert queries.compared_in(region.pk, date(2025, 4, 1), date(2026, 3, 31)) == {
        member.pk: "Member Council"
    }
    assert queries.compared_in(region.pk, date(2022, 4, 1), date(2023, 3, 31)) == {}


@pytest.mark.parametrize(
    "role", [Role.POLICY_OWNER, Role.REPORT_AUTHOR, Role.AUDITOR, Role.REGIONAL_ANALYST]
)
def test_nobody_else_of_the_authority_chooses(member, region, role):
    actor = actor_for_role(role, member)
    with pytest.raises(NotAllowed):
        choose(actor, withheld=True, version=2)
    assert browser(actor).get(ADDRESS).status_code == 403
    assert (
        browser(actor).post(ADDRESS, {"figures": "withheld", "compared": "no"}).status_code == 403
    )
    assert not RegionMembership.objects.filter(is_withheld=True).exists()


def test_a_manager_of_another_authority_or_of_the_lead_has_no_choice_there(region):
    for authority in (AuthorityFactory(), region.lead):
        actor = actor_for_role(Role.DIRECTORATE_MANAGER, authority)
        assert queries.region_choice(actor) is None
        with pytest.raises(NotVisible):
            choose(actor, withheld=True, version=2)
        client = browser(actor)
        assert "belongs to no region as a member" in client.get(ADDRESS).content.decode()
        sent = {"figures": "withheld", "compared": "no", "version": "2"}
        assert client.post(f"{ADDRESS}?region=region", sent).status_code == 404
    assert not RegionMembership.objects.filter(is_withheld=True).exists()


def test_the_second_of_two_who_choose_sees_the_first(manager, member):
    other = actor_for_role(Role.ORGANISATION_ADMIN, member)
    seen = queries.region_choice(manager).version
    choose(manager, withheld=True, version=seen)
    with pytest.raises(Conflict):
        choose(other, compared=True, version=seen)
    assert queries.region_choice(other).sees == RegionSees(True, False)


def test_saving_what_holds_changes_and_records_nothing(manager):
    before = queries.region_choice(manager).version
    choose(manager)
    assert queries.region_choice(manager).version == before
    assert not AuditRecord.objects.filter(deed="region_sees_chosen").exists()


def test_withheld_figures_are_not_compared_in_the_service_and_the_database(manager, region):
    with pytest.raises(RuleBroken) as refused:
        choose(manager, withheld=True, compared=True)
    assert refused.value.errors[0][0] == "compared"
    with pytest.raises(IntegrityError), transaction.atomic():
        region.memberships.update(is_withheld=True, in_benchmark=True)


def test_one_withheld_time_withholds_all_and_a_new_time_needs_a_new_consent(member, region):
    """A new row comes with no choice: it neither opens what is withheld nor agrees for anybody."""
    first, _ = region.memberships.order_by("from_on")
    period = (date(2025, 4, 1), date(2026, 3, 31))
    region.memberships.filter(pk=first.pk).update(is_withheld=True)
    found = queries.members_of(region.pk, *period)
    assert [row.is_withheld for row in found] == [False, True]
    region.memberships.filter(pk=first.pk).update(is_withheld=False, in_benchmark=True)
    assert queries.compared_in(region.pk, *period) == {}


def test_the_page_says_what_changes_saves_both_and_keeps_what_was_typed_on_a_conflict(manager):
    client = browser(manager)
    page = client.get(ADDRESS).content.decode()
    assert "Shared" in page
    assert "Not compared" in page
    version = queries.region_choice(manager).version
    asked = {"region": "region", "figures": "withheld", "compared": "no", "version": version}
    told = client.get(reverse("accounts:region_sees_advice"), asked).content.decode()
    assert "The totals of The Region leave your figures out" in told
    both = client.get(
        reverse("accounts:region_sees_advice"), asked | {"compared": "yes"}
    ).content.decode()
    assert "cannot be compared" in both
    sent = {"figures": "withheld", "compared": "no", "version": version}
    answer = client.post(f"{ADDRESS}?region=region", sent, follow=True)
    page = answer.content.decode()
    assert "Withheld" in page
    assert "Saved. The totals of The Region leave your figures out" in page
    late = client.post(f"{ADDRESS}?region=region", sent | {"figures": "shared"})
    assert late.status_code == 409
    assert queries.region_choice(manager).sees.is_withheld
    broken = client.post(f"{ADDRESS}?region=region", sent | {"compared": "yes"})
    assert broken.status_code == 422
    assert "Figures that are withheld cannot be compared" in broken.content.decode()
    # Beside boxes that differ from what holds, the page does not say that nothing changes.
    for page in (late, broken):
        assert "Nothing: this is what holds now" not in page.content.decode()
    assert "hold your figures again" in late.content.decode()


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (RegionSees(), RegionSees(True), "withholds its figures from the region"),
        (
            RegionSees(False, True),
            RegionSees(True),
            "withholds its figures from the region and leaves the comparison",
        ),
        (RegionSees(True), RegionSees(), "shares its figures with the region"),
        (
            RegionSees(True),
            RegionSees(False, True),
            "shares its figures with the region and is compared with others",
        ),
        (RegionSees(), RegionSees(False, True), "is compared with others"),
        (RegionSees(False, True), RegionSees(), "is no longer compared with others"),
    ],
)
def test_the_record_says_what_was_chosen(before, after, words):
    assert in_words(before, after) == words


def test_words_for_each_choice_that_differs():
    nothing, withheld, compared = RegionSees(), RegionSees(True), RegionSees(False, True)
    assert what_changes("R", nothing, nothing) == ()
    assert len(what_changes("R", compared, withheld)) == 2
    assert "hold your figures again" in what_changes("R", withheld, nothing)[0]
