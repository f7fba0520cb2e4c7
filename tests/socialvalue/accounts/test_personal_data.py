"""A copy of one's data: everything of oneself, nothing of anybody else. And being forgotten: what goes, what stays."""

from __future__ import annotations

import io
import json
import os
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse

from procurement.deliveries.models import Confirmation, Delegation
from procurement.reminders.models import CalendarFeed, Digest, Reminder
from procurement.tenders.models import TenderEmailInvitation
from reporting.cabinet.models import SectionDraft
from socialvalue.accounts.models import Invitation, Membership, User
from socialvalue.accounts.queries.personal import personal_data
from socialvalue.accounts.rules.erasing import HeldSeat, why_not_erase
from socialvalue.accounts.services.erasing import erase_leaver, erase_oneself
from socialvalue.accounts.vocabulary import PrivacyDeed, Role
from socialvalue.audit.models import AuditRecord
from socialvalue.audit.services import record, record_access
from socialvalue.audit.vocabulary import AccessKind
from socialvalue.core import clock
from socialvalue.core.actor import ANONYMOUS
from socialvalue.core.errors import NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import (
    PASSWORD,
    AuthorityFactory,
    MembershipFactory,
    SupplierFactory,
    UserFactory,
    actor_of,
    user_with_role,
)
from tests.factories.cabinet import draft, reported
from tests.factories.deliveries import claim, world
from tests.factories.tenders import started

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 8, 15, 9, tzinfo=UTC)
CANARY = "Canary of somebody else"


def everywhere(user: User, w) -> None:
    """A row of this person in every room that keeps one."""
    tender = started(suppliers=0)
    TenderEmailInvitation.objects.create(
        tender=tender.tender, email=user.email.upper(), nonce=os.urandom(8).hex(), invited_at=NOW,
        invited_by_id=tender.officer.user_id, expires_at=NOW + timedelta(days=9),
    )  # fmt: skip
    Delegation.objects.create(
        commitment=w.hours, contract=w.contract, supplier=w.supplier, email=user.email,
        site=f"Depot of {user.full_name}", token_hash=os.urandom(32).hex(), made_at=NOW,
        made_by_id=w.claimant.user_id, expires_at=NOW + timedelta(days=9),
    )  # fmt: skip
    Confirmation.objects.create(
        claim=claim(w.claimant, w.hours, key=os.urandom(8).hex()) if not Confirmation.objects.exists()
        else Confirmation.objects.first().claim,
        group=f"Group of {user.full_name}", email=user.email, token_hash=os.urandom(32).hex(),
        asked_at=NOW, asked_by_id=w.claimant.user_id, expires_at=NOW + timedelta(days=9), claim_version=1,
    )  # fmt: skip
    Reminder.objects.create(
        recipient=user, organisation=w.supplier, event="milestone", subject="milestone:1",
        due_on=NOW.date(), days=-7, sentence=f"Reminder to {user.full_name}", claimed_at=NOW,
    )  # fmt: skip
    CalendarFeed.objects.create(
        user=user, organisation=w.supplier, token_hash=os.urandom(32).hex(), made_at=NOW
    )
    Invitation.objects.create(
        organisation=w.supplier, email=user.email, roles=["supplier_admin"],
        token_digest=os.urandom(32).hex(), invited_at=NOW, expires_at=NOW + timedelta(days=7),
    )  # fmt: skip
    UserSession.objects.create(
        user=user, session_key=os.urandom(8).hex(), ip="192.0.2.7", user_agent=f"Browser of {user.full_name}"
    )  # fmt: skip
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    Authenticator.objects.create(
        user=user, type="totp", data={"secret": f"secret of {user.full_name}"}
    )
    SocialAccount.objects.create(user=user, provider="council-sign-in", uid=str(user.pk))
    record(
        actor=actor_of(user), deed="tested", sentence=f"Deed of {user.full_name}", target=w.contract
    )
    record_access(
        actor=actor_of(user), kind=AccessKind.SIGNED_IN, sentence=f"Sign-in of {user.full_name}"
    )


@pytest.fixture
def w():
    with clock.at(NOW):
        return world()


@pytest.fixture
def two(w):
    """Two people with a row in every room, one of them holding the canary."""
    own, other = (
        UserFactory(full_name="Robin Field"),
        UserFactory(full_name=CANARY),
    )
    for user in (own, other):
        MembershipFactory(user=user, organisation=w.supplier, role=Role.SUPPLIER_ADMIN)
        with clock.at(NOW):
            everywhere(user, w)
    found = reported()
    section = draft(found.author).sections.first()
    for user in (own, other):
        SectionDraft.objects.create(
            section=section, user=user, narrative=f"Typed by {user.full_name}", based_on=1, kept_at=NOW
        )  # fmt: skip
    return own, other


def whole_of(actor) -> str:
    return json.dumps([[table.caption, table.rows] for table in personal_data(actor)], default=str)


# --- the copy ---------------------------------------------------------------------------------------


def test_it_holds_everything_of_oneself_and_nothing_of_another(two):
    own, other = two
    text = whole_of(actor_of(own))
    for said in (
        own.email, "Robin Field", "Depot of", "Group of", "Reminder to", "Browser of", "Deed of", "Sign-in of",
        "Typed by", "council-sign-in", "192.0.2.7", "Supplier administrator",
    ):  # fmt: skip
        assert said in text, said
    assert CANARY not in text
    assert other.email not in text
    assert CANARY in whole_of(actor_of(other))


def test_no_secret_is_in_it(two):
    own, _ = two
    text = whole_of(actor_of(own))
    assert "secret of" not in text
    assert own.password not in text
    for row in (
        *Delegation.objects.all(),
        *CalendarFeed.objects.all(),
        *Confirmation.objects.all(),
    ):
        assert row.token_hash not in text
    assert not any(row.nonce in text for row in TenderEmailInvitation.objects.all())
    assert not any(row.token_digest in text for row in Invitation.objects.all())


def test_every_room_that_names_the_person_is_found_by_itself(two):
    """No list to forget: each column that names a user is asked."""
    own, _ = two
    (table,) = [t for t in personal_data(actor_of(own)) if t.caption == "Records that name you"]
    assert ("Reminder", "Recipient", 1) in [row[:3] for row in table.rows]
    assert ("Section draft", "User", 1) in [row[:3] for row in table.rows]


def test_nobody_signed_out_gets_one():
    with pytest.raises(NotAllowed):
        personal_data(ANONYMOUS)


def test_the_file_is_whole(two, client):
    own, _ = two
    client.force_login(own)
    response = client.get(reverse("accounts:data_file"))
    assert response["Content-Type"] == "application/zip"
    assert "attachment" in response["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        names = archive.namelist()
        told = json.loads(archive.read("your-data.json"))
        readme = archive.read("README.txt").decode()
        first = archive.read("01-your-account.csv").decode("utf-8-sig")
    assert len(names) == 2 + len(told["tables"])
    assert told["tables"][0]["rows"][0] == {"What": "Name", "Value": "Robin Field"}
    assert first.splitlines()[1] == "Name,Robin Field"
    assert reverse("accounts:privacy") in readme
    page = client.get(reverse("accounts:data"))
    for table in told["tables"]:
        assert table["table"] in page.text


def test_a_name_that_a_spreadsheet_would_run_is_guarded(client):
    client.force_login(UserFactory(full_name="=cmd|'/c calc'!A1"))
    response = client.get(reverse("accounts:data_file"))
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        assert "'=cmd" in archive.read("01-your-account.csv").decode("utf-8-sig")


@pytest.mark.parametrize("name", ["data", "data_file", "erase"])
def test_who_is_signed_out_signs_in_first(client, name):
    response = client.get(reverse(f"accounts:{name}"))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


# --- who may be forgotten ---------------------------------------------------------------------------


def seat(**values) -> HeldSeat:
    return HeldSeat(
        **{
            "name": "Council",
            "is_authority": True,
            "is_administrator": True,
            "others": 0,
            "other_administrators": 0,
        }
        | values
    )


@pytest.mark.parametrize(
    ("values", "stays"),
    [
        ({}, True),
        ({"other_administrators": 1, "others": 1}, False),
        ({"is_administrator": False}, False),
        # A supplier of one person may go; one with others must keep somebody who lets them in.
        ({"is_authority": False}, False),
        ({"is_authority": False, "others": 1}, True),
        ({"is_authority": False, "others": 1, "other_administrators": 1}, False),
    ],
)
def test_the_last_administrator_stays(values, stays):
    assert bool(why_not_erase([seat(**values)], runs_platform=False)) is stays


def test_who_runs_the_platform_stays():
    assert why_not_erase([], runs_platform=True)
    assert why_not_erase([], runs_platform=False) == []


# --- what goes, what stays --------------------------------------------------------------------------


def test_what_goes_and_what_stays(two, w):
    own, other = two
    actor, email = actor_of(own), own.email
    deeds = list(AuditRecord.objects.values_list("pk", "actor_name", "sentence"))
    erase_oneself(actor=actor, typed_address=f" {email.upper()} ")
    own.refresh_from_db()
    assert (own.full_name, own.email) == (
        f"Erased person {own.pk}",
        f"erased-{own.pk}@erased.invalid",
    )
    assert not own.is_active
    assert not own.has_usable_password()
    assert own.erased_at is not None
    assert not own.memberships.filter(ended_at__isnull=True).exists()
    for model in (EmailAddress, Authenticator, SocialAccount, UserSession):
        assert not model.objects.filter(user=own).exists()
        assert model.objects.filter(user=other).count() == 1
    for rows in (
        Reminder.objects.filter(recipient=own),
        CalendarFeed.objects.filter(user=own),
        SectionDraft.objects.filter(user=own),
        Invitation.objects.filter(email__iexact=email),
        TenderEmailInvitation.objects.filter(email__iexact=email),
        Delegation.objects.filter(email__iexact=email),
        Confirmation.objects.filter(email__iexact=email),
    ):
        assert not rows.exists(), rows.model
    # Others keep theirs, and links that were sent to nobody any more do not work.
    assert Reminder.objects.count() == CalendarFeed.objects.count() == 1
    now = clock.now()
    for model in (TenderEmailInvitation, Delegation, Confirmation):
        assert model.objects.count() == 2
        assert (
            model.objects.filter(email__endswith="removed.invalid", expires_at__lte=now).count()
            == 1
        )
    # The record stays as it was, and says what was done without saying to whom.
    kept = AuditRecord.objects.filter(pk__in=[pk for pk, _, _ in deeds])
    assert list(kept.order_by("-pk").values_list("pk", "actor_name", "sentence")) == sorted(
        deeds, reverse=True
    )
    new = AuditRecord.objects.exclude(pk__in=[pk for pk, _, _ in deeds])
    assert not any("Robin" in row.sentence or email in row.sentence for row in new)
    assert new.filter(deed=PrivacyDeed.ERASED, target_id=own.pk).count() == 1


def test_nothing_of_the_person_is_left_in_any_column(two):
    """Every column of every table is read: only the record of deeds and accesses still has the name."""
    from django.apps import apps

    own, _ = two
    email = own.email
    erase_oneself(actor=actor_of(own), typed_address=email)
    left = set()
    for model in apps.get_models():
        for row in model._base_manager.all().values():
            for column, value in row.items():
                if isinstance(value, str | dict | list) and (
                    email in str(value) or "Robin Field" in str(value)
                ):
                    left.add(f"{model._meta.label}.{column}")
    assert left <= {
        "audit.AuditRecord.actor_name", "audit.AuditRecord.sentence", "audit.AccessRecord.actor_name",
        "audit.AccessRecord.sentence",
        # Words that others wrote: the page says that they stay.
        "procurement.Delegation.site", "procurement.Confirmation.group",
    }  # fmt: skip


def test_young_reminders_stay_and_name_nobody(two):
    """The database keeps them, so that none is sent twice. The account they belong to has no name any more."""
    own, _ = two
    old = Reminder.objects.get(recipient=own)
    at = clock.now() - timedelta(days=170)
    common = {
        "recipient": own,
        "organisation": old.organisation,
        "due_on": at.date(),
        "claimed_at": at,
    }
    for days, sentence in (
        (-14, "A milestone is near."),
        (-7, f"For ROBIN FIELD, {own.email}: near."),
    ):
        Reminder.objects.create(
            **common, event="milestone", subject="milestone:2", days=days, sentence=sentence
        )
    for at_week in (at, NOW):
        Digest.objects.create(
            recipient=own, organisation=old.organisation, week=at_week.date(), lines=1, claimed_at=at_week
        )  # fmt: skip
    erase_oneself(actor=actor_of(own), typed_address=own.email)
    left = Reminder.objects.filter(recipient=own).order_by("days")
    assert [row.sentence for row in left] == [
        "A milestone is near.",
        "For an erased person, an erased person: near.",
    ]
    assert [row.week for row in Digest.objects.filter(recipient=own)] == [at.date()]


def test_answers_and_used_links_lose_the_address_only(two, w):
    own, _ = two
    later = clock.now() + timedelta(days=9)
    Confirmation.objects.filter(email=own.email).update(
        answer="confirmed", answered_at=NOW, expires_at=later
    )
    TenderEmailInvitation.objects.filter(email__iexact=own.email).update(
        accepted_at=NOW, supplier=w.supplier, expires_at=later
    )
    over = [
        model.objects.get(email__iexact=own.email)
        for model in (Confirmation, TenderEmailInvitation)
    ]
    erase_oneself(actor=actor_of(own), typed_address=own.email)
    for row in over:
        now = type(row).objects.values().get(pk=row.pk)
        assert now.pop("email") == f"removed-{row.pk}@removed.invalid"
        assert now == {name: getattr(row, name) for name in now}


@pytest.mark.parametrize("typed", ["", "somebody@example.org"])
def test_another_address_erases_nobody(typed):
    user = user_with_role(Role.AUDITOR)
    with pytest.raises(RuleBroken) as error:
        erase_oneself(actor=actor_of(user), typed_address=typed)
    assert error.value.errors[0][0] == "address"
    user.refresh_from_db()
    assert user.is_active


def test_the_last_administrator_is_told_and_stays():
    authority = AuthorityFactory(name="Council of tests")
    user = user_with_role(Role.ORGANISATION_ADMIN, authority)
    with pytest.raises(RuleBroken, match="last administrator of Council of tests"):
        erase_oneself(actor=actor_of(user), typed_address=user.email)
    user_with_role(Role.ORGANISATION_ADMIN, authority)
    erase_oneself(actor=actor_of(user), typed_address=user.email)


def test_an_erased_person_can_never_sign_in():
    user = user_with_role(Role.AUDITOR)
    erase_oneself(actor=actor_of(user), typed_address=user.email)
    for values in ({"is_active": True}, {"is_staff": True}):
        with pytest.raises(IntegrityError), transaction.atomic():
            User.objects.filter(pk=user.pk).update(**values)


# --- pages ------------------------------------------------------------------------------------------


def signed_in(client, user: User) -> None:
    """Twice: the second time for what must not be done at an unlocked screen."""
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert client.session.get("_auth_user_id") == str(user.pk)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def test_by_the_pages(client):
    user = user_with_role(Role.AUDITOR)
    signed_in(client, user)
    page = client.get(reverse("accounts:erase"))
    assert user.email in page.text
    wrong = client.post(reverse("accounts:erase"), {"address": "no"})
    assert wrong.status_code == 422
    done = client.post(reverse("accounts:erase"), {"address": user.email}, follow=True)
    assert "Your data is erased" in done.text
    assert "_auth_user_id" not in client.session
    assert client.get(reverse("accounts:data")).status_code == 302
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert "_auth_user_id" not in client.session


def test_only_who_shows_again_who_they_are(client):
    user = user_with_role(Role.AUDITOR)
    client.force_login(user)
    response = client.get(reverse("accounts:erase"))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_reauthenticate"))
    response = client.post(reverse("accounts:erase"), {"address": user.email})
    assert response.status_code == 302
    user.refresh_from_db()
    assert user.is_active


# --- leavers ----------------------------------------------------------------------------------------


@pytest.fixture
def left():
    """Somebody who left an authority, and its administrator."""
    authority = AuthorityFactory()
    admin = user_with_role(Role.ORGANISATION_ADMIN, authority)
    leaver = user_with_role(Role.EVALUATOR, authority)
    Membership.objects.filter(user=leaver).update(ended_at=clock.now())
    return actor_of(admin), leaver


def test_an_administrator_erases_somebody_who_left(left, client):
    admin, leaver = left
    client.force_login(User.objects.get(pk=admin.user_id))
    url = reverse("accounts:erase_leaver", args=[leaver.pk])
    assert leaver.email in client.get(url).text
    assert client.post(url).status_code == 302
    leaver.refresh_from_db()
    assert leaver.full_name == f"Erased person {leaver.pk}"
    again = client.post(url)
    assert again.status_code == 422
    assert "erased already" in again.text


def test_who_still_works_there_or_elsewhere_is_not_erased(left):
    admin, leaver = left
    row = Membership.objects.get(user=leaver)
    Membership.objects.filter(pk=row.pk).update(ended_at=None)
    with pytest.raises(RuleBroken, match="End every role first"):
        erase_leaver(actor=admin, user_id=leaver.pk)
    Membership.objects.filter(pk=row.pk).update(ended_at=clock.now())
    other = MembershipFactory(
        user=leaver, organisation=SupplierFactory(name=CANARY), role=Role.MEMBER
    )
    with pytest.raises(RuleBroken, match="still used elsewhere") as error:
        erase_leaver(actor=admin, user_id=leaver.pk)
    assert CANARY not in error.value.message
    Membership.objects.filter(pk=other.pk).update(ended_at=clock.now())
    erase_leaver(actor=admin, user_id=leaver.pk)


def test_nobody_else_erases_a_leaver(left):
    admin, leaver = left
    colleague = actor_of(
        user_with_role(
            Role.AUDITOR, AuthorityFactory._meta.model.objects.get(pk=admin.organisation_id)
        )
    )
    with pytest.raises(NotAllowed):
        erase_leaver(actor=colleague, user_id=leaver.pk)
    stranger = actor_of(user_with_role(Role.ORGANISATION_ADMIN))
    with pytest.raises(NotVisible):
        erase_leaver(actor=stranger, user_id=leaver.pk)
    with pytest.raises(RuleBroken, match="Your data"):
        erase_leaver(actor=admin, user_id=admin.user_id)
    assert User.objects.get(pk=leaver.pk).is_active


def test_the_settings_name_what_there_is():
    from django.utils.module_loading import import_string

    for path in (
        *settings.PERSONAL_DATA,
        *settings.FORGETTING,
        *settings.PURGES,
        *settings.MERGE_GUARDS,
    ):
        assert import_string(path)
