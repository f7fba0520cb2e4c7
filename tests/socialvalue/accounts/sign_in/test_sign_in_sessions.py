"""A session is new at sign-in, ends with the password, and can be ended from another device."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client

from socialvalue.accounts.models import User
from socialvalue.accounts.vocabulary import Role
from tests.factories.accounts import PASSWORD, UserFactory, user_with_role
from tests.socialvalue.accounts.sign_in.steps import code_of, is_signed_in, sign_in, with_app

pytestmark = pytest.mark.django_db

NEW = "walnut-harvest-basket"
CHANGE = "/account/password/change/"


@pytest.fixture
def person() -> User:
    return user_with_role(Role.SUPPLIER_ADMIN)


@pytest.fixture
def other_device(person) -> Client:
    client = Client(HTTP_USER_AGENT="Mozilla/5.0 (iPhone) Safari/604")
    sign_in(client, person)
    return client


def test_the_session_of_before_is_not_the_one_of_after(client, person):
    client.post("/procurements/", {"typed": "something"})
    before = client.session.session_key
    assert before
    sign_in(client, person)
    assert is_signed_in(client)
    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()


def test_it_is_new_again_after_the_second_step(client, person):
    secret = with_app(person)
    sign_in(client, person)
    between = client.session.session_key
    client.post("/account/2fa/authenticate/", {"code": code_of(secret)})
    assert is_signed_in(client)
    assert client.session.session_key != between
    assert not Session.objects.filter(session_key=between).exists()


def test_signing_out_ends_it_and_only_by_a_button(client, person):
    sign_in(client, person)
    key = client.session.session_key
    assert client.get("/account/logout/").status_code == 200
    assert is_signed_in(client)
    client.post("/account/logout/")
    assert not Session.objects.filter(session_key=key).exists()
    assert client.get("/account/")["Location"].startswith("/account/login/")


def test_changing_the_password_ends_every_other_session(client, person, other_device):
    sign_in(client, person)
    answer = client.post(CHANGE, {"oldpassword": PASSWORD, "password1": NEW})
    assert answer["Location"] == "/account/"
    assert client.get("/account/").status_code == 200
    assert other_device.get("/account/")["Location"].startswith("/account/login/")
    assert not is_signed_in_with(person, PASSWORD)
    assert is_signed_in_with(person, NEW)


def is_signed_in_with(person: User, password: str) -> bool:
    client = Client()
    sign_in(client, person, password)
    return is_signed_in(client)


def test_choosing_a_new_password_by_letter_ends_every_session(
    client, person, other_device, letters
):
    with letters():
        client.post("/account/password/reset/", {"email": person.email})
    link = next(line for line in mail.outbox[-1].body.splitlines() if "/reset/key/" in line)
    path = client.get(link.replace("http://127.0.0.1:8000", ""))["Location"]
    assert client.get(path).status_code == 200
    answer = client.post(path, {"password1": NEW})
    assert answer["Location"] == "/account/password/reset/key/done/"
    assert not is_signed_in(client), "and signs nobody in: the second step would be passed by"
    assert other_device.get("/account/")["Location"].startswith("/account/login/")
    assert is_signed_in_with(person, NEW)
    again = client.get(link.replace("http://127.0.0.1:8000", ""))
    assert "This link no longer works" in again.content.decode()


def test_a_link_for_a_new_password_is_out_of_date_after_one_sign_in(client, person, letters):
    with letters():
        client.post("/account/password/reset/", {"email": person.email})
    link = next(line for line in mail.outbox[-1].body.splitlines() if "/reset/key/" in line)
    sign_in(Client(), person)
    body = client.get(link.replace("http://127.0.0.1:8000", "")).content.decode()
    assert "This link no longer works" in body


def test_the_devices_are_listed_in_words_and_ended(client, person, other_device):
    client.defaults["HTTP_USER_AGENT"] = "Mozilla/5.0 (Windows NT 10.0) Firefox/127.0"
    sign_in(client, person)
    body = client.get("/account/sessions/").content.decode()
    assert body.index("Safari on iPhone") < body.index("Firefox on Windows")
    assert body.count("Another device") == 1
    stranger = UserFactory()
    theirs = Client()
    sign_in(theirs, stranger)
    client.post("/account/sessions/")
    assert client.get("/account/").status_code == 200
    assert other_device.get("/account/")["Location"].startswith("/account/login/")
    assert theirs.get("/account/").status_code == 200
    assert UserSession.objects.filter(user=person).count() == 1


def test_a_password_of_an_account_that_is_closed_leads_to_a_sentence(client):
    person = UserFactory(is_active=False)
    assert sign_in(client, person)["Location"] == "/account/inactive/"
    assert not is_signed_in(client)
    assert "This account is closed" in client.get("/account/inactive/").content.decode()


def test_an_account_that_is_closed_while_signed_in_is_shut_at_once(client, person):
    sign_in(client, person)
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert client.get("/account/")["Location"].startswith("/account/login/")


def test_whoever_signed_in_has_proven_their_address(client, person):
    sign_in(client, person)
    assert EmailAddress.objects.get(user=person).verified


@pytest.mark.parametrize(
    "next_path", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"]
)
def test_nobody_is_led_elsewhere(client, person, next_path):
    assert sign_in(client, person, next=next_path)["Location"] == "/"


def test_and_everybody_is_led_back(client, person):
    assert sign_in(client, person, next="/account/sessions/")["Location"] == "/account/sessions/"


def test_account_pages_are_not_kept_by_the_browser(client, person):
    sign_in(client, person)
    for path in ("/account/", "/account/sessions/", "/account/login/"):
        assert client.get(path)["Cache-Control"] == "private, no-store"


def test_the_account_page_tells_who_one_is_and_where_one_works(client, person):
    sign_in(client, person)
    body = client.get("/account/").content.decode()
    for text in (person.full_name, person.email, "Supplier administrator", "/account/sessions/"):
        assert text in body


def test_one_changes_ones_name(client, person):
    sign_in(client, person)
    assert client.post("/account/name/", {"full_name": " "}).status_code == 422
    assert client.post("/account/name/", {"full_name": "  Jo   Bloggs "})["Location"] == "/account/"
    person.refresh_from_db()
    assert person.full_name == "Jo Bloggs"
