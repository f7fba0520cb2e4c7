"""A form that another site fills in, an address under another name, and a way that leads elsewhere."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from socialvalue.accounts.queries import own_path
from socialvalue.accounts.vocabulary import Role
from socialvalue.core.jobs import run_inline
from tests.architecture.house import ROOT, sources
from tests.factories.accounts import PASSWORD, UserFactory, user_with_role
from tests.permissions.test_every_address import addresses
from tests.socialvalue.web.test_headers import filled

pytestmark = pytest.mark.django_db

# --- another site's form ----------------------------------------------------------------------------

FOR_PROGRAMS = {"core:schema": 401, "procurement:api:route": 401}
"""Their framework looks for the token itself, once somebody is signed in: see the test below."""


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_nothing_is_taken_without_the_forms_token(method):
    """Every address of the site, Django's admin too. With no check these would lead to the sign-in, not refuse."""
    client, found, asked = Client(enforce_csrf_checks=True), {}, 0
    for name, route, _view in addresses():
        address = filled(route)
        if method != "post" and address.startswith("/admin/"):
            continue
        asked += 1
        status = getattr(client, method)(address).status_code
        if status != FOR_PROGRAMS.get(name, 403):
            found[address] = status
    assert found == {}
    assert asked > 450


def test_nor_from_programs_that_are_signed_in():
    client = Client(enforce_csrf_checks=True)
    client.force_login(user_with_role(Role.PROCUREMENT_OFFICER))
    for address in ("/api/v1/schema/", "/api/v1/route/"):
        answer = client.post(address)
        assert answer.status_code == 403
        assert "CSRF" in answer.json()["error"]


def test_a_token_of_ours_from_a_page_of_theirs_is_refused():
    client = Client(enforce_csrf_checks=True)
    client.get("/register/")
    token = client.cookies["csrftoken"].value
    typed = {"email": "bids@hazel.example", "csrfmiddlewaretoken": token}
    for origin in ("https://evil.example", "null", "http://testserver.evil.example"):
        assert client.post("/register/", typed, headers={"origin": origin}).status_code == 403
    assert client.post("/register/", typed).status_code == 302


# --- another name for the site ------------------------------------------------------------------------

EVIL = "evil.example"
FORWARDED = {
    "x-forwarded-host": EVIL,
    "x-host": EVIL,
    "forwarded": f"host={EVIL}",
    "x-original-host": EVIL,
}


def test_another_name_for_the_site_is_refused(settings):
    settings.ALLOWED_HOSTS = ["site.example"]
    for address in ("/", "/account/login/", "/account/password/reset/", "/open/"):
        for host in (EVIL, f"site.example.{EVIL}", f"site.example@{EVIL}", f"{EVIL}#site.example"):
            answer = Client(headers={"host": host}).get(address)
            assert answer.status_code == 400
            assert EVIL not in answer.content.decode()
    assert Client(headers={"host": "site.example"}).get("/account/login/").status_code == 200


def test_what_a_proxy_is_told_is_not_believed():
    for address in (
        "/",
        "/account/login/",
        "/account/password/reset/",
        "/open/",
        "/register/",
        "/nowhere",
    ):
        answer = Client().get(address, headers=FORWARDED)
        assert EVIL not in answer.content.decode() + answer.headers.get("Location", ""), address


def test_letters_name_the_site_as_the_settings_do(settings, django_capture_on_commit_callbacks):
    """Whatever the request was told to be: new password, registration, invitation, change of address."""
    settings.ALLOWED_HOSTS, settings.SITE_URL = ["*"], "https://site.example"
    admin = user_with_role(Role.ORGANISATION_ADMIN)
    told = {"headers": FORWARDED | {"host": EVIL}}
    client = Client(**told)
    with django_capture_on_commit_callbacks(execute=True), run_inline():
        client.post("/account/password/reset/", {"email": admin.email})
        client.post("/register/", {"email": "bids@hazel.example"})
        client.post("/account/login/", {"login": admin.email, "password": PASSWORD})
        client.post(
            "/organisations/people/invite/", {"email": "new@hazel.example", "roles": ["evaluator"]}
        )
        client.post("/account/email/", {"email": "other@hazel.example", "action_add": ""})
        client.post("/account/reauthenticate/?next=/account/email/", {"password": PASSWORD})
        client.post("/account/email/", {"email": "other@hazel.example", "action_add": ""})
    links = [re.findall(r"https?://([^/\s]+)/\S{20,}", letter.body) for letter in mail.outbox]
    assert len([found for found in links if found]) >= 4, [m.subject for m in mail.outbox]
    assert {host for found in links for host in found} == {"site.example"}
    everything = "".join(letter.body + letter.subject for letter in mail.outbox)
    assert EVIL not in everything


# --- a way that leads elsewhere -----------------------------------------------------------------------

ELSEWHERE = (
    "//evil.example", "///evil.example", "////evil.example/", "/\\evil.example", "\\\\evil.example", "\\/evil.example",
    "https:evil.example", "https:/evil.example", "https:///evil.example", "http://evil.example", "HTTPS://EVIL.EXAMPLE",
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "\tjavascript:alert(1)", "java\nscript:alert(1)",
    "data:text/html,x", "vbscript:x", "/\t/evil.example", "/\n/evil.example", "\x01//evil.example", " //evil.example",
    "https://testserver@evil.example", "https://testserver.evil.example", "https://evil.example\\@testserver",
    "//evil\u3002example", "https://\uff45vil.example", "\u2028//evil.example", "//\u2100.evil.example", "https://[evil",
)  # fmt: skip


def leads_elsewhere(location: str) -> bool:
    """Where a browser would go: it drops tabs and line ends, and reads a backslash as a slash."""
    seen = re.sub(r"[\t\r\n]", "", location).strip("".join(map(chr, range(33)))).replace("\\", "/")
    try:
        there = urlsplit(urljoin("http://testserver/page/", seen))
    except ValueError:
        return True
    return there.netloc != "testserver" or there.scheme not in ("http", "https")


@pytest.mark.parametrize(
    "text", ["//evil.example", "/\\evil.example", "javascript:x", "/\t/evil.example"]
)
def test_the_judge_of_these_tests_knows_a_way_out(text):
    assert leads_elsewhere(text)
    assert not leads_elsewhere("/procurements/?page=2")


def login(target):
    person = user_with_role(Role.SUPPLIER_ADMIN)
    typed = {"login": person.email, "password": PASSWORD, "next": target}
    return Client().post("/account/login/", typed)


def login_by_address(target):
    person = user_with_role(Role.SUPPLIER_ADMIN)
    typed = {"login": person.email, "password": PASSWORD}
    return Client().post("/account/login/", typed, query_params={"next": target})


def signed_in(role=Role.CONTRACT_MANAGER):
    client = Client()
    client.force_login(user_with_role(role))
    return client


def logged_in_already(target):
    return signed_in().get("/account/login/", {"next": target})


def logout(target):
    return signed_in().post("/account/logout/", {"next": target})


def again(target):
    person = UserFactory()
    client = Client()
    client.force_login(person)
    return client.post("/account/reauthenticate/", {"password": PASSWORD, "next": target})


def counts(target):
    return signed_in().post("/counts/", {"counts": "1", "next": target})


def counts_by_referrer(target):
    return signed_in().post("/counts/", {"counts": "1"}, headers={"referer": target})


def ticked(target):
    return signed_in().post("/verify/ticked/", {"next": target})


def broken_rule(target):
    return signed_in().post("/verify/sampling/draw/", {"next": target})


def register(target):
    return Client().post("/register/", {"email": "bids@hazel.example", "next": target})


DOORS = (
    login, login_by_address, logged_in_already, logout, again, counts, counts_by_referrer, ticked, broken_rule,
    register,
)  # fmt: skip


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_nobody_is_led_elsewhere(door):
    wrong, ways = [], 0
    for target in ELSEWHERE:
        if "\n" in target and door is counts_by_referrer:
            continue
        answer = door(target)
        ways += answer.status_code == 302
        if answer.status_code >= 500 or leads_elsewhere(answer.headers.get("Location", "/")):
            wrong.append((target, answer.status_code, answer.headers.get("Location")))
    assert wrong == []
    assert ways, "this door leads nowhere, so it proves nothing"


def test_a_path_of_ours_is_kept_and_nothing_else_is():
    assert [own_path(target) for target in ELSEWHERE] == [""] * len(ELSEWHERE)
    assert own_path("/procurements/?page=2") == "/procurements/?page=2"


def test_pages_that_pass_a_way_on_offer_none_that_leads_elsewhere():
    for target in ELSEWHERE:
        for address in ("/register/", reverse("account_login")):
            text = Client().get(address, {"next": target}).content.decode()
            ways = re.findall(r'(?:href|action)="([^"]*)"', text)
            assert not [way for way in ways if leads_elsewhere(way.replace("&amp;", "&"))], target


READERS = {
    "socialvalue/accounts/views/registering.py",
    "socialvalue/accounts/views/sign_in.py",
    "socialvalue/core/pages.py",
    "socialvalue/core/views.py",
}
"""What asks a request where to go on: each of these stands behind a door above or is tested beside it."""


def test_nothing_else_asks_a_request_where_to_go():
    asks = re.compile(
        r"""(?:GET|POST)(?:\.get\(|\[)"(?:next|back|return|to|url|redirect\w*)"|HTTP_REFERER"""
    )
    found = {
        path.relative_to(ROOT).as_posix() for path in sources() if asks.search(path.read_text())
    }
    assert found == READERS
