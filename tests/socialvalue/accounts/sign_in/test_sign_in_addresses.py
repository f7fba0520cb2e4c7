"""One's address is changed by a link sent to the new one; until it is opened nothing changes."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client

from socialvalue.accounts.models import User
from socialvalue.accounts.vocabulary import Role
from tests.factories.accounts import PASSWORD, UserFactory, user_with_role
from tests.socialvalue.accounts.sign_in.steps import is_signed_in, sign_in, with_app

pytestmark = pytest.mark.django_db

EMAIL = "/account/email/"
NEW = "new@example.org"


@pytest.fixture
def person(client) -> User:
    person = user_with_role(Role.SUPPLIER_ADMIN)
    sign_in(client, person)
    return person


def ask(client, letters, email=NEW) -> str:
    """The path of the link in the letter; nothing when none came."""
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    before = len(mail.outbox)
    with letters():
        client.post(EMAIL, {"email": email, "action_add": "1"})
    for letter in mail.outbox[before:]:
        found = re.search(r"http://127.0.0.1:8000(/account/confirm-email/\S+)", letter.body)
        if found:
            assert letter.to == [email]
            return found[1]
    return ""


def test_the_password_is_asked_for_first(client, person, letters):
    with letters():
        answer = client.post(EMAIL, {"email": NEW, "action_add": "1"})
    assert answer["Location"].startswith("/account/reauthenticate/")
    assert mail.outbox == []


def test_the_link_changes_it_by_a_button_and_the_old_address_hears_of_it(client, person, letters):
    old = person.email
    link = ask(client, letters)
    assert NEW in client.get(EMAIL).content.decode()
    assert "Use this address" in client.get(link).content.decode()
    person.refresh_from_db()
    assert person.email == old, "opening the link changes nothing"
    with letters():
        client.post(link)
    person.refresh_from_db()
    assert person.email == NEW
    told = mail.outbox[-1]
    assert (told.to, told.subject) == ([old], "Your address was changed")
    fresh = Client()
    sign_in(fresh, person)
    assert is_signed_in(fresh)
    fresh = Client()
    fresh.post("/account/login/", {"login": old, "password": PASSWORD})
    assert not is_signed_in(fresh)


def test_somebody_with_a_second_step_changes_it_too(client, letters):
    person = user_with_role(Role.SUPPLIER_ADMIN)
    sign_in(client, person)
    with_app(person)
    link = ask(client, letters)
    client.post(link)
    person.refresh_from_db()
    assert person.email == NEW


def test_it_can_be_kept_after_all(client, person, letters):
    link = ask(client, letters)
    client.post(EMAIL, {"email": NEW, "action_remove": "1"})
    client.get(EMAIL)  # what was said about it is said once
    assert NEW not in client.get(EMAIL).content.decode()
    assert "This link no longer works" in client.get(link).content.decode()
    client.post(link)
    person.refresh_from_db()
    assert person.email != NEW


def test_an_address_that_somebody_got_meanwhile_is_refused_in_words(client, person, letters):
    link = ask(client, letters)
    UserFactory(email=NEW)  # never signed in: allauth knows nothing of their address
    body = client.post(link, follow=True).content.decode()
    person.refresh_from_db()
    assert person.email != NEW
    assert "it belongs to another account" in body


@pytest.mark.parametrize(
    ("email", "said"),
    [
        ("", "Enter your e-mail address"),
        ("nobody", "Enter an e-mail address like name@example.com"),
    ],
)
def test_what_is_no_address_stays_in_the_box(client, person, email, said):
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    body = client.post(EMAIL, {"email": email, "action_add": "1"}).content.decode()
    assert said in body
    assert 'href="#id_email"' in body
