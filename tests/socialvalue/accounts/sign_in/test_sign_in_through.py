"""Single sign-on at an organisation's own service: bound to its domains, without rights until somebody grants them.

The service is a small one on this machine; nothing of ours is replaced.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.test import Client

from socialvalue.accounts.models import Membership, User
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from tests.factories.accounts import AuthorityFactory, MembershipFactory, UserFactory
from tests.socialvalue.accounts.sign_in.steps import code_of, is_signed_in, sign_in, with_app

pytestmark = pytest.mark.django_db

START = "/account/oidc/coventry/login/"
EMAIL = "jo.bloggs@coventry.example"


@pytest.fixture(autouse=True)
def coventry():
    return AuthorityFactory(slug="coventry", name="Coventry City Council")


def leave(client: Client, **typed: str) -> str:
    """Press the button; the path on which the service sends one back."""
    answer = client.post(START, typed)
    assert answer.status_code == 302
    back = requests.get(answer["Location"], allow_redirects=False, timeout=5)
    parts = urlsplit(back.headers["Location"])
    assert (parts.scheme, parts.netloc) == ("http", "testserver")
    return f"{parts.path}?{parts.query}"


def come_in(client: Client, **typed: str):
    """All the way: the answer to the button on the last page."""
    path = leave(client, **typed)
    assert "Continue" in client.get(path).content.decode()
    return client.post(path)


def test_without_a_connection_there_is_nothing(client):
    assert client.get("/account/organisation/").status_code == 404
    assert client.post(START).status_code == 404
    assert client.get(f"{START}callback/?code=x&state=y").status_code == 404
    assert "own sign-in" not in client.get("/account/login/").content.decode()


def test_the_sign_in_page_has_a_button_and_may_send_forms_there(client, connect, service):
    connect("coventry")
    answer = client.get("/account/login/")
    assert "Sign in through Coventry" in answer.content.decode()
    assert f"form-action 'self' {service.url}" in answer["Content-Security-Policy"]
    assert service.url not in client.get("/privacy/")["Content-Security-Policy"]
    assert "Sign in through Coventry" in client.get("/account/organisation/").content.decode()
    assert "Sign in through Coventry" in client.get(START).content.decode()


def test_somebody_new_comes_in_as_a_member_without_rights(client, connect, coventry):
    connect("coventry")
    answer = come_in(client)
    assert answer["Location"] == "/"
    user = User.objects.get()
    assert (user.email, user.full_name) == (EMAIL, "Jo Bloggs")
    assert not user.has_usable_password()
    assert is_signed_in(client)
    assert list(user.memberships.values_list("organisation", "role")) == [
        (coventry.pk, Role.MEMBER)
    ]
    row = AuditRecord.objects.get(deed="role_granted")
    assert (row.user_id, row.organisation_id, row.after) == (
        user.pk,
        coventry.pk,
        {"role": "member"},
    )
    assert client.get("/").status_code == 200
    assert client.get("/procurements/").status_code == 403
    account = SocialAccount.objects.get()
    assert set(account.extra_data["userinfo"]) == {"sub", "email", "name"}
    assert not SocialToken.objects.exists()


def test_coming_again_changes_nothing(connect):
    connect("coventry")
    come_in(Client())
    before = AuditRecord.objects.count()
    again = Client()
    come_in(again)
    assert is_signed_in(again)
    assert User.objects.count() == Membership.objects.count() == SocialAccount.objects.count() == 1
    assert AuditRecord.objects.count() == before


def test_the_session_is_new_and_one_is_led_back(client, connect):
    connect("coventry")
    path = leave(client, next="/account/sessions/")
    before = client.session.session_key
    answer = client.post(path)
    assert answer["Location"] == "/account/sessions/"
    assert client.session.session_key != before


@pytest.mark.parametrize("next_path", ["https://evil.example/", "//evil.example"])
def test_nobody_is_led_elsewhere(client, connect, next_path):
    connect("coventry")
    assert come_in(client, next=next_path)["Location"] == "/"


def test_opening_the_way_back_changes_nothing(client, connect):
    connect("coventry")
    path = leave(client)
    client.get(path)
    assert not User.objects.exists()
    assert not is_signed_in(client)


def test_somebody_known_keeps_their_roles_and_leaves_their_password(client, connect, coventry):
    user = UserFactory(email=EMAIL)
    MembershipFactory(user=user, organisation=coventry, role=Role.AUDITOR)
    device = Client()
    sign_in(device, user)
    connect("coventry")
    come_in(client)
    assert client.session["_auth_user_id"] == str(user.pk)
    assert list(user.memberships.values_list("role", flat=True)) == [Role.AUDITOR]
    assert client.get("/procurements/").status_code == 200
    user.refresh_from_db()
    assert not user.has_usable_password()
    assert device.get("/account/")["Location"].startswith("/account/login/")


def test_where_passwords_stay_they_stay(client, connect):
    user = UserFactory(email=EMAIL)
    connect("coventry", passwords_too=True)
    come_in(client)
    user.refresh_from_db()
    assert user.has_usable_password()
    other = Client()
    sign_in(other, user)
    assert is_signed_in(other)


def test_membership_that_was_ended_stays_ended(client, connect, coventry):
    user = UserFactory(email=EMAIL)
    MembershipFactory(user=user, organisation=coventry, role=Role.APPROVER, ended_at=clock.now())
    connect("coventry")
    come_in(client)
    assert is_signed_in(client)
    assert not user.memberships.filter(ended_at=None).exists()
    assert client.get("/procurements/").status_code == 403


def test_an_operator_gets_no_role(client, connect):
    user = UserFactory(email=EMAIL, is_staff=True)
    connect("coventry")
    come_in(client)
    assert is_signed_in(client)
    assert not user.memberships.exists()


# --- who is turned away ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "told",
    [
        {"email": "jo@elsewhere.example"},
        {"email": "jo@coventry.example.evil.example"},
        {"email": ""},
        {"email": "jo@elsewhere.example", "email_verified": False},
    ],
)
def test_an_address_of_another_domain_is_turned_away(client, connect, service, told):
    UserFactory(email="jo@elsewhere.example")
    connect("coventry")
    service.person |= told
    answer = come_in(client)
    assert answer.status_code == 403
    assert "signs in people whose address ends in" in answer.content.decode()
    assert not is_signed_in(client)
    assert User.objects.count() == 1
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize("doubt", [False, "false"])
def test_an_address_that_the_service_doubts_is_turned_away_and_told_why(
    client, connect, service, doubt
):
    connect("coventry")
    service.person |= {"email": EMAIL, "email_verified": doubt}
    answer = come_in(client)
    assert answer.status_code == 403
    assert "has not confirmed that this address is yours" in answer.content.decode()
    assert "signs in people whose address ends in" not in answer.content.decode()
    assert not is_signed_in(client)
    assert not SocialAccount.objects.exists()


def test_an_address_that_moved_away_from_the_domain_is_turned_away(connect, service):
    connect("coventry")
    come_in(Client())
    service.person["email"] = "jo@elsewhere.example"
    client = Client()
    assert come_in(client).status_code == 403
    assert not is_signed_in(client)


def test_a_closed_account_stays_closed(client, connect):
    UserFactory(email=EMAIL, is_active=False)
    connect("coventry")
    assert come_in(client)["Location"] == "/account/inactive/"
    assert not is_signed_in(client)
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    "fault",
    [
        "other key",
        "other issuer",
        "other audience",
        "too old",
        "shared secret",
        "unsigned",
        "no token",
        "somebody else",
    ],
)
def test_a_token_that_cannot_be_trusted_signs_nobody_in(client, connect, service, fault):
    connect("coventry")
    service.faults = {fault}
    answer = come_in(client)
    assert answer.status_code == 401
    assert "could not be trusted" in answer.content.decode()
    assert not is_signed_in(client)
    assert not User.objects.exists()


@pytest.mark.parametrize("fault", ["away", "not JSON", "no sign-in page"])
def test_a_service_that_does_not_answer_is_told_of_in_words(client, connect, service, fault):
    connect("coventry")
    service.faults = {fault}
    answer = client.post(START)
    assert answer.status_code == 502
    assert "does not answer as it should" in answer.content.decode()


@pytest.mark.parametrize("fault", ["away", "not JSON"])
def test_one_that_goes_away_meanwhile_too(client, connect, service, fault):
    connect("coventry")
    path = leave(client)
    service.faults = {fault}
    answer = client.post(path)
    assert answer.status_code in (401, 502)
    assert "You are not signed in" in answer.content.decode()
    assert not is_signed_in(client)


def test_stopping_there_leads_to_a_page_that_says_so(client, connect, service):
    connect("coventry")
    service.faults = {"refuses"}
    path = leave(client)
    answer = client.get(path, follow=True)
    assert "You stopped on your organisation’s page" in answer.content.decode()
    assert not is_signed_in(client)


def test_a_way_back_is_for_the_browser_that_left_and_for_once(client, connect):
    connect("coventry")
    path = leave(client)
    thief = Client()
    assert thief.post(path).status_code == 401
    assert not is_signed_in(thief)
    assert client.post(path).status_code == 302
    client.post("/account/logout/")
    assert client.post(path).status_code == 401
    assert not is_signed_in(client)


def test_a_made_up_way_back_is_nothing(client, connect):
    connect("coventry")
    assert client.post(f"{START}callback/?code=x&state=y").status_code == 401
    assert client.get(f"{START}callback/").status_code == 401


def test_the_button_signs_in_and_does_nothing_else(client, connect):
    connect("coventry")
    for more in ({"process": "connect"}, {"scope": "admin"}, {"auth_params": "prompt=none"}):
        assert client.post(START, more).status_code == 404
        assert (
            client.post(f"{START}?{'&'.join(f'{k}={v}' for k, v in more.items())}").status_code
            == 404
        )


def test_the_code_is_tied_to_the_browser_by_a_proof(client, connect, service):
    connect("coventry")
    leave(client)
    asked = service.asked[0]
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["code_challenge"]) >= 43
    assert set(asked["scope"].split()) == {"openid", "profile", "email"}
    assert "code_verifier" not in str(asked)


def test_the_button_needs_its_token(connect):
    connect("coventry")
    assert Client(enforce_csrf_checks=True).post(START).status_code == 403
    path = leave(client := Client())
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    assert strict.post(path).status_code == 403
    page = strict.get(path).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    assert strict.post(path, {"csrfmiddlewaretoken": token}).status_code == 302


# --- nothing but the service ---------------------------------------------------------------------------------


@pytest.mark.parametrize("email", [EMAIL, "nobody@coventry.example"])
def test_a_password_of_such_a_domain_is_refused_known_or_not(client, connect, email):
    UserFactory(email=EMAIL)
    connect("coventry")
    answer = client.post(
        "/account/login/", {"login": email, "password": "a-password-for-tests-only"}
    )
    assert "People of Coventry sign in through Coventry" in answer.content.decode()
    assert not is_signed_in(client)


def test_a_letter_for_a_new_password_says_how_to_sign_in_instead(
    client, connect, letters, mailoutbox
):
    UserFactory(email=EMAIL)
    connect("coventry")
    with letters():
        client.post("/account/password/reset/", {"email": EMAIL})
    (letter,) = mailoutbox
    assert letter.subject == "You sign in through your organisation"
    assert "/account/organisation/" in letter.body
    assert "/reset/key/" not in letter.body


# --- the second step -------------------------------------------------------------------------------------------


def officer(coventry) -> User:
    user = UserFactory(email=EMAIL)
    MembershipFactory(user=user, organisation=coventry, role=Role.PROCUREMENT_OFFICER)
    return user


def test_a_service_that_asks_for_one_itself_is_enough(client, connect, coventry, policy):
    officer(coventry)
    connect("coventry", second_step=True)
    come_in(client)
    assert client.get("/procurements/").status_code == 200


def test_one_that_does_not_is_not(client, connect, coventry, policy):
    officer(coventry)
    connect("coventry")
    come_in(client)
    assert client.get("/procurements/")["Location"] == "/account/second-step/"


def test_it_never_is_for_who_runs_the_platform(client, connect, policy):
    UserFactory(email=EMAIL, is_staff=True)
    connect("coventry", second_step=True)
    come_in(client)
    assert client.get("/admin/")["Location"] == "/account/second-step/"


def test_whoever_has_one_here_is_asked_for_it(client, connect, coventry):
    user = officer(coventry)
    secret = with_app(user)
    connect("coventry", second_step=True)
    assert come_in(client)["Location"].startswith("/account/2fa/authenticate/")
    assert not is_signed_in(client)
    client.post("/account/2fa/authenticate/", {"code": code_of(secret)})
    assert is_signed_in(client)


def test_the_account_page_names_the_service(client, connect):
    connect("coventry")
    come_in(client)
    body = client.get("/account/").content.decode()
    assert "Your organisation’s sign-in" in body
    assert "/account/password/" not in body
    assert client.get("/account/3rdparty/").status_code == 200
    parts = parse_qs(urlsplit(leave(client)).query)
    assert set(parts) == {"code", "state"}
