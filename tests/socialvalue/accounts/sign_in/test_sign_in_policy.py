"""Who must have a second step and has none sees only how to set one up; with one, it is asked for."""

from __future__ import annotations

import re
import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.test import Client

from socialvalue.accounts.models import Membership, User
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from tests.factories.accounts import (
    PASSWORD,
    AuthorityFactory,
    MembershipFactory,
    SupplierFactory,
    UserFactory,
    user_with_role,
)
from tests.socialvalue.accounts.sign_in.steps import (
    code_of,
    codes_of,
    is_signed_in,
    shown_secret,
    sign_in,
    with_app,
)

pytestmark = pytest.mark.django_db

SECOND_STEP = "/account/second-step/"
AUTHENTICATE = "/account/2fa/authenticate/"


@pytest.fixture
def officer() -> User:
    return user_with_role(Role.PROCUREMENT_OFFICER)


def test_without_the_policy_a_password_is_enough(client, officer):
    assert sign_in(client, officer)["Location"] == "/"
    assert client.get("/").status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/", "/procurements/", "/organisations/sign-in/", "/admin/", "/styleguide/", "/nowhere/"],
)
def test_every_page_leads_to_setting_one_up(client, officer, policy, path):
    sign_in(client, officer)
    assert is_signed_in(client)
    answer = client.get(path)
    assert (answer.status_code, answer["Location"]) == (302, SECOND_STEP)
    assert client.post(path, {"x": "1"})["Location"] == SECOND_STEP


def test_programs_are_told_in_json(client, officer, policy):
    sign_in(client, officer)
    answer = client.post("/api/v1/schema/")
    assert answer.status_code == 403
    assert answer.json()["error"].startswith("Set up a second step first. Everybody who works for")


@pytest.mark.parametrize(
    "path",
    [
        SECOND_STEP,
        "/account/",
        "/account/sessions/",
        "/account/password/change/",
        "/privacy/",
        "/open/",
    ],
)
def test_the_account_and_public_pages_stay_open(client, officer, policy, path):
    sign_in(client, officer)
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", ["/account/email/", "/account/data/"])
def test_what_a_stolen_password_would_want_stays_shut(client, officer, policy, path):
    sign_in(client, officer)
    assert client.get(path)["Location"] == SECOND_STEP


def test_nothing_of_the_organisation_is_on_the_page(client, officer, policy):
    name = Membership.objects.get(user=officer).organisation.name
    sign_in(client, officer)
    body = client.get(SECOND_STEP).content.decode()
    assert "Everybody who works for an authority signs in with a second step." in body
    assert "Turn on an authenticator app" in body
    assert name not in body
    assert "/procurements/" not in body


def test_a_supplier_is_not_asked(client, policy):
    sign_in(client, user_with_role(Role.SUPPLIER_ADMIN))
    assert client.get("/").status_code == 200


def test_one_buyer_side_role_anywhere_is_enough(client, policy):
    user = MembershipFactory(organisation=SupplierFactory(), role=Role.SUPPLIER_ADMIN).user
    MembershipFactory(user=user, organisation=AuthorityFactory(), role=Role.AUDITOR)
    sign_in(client, user)
    assert client.get("/")["Location"] == SECOND_STEP


def test_a_role_that_ended_asks_for_nothing(client, officer, policy):
    Membership.objects.filter(user=officer).update(ended_at=clock.now())
    sign_in(client, officer)
    assert client.get("/").status_code == 200


def test_platform_operators_are_asked(client, policy):
    sign_in(client, UserFactory(is_staff=True))
    assert client.get("/admin/")["Location"] == SECOND_STEP


def test_an_organisation_may_ask_of_its_own(client):
    supplier = SupplierFactory(asks_second_step=True, name="Hazel & Sons")
    sign_in(client, user_with_role(Role.SUPPLIER_CONTRIBUTOR, supplier))
    assert client.get("/")["Location"] == SECOND_STEP
    body = client.get(SECOND_STEP).content.decode()
    assert "Hazel &amp; Sons asks its people to sign in with a second step." in body


def test_asked_while_signed_in_what_was_typed_is_kept(client):
    supplier = SupplierFactory()
    user = user_with_role(Role.SUPPLIER_ADMIN, supplier)
    sign_in(client, user)
    supplier.asks_second_step = True
    supplier.save()
    answer = client.post("/organisations/own/", {"company_number": "01234567"})
    assert answer["Location"] == SECOND_STEP
    with_app(user)
    assert 'value="01234567"' in client.get("/organisations/own/").content.decode()


# --- setting one up, signing in with it ------------------------------------------------------------------


def reauthenticate(client: Client, password: str) -> None:
    assert client.post("/account/reauthenticate/", {"password": password}).status_code == 302


def set_up_app(client: Client, user: User) -> str:
    reauthenticate(client, PASSWORD)
    secret = shown_secret(client.get("/account/2fa/totp/activate/").content.decode())
    answer = client.post("/account/2fa/totp/activate/", {"code": code_of(secret)})
    assert answer["Location"] == "/account/2fa/recovery-codes/"
    return secret


def test_from_the_password_to_the_app_and_on(client, officer, policy):
    sign_in(client, officer)
    assert client.get("/account/2fa/totp/activate/").status_code == 302, (
        "the password is asked again"
    )
    secret = set_up_app(client, officer)
    codes = client.get("/account/2fa/recovery-codes/").content.decode()
    assert len(re.findall(r"<code class=\"sv-code\">\d{8}</code>", codes)) == 10
    assert client.get("/").status_code == 200

    other = Client()
    assert sign_in(other, officer)["Location"].startswith(AUTHENTICATE)
    assert not is_signed_in(other)
    assert other.get("/procurements/")["Location"].startswith("/account/login/")
    # The code that turned it on was used.
    later = code_of(secret, at=time.time() + 30)
    assert other.post(AUTHENTICATE, {"code": later}).status_code == 302
    assert is_signed_in(other)
    assert other.get("/procurements/").status_code == 200


def test_the_same_code_does_not_work_twice(client, officer):
    secret = with_app(officer)
    code = code_of(secret)
    sign_in(client, officer)
    client.post(AUTHENTICATE, {"code": code})
    assert is_signed_in(client)
    other = Client()
    sign_in(other, officer)
    answer = other.post(AUTHENTICATE, {"code": code})
    assert not is_signed_in(other)
    assert (
        "The code is wrong, or it was used before. Enter the newest one" in answer.content.decode()
    )


def test_nor_as_long_as_the_clock_lets_it_hold(client, officer):
    """A code holds for three periods of 30 seconds; the library forgets after one that it was used."""
    start = 1_800_000_000 // 30 * 30
    with time_machine.travel(start, tick=False) as now:
        secret = with_app(officer)
        code = code_of(secret, at=start + 30)
        sign_in(client, officer)
        client.post(AUTHENTICATE, {"code": code})
        assert is_signed_in(client)
        now.shift(45)
        other = Client()
        sign_in(other, officer)
        for again in (code, f"{code[:3]}-{code[3:]}"):
            other.post(AUTHENTICATE, {"code": again})
            assert not is_signed_in(other)
        other.post(AUTHENTICATE, {"code": code_of(secret, at=start + 60)})
        assert is_signed_in(other)


def test_nor_does_the_one_that_turned_the_app_on(client, officer):
    start = 1_800_000_000 // 30 * 30
    with time_machine.travel(start, tick=False):
        sign_in(client, officer)
        secret = set_up_app(client, officer)
        other = Client()
        sign_in(other, officer)
        answer = other.post(AUTHENTICATE, {"code": f" {code_of(secret)[:3]} {code_of(secret)[3:]}"})
        assert "it was used before" in answer.content.decode()
        assert not is_signed_in(other)


def test_a_wrong_code_says_so_beside_its_box(client, officer):
    with_app(officer)
    sign_in(client, officer)
    body = client.post(AUTHENTICATE, {"code": "000000"}).content.decode()
    assert 'href="#id_code"' in body
    assert "The code is wrong" in body
    assert not is_signed_in(client)


def test_a_recovery_code_works_once(client, officer):
    with_app(officer)
    code = codes_of(officer)[0]
    sign_in(client, officer)
    assert client.post(AUTHENTICATE, {"code": code}).status_code == 302
    assert is_signed_in(client)
    assert code not in codes_of(officer)
    other = Client()
    sign_in(other, officer)
    other.post(AUTHENTICATE, {"code": code})
    assert not is_signed_in(other)


def test_recovery_codes_are_downloaded_after_the_password_alone(client, officer):
    secret = with_app(officer)
    sign_in(client, officer)
    client.post(AUTHENTICATE, {"code": code_of(secret)})
    path = "/account/2fa/recovery-codes/download/"
    assert client.get(path).status_code == 302
    reauthenticate(client, PASSWORD)
    answer = client.get(path)
    assert answer["Content-Disposition"] == 'attachment; filename="recovery-codes.txt"'
    assert answer["Cache-Control"] == "private, no-store"
    assert [
        line for line in answer.content.decode().split() if re.fullmatch(r"\d{8}", line)
    ] == codes_of(officer)


def test_secrets_are_encrypted_in_the_database(officer):
    secret = with_app(officer)
    for row in Authenticator.objects.filter(user=officer):
        assert secret not in str(row.data)
        assert not re.search(r"'seed': '[0-9a-f]{80}'", str(row.data))


def test_a_secret_of_another_sealing_key_opens_nothing(client, officer, settings):
    secret = with_app(officer)
    settings.SEALING_KEY = "another-sealing-key-of-more-than-32-letters"
    sign_in(client, officer)
    with pytest.raises(InvalidToken):
        client.post(AUTHENTICATE, {"code": code_of(secret)})
    assert not is_signed_in(client)


def test_djangos_own_sign_in_page_is_no_way_round(client):
    operator = UserFactory(is_staff=True, is_superuser=True)
    with_app(operator)
    answer = client.get("/admin/login/?next=/admin/")
    assert answer["Location"] == "/account/login/?next=%2Fadmin%2F"
    client.post("/admin/login/", {"username": operator.email, "password": PASSWORD})
    assert not is_signed_in(client)
    sign_in(client, user_with_role(Role.SUPPLIER_ADMIN))
    assert client.get("/admin/login/").status_code == 403
