"""Who keeps the service running sees nobody's data until they open an access: for a reason, told and recorded."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.account.internal.flows import login
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.core import mail
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from procurement.procurements.models import Procurement
from socialvalue.accounts.models import PlatformAccess, User
from socialvalue.accounts.queries import actor_for
from socialvalue.accounts.queries.platform import STRANGER_DAYS, strangers
from socialvalue.accounts.rules.platform import checked_reason, ends_at, is_recent
from socialvalue.accounts.services import grant_role
from socialvalue.accounts.services.platform import (
    add_operator,
    end_platform_access,
    open_platform_access,
)
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.models import AccessRecord, AuditRecord
from socialvalue.audit.vocabulary import AccessKind
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from socialvalue.core.admin import ReadOnlyAdmin
from socialvalue.core.errors import NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import (
    AuthorityFactory,
    MembershipFactory,
    SupplierFactory,
    UserFactory,
    actor_for_role,
    user_with_role,
)
from tests.factories.policies import load_law_and_policies
from tests.factories.procurements import procurement_of

WHY = "The total on their dashboard does not load since this morning."
pytestmark = pytest.mark.django_db


def operator() -> User:
    return UserFactory(is_staff=True, full_name="An operator")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def opened(user: User, slug: str = "", hours: int = 1) -> PlatformAccess:
    return open_platform_access(
        actor=actor_for(user), organisation_slug=slug, reason=WHY, hours=hours
    )


# --- rules ----------------------------------------------------------------------------------------


def test_an_access_ends_after_four_hours_at_most():
    now = clock.now()
    assert ends_at(now, 1) == now + timedelta(hours=1)
    assert ends_at(now, 4) == now + timedelta(hours=4)
    for hours in (0, 3, 5, 24):
        with pytest.raises(RuleBroken, match="Select 1, 2 or 4 hours"):
            ends_at(now, hours)


def test_a_reason_is_a_sentence():
    assert checked_reason("  fifteen\n letters ") == "fifteen letters"
    with pytest.raises(RuleBroken, match="why this access is needed"):
        checked_reason("fifteen letter")


def test_a_second_step_is_recent_for_a_quarter_of_an_hour():
    now = clock.now()
    assert is_recent(now - timedelta(minutes=15), now)
    assert not is_recent(now - timedelta(minutes=15, seconds=1), now)
    assert not is_recent(now + timedelta(seconds=1), now)
    assert not is_recent(None, now)


# --- without an access ----------------------------------------------------------------------------


def procurement(title: str) -> Procurement:
    load_law_and_policies()
    return procurement_of(actor_for_role(Role.PROCUREMENT_OFFICER), title=title)


@pytest.fixture
def canary():
    return procurement("Canary of the authority")


def test_an_operator_sees_no_business(canary):
    client = signed_in(operator())
    assert client.get("/")["Location"] == "/platform/"
    page = client.get("/platform/").content.decode()
    assert canary.title not in page
    assert "You see no procurement, bid, contract or report" in page
    for path in ("/procurements/", f"/procurements/{canary.pk}/", "/dashboard/", "/reports/"):
        answer = client.get(path)
        assert answer.status_code in (403, 404), path
        assert canary.title not in answer.content.decode()
    # The control: somebody of the authority reads it.
    officer = user_with_role(Role.PROCUREMENT_OFFICER, canary.authority)
    assert canary.title in signed_in(officer).get(f"/procurements/{canary.pk}/").content.decode()


def test_what_an_operator_once_held_does_not_count(canary):
    user = user_with_role(Role.PROCUREMENT_OFFICER, canary.authority)
    User.objects.filter(pk=user.pk).update(is_staff=True)
    assert signed_in(user).get(f"/procurements/{canary.pk}/").status_code in (403, 404)
    assert actor_for(User.objects.get(pk=user.pk)).roles == frozenset()
    with pytest.raises(NotVisible):
        actor_for(User.objects.get(pk=user.pk), canary.authority.slug)


def test_an_operator_is_granted_no_role():
    with pytest.raises(RuleBroken, match="holds no role"):
        grant_role(
            actor=SYSTEM,
            user=operator(),
            organisation=AuthorityFactory(),
            role=Role.AUDITOR,
        )


def test_nobody_else_gets_to_the_platform():
    for role in (Role.ORGANISATION_ADMIN, Role.AUDITOR, Role.SUPPLIER_ADMIN, Role.REGIONAL_ANALYST):
        client = signed_in(user_with_role(role))
        for name in ("platform", "platform_access", "platform_invite"):
            assert client.get(reverse(f"accounts:{name}")).status_code == 403
        assert client.post(reverse("accounts:platform_access"), {}).status_code == 403
        assert client.post(reverse("accounts:platform_access_end")).status_code == 403
        assert client.get("/admin/").status_code == 302
        with pytest.raises(NotAllowed):
            open_platform_access(
                actor=actor_for_role(role), organisation_slug="", reason=WHY, hours=1
            )


# --- the admin ------------------------------------------------------------------------------------

PLATFORM_TABLES = {"Organisation", "Region", "RegionMembership", "Membership", "DailySeal"}


def test_the_admin_has_tables_that_are_only_read():
    assert admin.site._registry
    for model, kept in admin.site._registry.items():
        assert isinstance(kept, ReadOnlyAdmin), model
    found = {m.__name__ for m, kept in admin.site._registry.items() if kept.is_platform}
    assert found == PLATFORM_TABLES
    names = {model.__name__ for model in admin.site._registry}
    assert names.isdisjoint(
        {"Authenticator", "Group", "EmailAddress", "UserSession", "SocialAccount"}
    )


def admin_lists() -> dict[str, str]:
    return {
        model.__name__: f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        for model in admin.site._registry
    }


def test_the_admin_shows_platform_tables_only(canary):
    """A superuser too: being one opens no table of the business."""
    client = signed_in(UserFactory(is_staff=True, is_superuser=True))
    for name, path in admin_lists().items():
        assert client.get(path).status_code == (200 if name in PLATFORM_TABLES else 403), path
    index = client.get("/admin/").content.decode()
    assert "/admin/accounts/organisation/" in index
    assert "/admin/procurement/" not in index
    assert client.get(f"/admin/procurement/procurement/{canary.pk}/change/").status_code == 403
    assert client.get("/admin/password_change/")["Location"] == reverse("account_change_password")


def test_an_access_to_the_whole_service_opens_the_tables_to_read(canary):
    user = operator()
    client = signed_in(user)
    opened(user)
    for path in admin_lists().values():
        assert client.get(path).status_code == 200, path
        assert client.get(f"{path}add/").status_code == 403, path
    page = client.get("/admin/procurement/procurement/")
    assert canary.title in page.content.decode()
    # The pages of the authority stay closed: that takes an access to it.
    assert client.get(f"/procurements/{canary.pk}/").status_code in (403, 404)


def test_an_access_to_one_authority_opens_no_table(canary):
    user = operator()
    opened(user, canary.authority.slug)
    assert signed_in(user).get("/admin/procurement/procurement/").status_code == 403


# --- an access ------------------------------------------------------------------------------------


def test_it_reads_as_an_auditor_and_says_so_on_every_page(canary):
    user, other = operator(), procurement("Canary of another authority")
    client = signed_in(user)
    access = opened(user, canary.authority.slug, hours=2)
    for path in ("/procurements/", f"/procurements/{canary.pk}/"):
        page = client.get(path).content.decode()
        assert canary.title in page, path
        assert "Platform access" in page
        assert f"You are looking at {canary.authority.name} until" in page
        assert other.title not in page
    assert client.get(f"/procurements/{other.pk}/").status_code == 404
    assert access.until_at - access.from_at == timedelta(hours=2)


def test_it_writes_nothing(canary):
    user = operator()
    client = signed_in(user)
    opened(user, canary.authority.slug)
    before = Procurement.objects.count(), AuditRecord.objects.count()
    for path in (
        f"/procurements/{canary.pk}/",
        "/procurements/new/",
        "/organisations/place/",
        "/organisations/region/",
    ):
        answer = client.post(path, {"title": "Mine"})
        assert answer.status_code == 403, path
        assert "changes nothing" in answer.content.decode()
    assert (Procurement.objects.count(), AuditRecord.objects.count()) == before


def test_every_page_is_kept_as_an_access_of_the_organisation(canary):
    user = operator()
    client = signed_in(user)
    opened(user, canary.authority.slug)
    for _ in range(2):
        client.get(f"/procurements/{canary.pk}/")
    client.get("/platform/")
    rows = AccessRecord.objects.filter(kind=AccessKind.PLATFORM_ACCESS)
    assert [(row.address, row.organisation_id, row.user_id) for row in rows] == [
        (f"/procurements/{canary.pk}/", canary.authority_id, user.pk)
    ] * 2
    assert {row.subject for row in rows} == {WHY}
    assert rows[0].sentence == f"Looked at a page of {canary.authority.name} as platform operator."


def test_it_ends_by_itself(canary):
    user = operator()
    client = signed_in(user)
    access = opened(user, canary.authority.slug)
    with clock.at(access.until_at - timedelta(seconds=1)):
        assert client.get(f"/procurements/{canary.pk}/").status_code == 200
    with clock.at(access.until_at):
        assert client.get(f"/procurements/{canary.pk}/").status_code in (403, 404)


def test_it_is_ended_by_hand(canary):
    user = operator()
    client = signed_in(user)
    opened(user, canary.authority.slug)
    assert client.post("/platform/access/end/")["Location"] == "/platform/access/"
    assert client.get(f"/procurements/{canary.pk}/").status_code in (403, 404)
    assert not end_platform_access(actor=actor_for(user))
    deeds = AuditRecord.objects.filter(organisation_id=canary.authority_id).order_by("id")
    assert [row.deed for row in deeds][-2:] == ["platform_access_opened", "platform_access_ended"]
    assert deeds.last().actor_name == "An operator (platform operator)"


def test_the_next_access_ends_the_one_before(canary):
    user, other = operator(), AuthorityFactory()
    first = opened(user, canary.authority.slug)
    opened(user, other.slug)
    first.refresh_from_db()
    assert first.ended_at is not None
    assert PlatformAccess.objects.filter(operator=user, ended_at__isnull=True).count() == 1
    assert signed_in(user).get(f"/procurements/{canary.pk}/").status_code == 404


def test_the_administrators_are_told(canary, django_capture_on_commit_callbacks, jobs_at_once):
    boss = user_with_role(Role.ORGANISATION_ADMIN, canary.authority)
    user_with_role(Role.ORGANISATION_ADMIN)
    user_with_role(Role.AUDITOR, canary.authority)
    user = operator()
    with django_capture_on_commit_callbacks(execute=True):
        opened(user, canary.authority.slug)
    (letter,) = mail.outbox
    assert letter.to == [boss.email]
    assert letter.subject == f"A platform operator is looking at {canary.authority.name}"
    assert WHY in letter.body
    assert "An operator" in letter.body


def test_about_the_whole_service_the_other_operators_are_told(
    django_capture_on_commit_callbacks, jobs_at_once
):
    user, second = operator(), operator()
    with django_capture_on_commit_callbacks(execute=True):
        opened(user)
    (letter,) = mail.outbox
    assert letter.to == [second.email]


def test_a_supplier_is_not_looked_at():
    """Its offers are its own until they are opened."""
    with pytest.raises(NotVisible):
        opened(operator(), SupplierFactory().slug)


# --- the form -------------------------------------------------------------------------------------

FORM = "/platform/access/"


def typed(slug: str = "*") -> dict[str, str]:
    return {"organisation": slug, "reason": WHY, "hours": "1"}


def signed_in_with(user: User, method: str, ago: timedelta, **more) -> Client:
    client = signed_in(user)
    session = client.session
    at = (clock.now() - ago).timestamp()
    session[login._AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(user.pk)
    session[login.AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": method, "at": at, **more}]
    session.save()
    return client


def test_it_takes_a_second_step_made_just_now(canary):
    user = operator()
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    client = signed_in_with(user, "mfa", timedelta(minutes=16), type="totp")
    answer = client.post(FORM, typed(canary.authority.slug))
    assert answer["Location"] == f"{reverse('mfa_reauthenticate')}?next=%2Fplatform%2Faccess%2F"
    assert not PlatformAccess.objects.exists()
    # What was typed is there again.
    page = client.get(FORM).content.decode()
    assert WHY in page
    assert "You have proved that it is you. What you typed is still here" in page
    client = signed_in_with(user, "mfa", timedelta(minutes=14), type="totp")
    assert client.post(FORM, typed(canary.authority.slug))["Location"] == "/"
    assert PlatformAccess.objects.get().organisation_id == canary.authority_id


def test_where_no_second_step_is_asked_the_password_is(canary):
    user = operator()
    client = signed_in_with(user, "password", timedelta(minutes=1))
    answer = client.post(FORM, typed(canary.authority.slug))
    assert answer["Location"].startswith(reverse("account_reauthenticate"))
    client = signed_in_with(user, "password", timedelta(minutes=1), reauthenticated=True)
    assert client.post(FORM, typed())["Location"] == "/admin/"


def test_where_a_second_step_is_asked_and_missing_nothing_opens(canary, settings):
    settings.MFA_REQUIRED = True
    user = operator()
    opened(user, canary.authority.slug)
    client = signed_in(user)
    for path in (f"/procurements/{canary.pk}/", "/platform/", "/admin/"):
        assert client.get(path)["Location"] == reverse("accounts:second_step"), path


def test_a_short_reason_says_how_to_mend_it(canary):
    client = signed_in_with(operator(), "password", timedelta(0), reauthenticated=True)
    answer = client.post(FORM, typed(canary.authority.slug) | {"reason": "Because"})
    assert answer.status_code == 422
    assert "Say in a sentence why this access is needed" in answer.content.decode()
    assert "Because" in answer.content.decode()


def test_an_operator_invites_an_administrator(django_capture_on_commit_callbacks, jobs_at_once):
    place = AuthorityFactory()
    with django_capture_on_commit_callbacks(execute=True):
        answer = signed_in(operator()).post(
            "/platform/invite/", {"organisation": place.slug, "email": "first@example.org"}
        )
    assert answer["Location"] == "/platform/"
    assert [letter.to for letter in mail.outbox] == [["first@example.org"]]


# --- the database ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE accounts_platformaccess SET reason = 'Something else'",
        "UPDATE accounts_platformaccess SET until_at = from_at",
        "UPDATE accounts_platformaccess SET organisation_id = NULL",
        "DELETE FROM accounts_platformaccess",
    ],
)
def test_an_access_is_not_told_otherwise_later(canary, sql):
    opened(operator(), canary.authority.slug)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_the_database_allows_no_more_than_four_hours():
    now = clock.now()
    told = {"operator": operator(), "reason": WHY, "from_at": now}
    with pytest.raises(IntegrityError), transaction.atomic():
        PlatformAccess.objects.create(**told, until_at=now + timedelta(hours=4, seconds=1))
    assert PlatformAccess.objects.create(**told, until_at=now + timedelta(hours=4)).pk


def test_one_access_is_open_at_a_time():
    user = operator()
    opened(user)
    row = PlatformAccess.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        PlatformAccess.objects.create(
            operator=user, reason=WHY, from_at=row.from_at, until_at=row.until_at
        )


def test_memberships_of_operators_are_not_seats():
    user = operator()
    MembershipFactory(user=user, role=Role.AUDITOR)
    assert actor_for(user).organisation_id is None


# --- adding one -----------------------------------------------------------------------------------


def test_an_operator_is_added_by_the_system_alone_and_holds_no_role():
    made = add_operator(actor=SYSTEM, email="operator@platform.example", full_name="Operator")
    assert (made.is_staff, made.is_superuser, made.has_usable_password()) == (True, False, False)
    assert AuditRecord.objects.filter(deed="platform_operator_added").count() == 1
    again = add_operator(actor=SYSTEM, email="operator@platform.example", full_name="Other")
    assert (again.pk, again.full_name) == (made.pk, "Operator")
    assert AuditRecord.objects.filter(deed="platform_operator_added").count() == 1
    with pytest.raises(NotAllowed):
        add_operator(actor=actor_for(made), email="second@platform.example", full_name="Second")
    officer = user_with_role(Role.PROCUREMENT_OFFICER)
    with pytest.raises(RuleBroken, match="holds a role in an organisation"):
        add_operator(actor=SYSTEM, email=officer.email, full_name="Officer")
    officer.refresh_from_db()
    assert officer.is_staff is False


# --- strangers ------------------------------------------------------------------------------------


def try_to_sign_in(email: str) -> None:
    Client().post(reverse("account_login"), {"login": email, "password": "wrong-password-here"})


def test_an_operator_reads_how_often_strangers_tried_to_sign_in_and_not_who():
    known = user_with_role(Role.PROCUREMENT_OFFICER)
    now = clock.now()
    with clock.at(now - timedelta(days=STRANGER_DAYS)):
        try_to_sign_in("too.long.ago@nowhere.example")
    with clock.at(now - timedelta(days=1)):
        try_to_sign_in("a.stranger@nowhere.example")
    try_to_sign_in("a.stranger@nowhere.example")
    try_to_sign_in("another.stranger@nowhere.example")
    # The control: a wrong password of somebody who is here stands in their organisation's record.
    try_to_sign_in(known.email)
    assert AccessRecord.objects.filter(kind=AccessKind.SIGN_IN_FAILED).count() == 5
    user = operator()
    with clock.at(now):
        today = clock.today()
        assert strangers(actor_for(user)) == [(today, 2), (today - timedelta(days=1), 1)]
        page = signed_in(user).get("/platform/").content.decode()
    assert "Sign-ins with unknown addresses" in page
    assert "nowhere.example" not in page
    with pytest.raises(NotAllowed):
        strangers(actor_for(known))


def test_a_day_without_strangers_is_said():
    page = signed_in(operator()).get("/platform/").content.decode()
    assert f"in the last {STRANGER_DAYS} days" in page
    assert "Nobody tried to sign in" in page
