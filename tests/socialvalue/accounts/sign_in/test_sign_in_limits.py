"""The limits of production, which tests have not: on here."""

from __future__ import annotations

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from socialvalue.accounts.models import User
from socialvalue.accounts.vocabulary import Role
from tests.factories.accounts import PASSWORD, UserFactory, user_with_role
from tests.socialvalue.accounts.sign_in.steps import LOGIN, code_of, is_signed_in, sign_in, with_app

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]

WRONG = "not-the-password"
TOO_MANY = "Too many attempts. Wait 5 minutes, then try again"


@pytest.fixture(autouse=True)
def _clean():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def person() -> User:
    return user_with_role(Role.SUPPLIER_ADMIN)


def from_address(number: int) -> Client:
    return Client(REMOTE_ADDR=f"192.0.2.{number}")


def body(answer) -> str:
    return answer.content.decode()


def test_five_wrong_passwords_shut_an_account_for_five_minutes_from_anywhere(person):
    with time_machine.travel("2026-03-02 10:00", tick=False) as clock:
        for number in range(5):
            assert TOO_MANY not in body(sign_in(from_address(number), person, WRONG))
        other = from_address(9)
        assert TOO_MANY in body(sign_in(other, person))
        assert not is_signed_in(other), "not even with the right one"
        clock.shift(299)
        sign_in(other, person)
        assert not is_signed_in(other)
        clock.shift(302)
        sign_in(other, person)
        assert is_signed_in(other)


def test_an_unknown_address_is_shut_alike(person):
    for number in range(5):
        from_address(number).post(LOGIN, {"login": "nobody@example.org", "password": WRONG})
    answer = from_address(9).post(LOGIN, {"login": "nobody@example.org", "password": WRONG})
    assert TOO_MANY in body(answer)


def test_ten_failures_a_minute_from_one_place_whoever_they_are_for(person):
    client = from_address(1)
    for _ in range(10):
        sign_in(client, UserFactory(), WRONG)
    assert TOO_MANY in body(sign_in(client, person))
    assert not is_signed_in(client)
    elsewhere = from_address(2)
    sign_in(elsewhere, person)
    assert is_signed_in(elsewhere)


def test_five_wrong_codes_shut_the_second_step(person):
    secret = with_app(person)
    client = from_address(1)
    sign_in(client, person)
    for _ in range(5):
        assert TOO_MANY not in body(client.post("/account/2fa/authenticate/", {"code": "000000"}))
    answer = client.post("/account/2fa/authenticate/", {"code": code_of(secret)})
    assert TOO_MANY in body(answer)
    assert not is_signed_in(client)


def test_new_passwords_are_asked_for_five_times_a_minute_at_most():
    for number in range(5):
        answer = from_address(number).post("/account/password/reset/", {"email": "jo@example.org"})
        assert answer.status_code == 302
    answer = from_address(9).post("/account/password/reset/", {"email": "jo@example.org"})
    assert answer.status_code == 429
    assert "Too many attempts" in body(answer)
    assert "Wait five minutes" in body(answer)


def test_the_sign_in_page_itself_has_a_limit_for_each_place():
    client = from_address(1)
    statuses = [client.post(LOGIN, {}).status_code for _ in range(31)]
    assert statuses == [200] * 30 + [429]
    assert from_address(2).post(LOGIN, {}).status_code == 200


def test_confirming_that_it_is_oneself_has_a_limit(person):
    client = from_address(1)
    sign_in(client, person)
    seen = [body(client.post("/account/reauthenticate/", {"password": WRONG})) for _ in range(6)]
    assert TOO_MANY not in seen[4]
    assert TOO_MANY in seen[5]


def test_passkeys_have_a_limit_for_each_place():
    client = from_address(1)
    statuses = [client.post("/account/2fa/webauthn/login/", {}).status_code for _ in range(11)]
    assert statuses == [302] * 10 + [429]


def test_behind_a_proxy_the_visitors_address_counts_and_cannot_be_made_up(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    def post(made_up: str, visitor: str):
        client = Client(REMOTE_ADDR="10.0.0.1")
        return client.post(
            LOGIN, {}, headers={"x-forwarded-for": f"{made_up}, {visitor}"}
        ).status_code

    assert {post(f"203.0.113.{number}", "192.0.2.1") for number in range(30)} == {200}
    assert post("203.0.113.99", "192.0.2.1") == 429
    assert post("203.0.113.99", "192.0.2.2") == 200


def test_without_a_proxy_the_header_is_not_believed():
    for number in range(30):
        Client(REMOTE_ADDR="192.0.2.1").post(
            LOGIN, {}, headers={"x-forwarded-for": f"203.0.113.{number}"}
        )
    assert Client(REMOTE_ADDR="192.0.2.1").post(LOGIN, {}).status_code == 429


def test_signing_in_right_uses_nothing_up(person):
    for _ in range(8):
        client = from_address(1)
        sign_in(client, person, PASSWORD)
        assert is_signed_in(client)
