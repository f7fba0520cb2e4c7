"""Who acts, for whom, and in which region on which day."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from socialvalue.accounts import queries, services
from socialvalue.accounts.models import Membership, Organisation, RegionMembership
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from socialvalue.core.actor import ANONYMOUS, SYSTEM, Actor
from socialvalue.core.errors import NotAllowed, NotVisible
from tests.factories.accounts import AuthorityFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def region():
    services.load_organisations(actor=SYSTEM)
    return queries.region("west-midlands")


def test_loading_twice_changes_nothing(region):
    before = (Organisation.objects.count(), RegionMembership.objects.count())
    services.load_organisations(actor=SYSTEM)
    assert (Organisation.objects.count(), RegionMembership.objects.count()) == before == (18, 17)


def test_only_the_platform_sets_up_organisations():
    for deed in (
        lambda: services.load_organisations(actor=Actor(user_id=1)),
        lambda: services.grant_role(
            actor=Actor(user_id=1),
            user=UserFactory(),
            organisation=AuthorityFactory(),
            role=Role.AUDITOR,
        ),
    ):
        with pytest.raises(NotAllowed):
            deed()


def test_an_authority_is_found_by_the_names_notices_use(region):
    assert queries.authority_named("Sandwell Metropolitan Borough Council").slug == "sandwell"
    assert queries.authority_named("WARWICKSHIRE COUNTY COUNCIL (WCC)").slug == "warwickshire"
    assert queries.authority_named("West Midlands Combined Authority").slug == "wmca"
    assert queries.authority_named("University of Worcester") is None


def test_a_member_counts_from_its_first_to_its_last_day(region):
    authority = Organisation.objects.get(slug="rugby")
    RegionMembership.objects.filter(authority=authority).update(
        from_on=date(2024, 4, 1), to_on=date(2025, 3, 31)
    )
    assert queries.region_of(authority.pk, date(2024, 3, 31)) is None
    assert queries.region_of(authority.pk, date(2024, 4, 1)) == region
    assert queries.region_of(authority.pk, date(2025, 3, 31)) == region
    assert queries.region_of(authority.pk, date(2025, 4, 1)) is None
    slugs = {m.slug for m in queries.members_of(region.pk, date(2025, 4, 1), date(2026, 3, 31))}
    assert "rugby" not in slugs
    assert {"wmca", "birmingham", "warwickshire"} <= slugs


def test_a_person_acts_where_they_hold_a_role(region):
    user = UserFactory()
    wmca = Organisation.objects.get(slug="wmca")
    services.grant_role(actor=SYSTEM, user=user, organisation=wmca, role=Role.REGIONAL_ANALYST)
    services.grant_role(actor=SYSTEM, user=user, organisation=wmca, role=Role.REGIONAL_ANALYST)
    assert Membership.objects.filter(user=user).count() == 1
    assert AuditRecord.objects.filter(deed="role_granted").count() == 1
    actor = queries.actor_for(user, "wmca")
    assert actor.has(Role.REGIONAL_ANALYST)
    assert actor.region_ids == {region.pk}
    with pytest.raises(NotVisible):
        queries.actor_for(user, "birmingham")


def test_an_ended_role_is_no_role():
    membership = MembershipFactory(role=Role.AUDITOR)
    Membership.objects.filter(pk=membership.pk).update(ended_at=clock.now())
    assert queries.seats_of(membership.user_id) == []


def test_a_person_switches_openly_between_their_organisations(client):
    user = UserFactory()
    first = AuthorityFactory(name="Aardvark Council")
    second = AuthorityFactory(name="Zebra Council")
    for organisation in (first, second):
        MembershipFactory(user=user, organisation=organisation, role=Role.AUDITOR)
    client.force_login(user)
    assert client.get("/accessibility/").context["acting_organisation"].name == "Aardvark Council"
    client.post("/organisations/switch/", {"organisation": second.slug})
    page = client.get("/accessibility/")
    assert page.context["acting_organisation"].name == "Zebra Council"
    assert b"Zebra Council" in page.content


def test_nobody_switches_to_an_organisation_that_is_not_theirs(client):
    membership = MembershipFactory(role=Role.AUDITOR)
    other = AuthorityFactory()
    client.force_login(membership.user)
    response = client.post("/organisations/switch/", {"organisation": other.slug})
    assert response.status_code == 404
    page = client.get("/accessibility/")
    assert page.context["actor"].organisation_id == membership.organisation_id


def test_email_addresses_are_one_whatever_their_case():
    user = services.add_person(
        actor=SYSTEM, email="Officer@Example.org", full_name="Officer", password="a-long-password"
    )
    again = services.add_person(
        actor=SYSTEM, email="officer@example.ORG", full_name="Other", password="another-password"
    )
    assert again == user
    assert queries.user_by_email("OFFICER@example.org") == user


def test_people_sign_in_by_email(client):
    services.add_person(
        actor=SYSTEM, email="officer@example.org", full_name="Officer", password="a-long-password"
    )
    response = client.post(
        "/account/login/", {"login": "OFFICER@example.org", "password": "a-long-password"}
    )
    assert response.status_code == 302
    assert "_auth_user_id" in client.session


def test_a_wrong_password_says_nothing_about_the_address(client):
    services.add_person(
        actor=SYSTEM, email="officer@example.org", full_name="Officer", password="a-long-password"
    )
    answers = []
    for login in ("officer@example.org", "nobody@example.org"):
        response = client.post("/account/login/", {"login": login, "password": "wrong-password"})
        assert "_auth_user_id" not in client.session
        answers.append(response.context["form"].errors["__all__"])
    assert answers[0] == answers[1]


def test_nobody_signs_up_alone(client):
    response = client.get("/account/signup/")
    assert b'type="password"' not in response.content
    assert f'href="{reverse("accounts:register")}"' in response.content.decode()
    client.post("/account/signup/", {"email": "x@example.org", "password1": "a-long-password"})
    assert queries.user_by_email("x@example.org") is None


def test_a_shared_password_is_given_only_to_those_who_have_none():
    known = services.add_person(
        actor=SYSTEM, email="known@example.org", full_name="Officer", password="of-their-own-1"
    )
    new = services.add_person(
        actor=SYSTEM, email="new@example.org", full_name="Officer", password=None
    )
    services.share_password(actor=SYSTEM, people=[known, new], password="everybody-reads-it")
    for person in (known, new):
        person.refresh_from_db()
    assert known.check_password("of-their-own-1")
    assert new.check_password("everybody-reads-it")


def test_only_the_platform_shares_a_password():
    with pytest.raises(NotAllowed):
        services.share_password(actor=ANONYMOUS, people=[], password="everybody-reads-it")
