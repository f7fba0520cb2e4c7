"""People, sign-ins and letters: both sides of every edge."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session

from socialvalue.accounts.models import Invitation, User
from socialvalue.accounts.vocabulary import Role
from tests.factories.accounts import (
    MembershipFactory,
    SupplierFactory,
    UserFactory,
    user_with_role,
)
from tests.socialvalue.accounts.test_purging.expiring import EDGE, NOW, ago, gone

pytestmark = pytest.mark.django_db


def test_sessions_that_are_over():
    for ends in (NOW - EDGE, NOW + EDGE):
        session = SessionStore()
        session["held_form"] = "kept"
        session.save()
        Session.objects.filter(pk=session.session_key).update(expire_date=ends)
    assert gone("sessions") == 1
    assert Session.objects.get().expire_date == NOW + EDGE


def test_a_device_goes_with_its_session(client):
    user = user_with_role(Role.PROCUREMENT_OFFICER)
    client.force_login(user)
    UserSession.objects.create(
        user=user, session_key=client.session.session_key, ip="192.0.2.1", user_agent="A browser"
    )
    Session.objects.update(expire_date=NOW + EDGE)
    assert gone("sessions") == 0
    Session.objects.update(expire_date=NOW - EDGE)
    assert gone("sessions") == 2
    assert not UserSession.objects.exists()


@pytest.mark.parametrize("edge", [-EDGE, EDGE])
@pytest.mark.parametrize("what", ["accepted_at", "revoked_at", "expires_at"])
def test_invitations_that_are_over(what, edge):
    at = ago("account_invitations") + edge
    row = Invitation.objects.create(
        organisation=SupplierFactory(),
        email="somebody@example.org",
        roles=[Role.SUPPLIER_ADMIN],
        token_digest="d" * 64,
        invited_at=at - timedelta(days=9),
        expires_at=at - timedelta(days=1),
    )
    values = {what: at}
    if what == "accepted_at":
        values["accepted_by"] = UserFactory()
    if what == "revoked_at":
        values["revoked_by"] = UserFactory()
    Invitation.objects.filter(pk=row.pk).update(**values)
    assert gone("account_invitations") == (1 if edge < timedelta(0) else 0)


@pytest.mark.parametrize(
    ("joined", "signed_in", "left", "stays"),
    [
        (-EDGE, -EDGE, -EDGE, False),
        (-EDGE, None, None, False),
        (EDGE, None, None, True),
        (-EDGE, EDGE, -EDGE, True),
        (-EDGE, -EDGE, EDGE, True),
    ],
)
def test_accounts_of_people_who_belong_nowhere(joined, signed_in, left, stays):
    edge = ago("idle_accounts")
    user = UserFactory(full_name="Alex Winter")
    User.objects.filter(pk=user.pk).update(
        date_joined=edge + joined, last_login=None if signed_in is None else edge + signed_in
    )
    if left is not None:
        MembershipFactory(user=user, granted_at=edge - timedelta(days=9), ended_at=edge + left)
    assert gone("idle_accounts") == (0 if stays else 1)
    user.refresh_from_db()
    assert (user.full_name == "Alex Winter") is stays
    assert user.is_active is stays


def test_somebody_who_belongs_or_runs_the_platform_is_never_idle():
    old = ago("idle_accounts") - timedelta(days=999)
    member, operator = user_with_role(Role.AUDITOR), UserFactory()
    User.objects.filter(pk__in=(member.pk, operator.pk)).update(date_joined=old)
    User.objects.filter(pk=operator.pk).update(is_staff=True)
    assert gone("idle_accounts") == 0


def test_letters_in_files_only_where_letters_are_written_to_files(tmp_path, settings):
    settings.EMAIL_FILE_PATH = str(tmp_path)
    for name, at in (
        ("old.log", ago("letter_files") - EDGE),
        ("new.log", ago("letter_files") + EDGE),
    ):
        (tmp_path / name).write_text("To: somebody@example.org")
        os.utime(tmp_path / name, (at.timestamp(), at.timestamp()))
    (tmp_path / "kept.txt").write_text("")
    os.utime(tmp_path / "kept.txt", (0, 0))
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    assert gone("letter_files") == 0
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    assert gone("letter_files") == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kept.txt", "new.log"]
