"""Every letter of allauth is one of ours: plain words, the site's own address, nobody's name in the subject."""

from __future__ import annotations

import re
from pathlib import Path

import allauth
import pytest
from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core import mail
from django.test import Client

from socialvalue.accounts.vocabulary import Role
from tests.factories.accounts import PASSWORD, user_with_role
from tests.socialvalue.accounts.sign_in.steps import code_of, shown_secret, sign_in

pytestmark = pytest.mark.django_db

OURS = settings.BASE_DIR / "templates" / "emails" / "sign_in"
THEIRS = Path(allauth.__file__).parent / "templates"
NEVER = {"login_code", "password_reset_code"}
"""Of ways to sign in that are not turned on."""


def names() -> list[str]:
    found = {path.name.removesuffix("_message.txt") for path in THEIRS.rglob("email/*_message.txt")}
    return sorted(found - NEVER - {"base"})


def test_there_are_letters_to_look_at():
    assert len(names()) >= 15


@pytest.mark.parametrize("name", names())
def test_each_letter_is_ours(name, letters, rf):
    user = user_with_role(Role.APPROVER)
    told = {
        "user": user,
        "email": user.email,
        "password_reset_url": "http://127.0.0.1:8000/x/",
        "activate_url": "http://127.0.0.1:8000/y/",
        "timestamp": user.date_joined,
        "ip": "192.0.2.1",
        "user_agent": "Firefox/127.0 (Windows)",
        "from_email": "old@example.org",
        "to_email": "new@example.org",
        "deleted_email": "old@example.org",
    }
    with letters():
        get_adapter(rf.get("/")).send_mail(f"account/email/{name}", user.email, told)
    (letter,) = mail.outbox
    assert "@" not in letter.subject
    assert user.full_name not in letter.subject
    assert "\n" not in letter.subject
    assert 5 < len(letter.subject) < 60
    assert "{{" not in letter.body
    assert "{%" not in letter.body
    links = re.findall(r"https?://[^\s]+", letter.body)
    assert all(link.startswith("http://127.0.0.1:8000/") for link in links)
    assert letter.body.count("&#") == 0


def test_the_host_that_was_asked_is_not_the_host_of_the_link(letters, settings):
    settings.ALLOWED_HOSTS = ["*"]
    user = user_with_role(Role.APPROVER)
    with letters():
        Client(HTTP_HOST="evil.example").post("/account/password/reset/", {"email": user.email})
    (letter,) = mail.outbox
    assert "evil.example" not in letter.body
    assert "http://127.0.0.1:8000/account/password/reset/key/" in letter.body


def test_what_protects_an_account_is_not_changed_in_silence(client, letters):
    user = user_with_role(Role.SUPPLIER_ADMIN)
    client.defaults["HTTP_USER_AGENT"] = "Mozilla/5.0 (Windows NT 10.0) Firefox/127.0"
    sign_in(client, user)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    with letters():
        secret = shown_secret(client.get("/account/2fa/totp/activate/").content.decode())
        client.post("/account/2fa/totp/activate/", {"code": code_of(secret)})
        client.post("/account/2fa/recovery-codes/generate/")
        client.post("/account/2fa/totp/deactivate/")
        typed = {"oldpassword": PASSWORD, "password1": "walnut-harvest-basket"}
        client.post("/account/password/change/", typed)
    assert {letter.to[0] for letter in mail.outbox} == {user.email}
    assert sorted(letter.subject for letter in mail.outbox) == [
        "An authenticator app was turned on",
        "New recovery codes were made",
        "Your authenticator app was turned off",
        "Your password was changed",
    ]
    assert "With: Firefox on Windows, from the network address 127.0.0.1" in mail.outbox[0].body
