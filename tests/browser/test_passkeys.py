"""Passkeys in a real browser, with an authenticator that Chromium plays: added, used alone, used as the second step.

A test without a browser cannot: the key signs what the page, its address and the server said together.
"""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator

from socialvalue.accounts.vocabulary import Role
from tests.browser.hands import AXE, RUN_AXE
from tests.factories.accounts import PASSWORD, user_with_role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(chromium, site):
    """A page at the site's name: a passkey belongs to a name, never to a number."""
    context = chromium.new_context(base_url=site.replace("127.0.0.1", "localhost"))
    page = context.new_page()
    yield page
    context.close()


@pytest.fixture
def key(page):
    """An authenticator in this browser. ``key(isUserVerified=False)`` is one that nobody touches."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})

    def verified(is_verified: bool) -> None:
        wanted = {"authenticatorId": made["authenticatorId"], "isUserVerified": is_verified}
        devtools.send("WebAuthn.setUserVerified", wanted)

    return verified


def sign_in(page, user) -> None:
    page.goto("/account/login/")
    page.fill("[name=login]", user.email)
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda address: "/account/login/" not in address)


def sign_out(page) -> None:
    page.goto("/account/logout/")
    page.locator("main").get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/account/login/")


def look(page) -> None:
    """axe finds nothing on the page as it is now, and it is not wider than a telephone."""
    page.set_viewport_size({"width": 390, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") == 390, page.url
    page.evaluate(AXE)
    assert page.evaluate(RUN_AXE) == [], page.url
    page.set_viewport_size({"width": 1280, "height": 900})


def add(page, name: str) -> None:
    page.goto("/account/2fa/webauthn/add/")
    if "reauthenticate" in page.url:
        look(page)
        page.fill("[name=password]", PASSWORD)
        page.get_by_role("button", name="Continue").click()
        page.wait_for_url("**/webauthn/add/")
    look(page)
    page.fill("[name=name]", name)
    page.get_by_role("button", name="Add the passkey").click()


def test_from_adding_one_to_signing_in_with_it_alone_and_after_the_password(page, key):
    user = user_with_role(Role.SUPPLIER_ADMIN)
    sign_in(page, user)
    add(page, "Work laptop")
    page.wait_for_url("**/recovery-codes/")
    assert len(re.findall(r"<code class=\"sv-code\">\d{8}</code>", page.content())) == 10
    assert Authenticator.objects.get(user=user, type="webauthn").data["name"] == "Work laptop"
    sign_out(page)

    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(re.compile(r"localhost:\d+/$"))
    page.goto("/account/")
    assert user.email in page.content()
    sign_out(page)
    look(page)

    sign_in(page, user)
    assert "/account/2fa/authenticate/" in page.url
    look(page)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(re.compile(r"localhost:\d+/$"))

    page.goto("/account/2fa/webauthn/")
    page.get_by_role("link", name="Remove Work laptop").click()
    if "reauthenticate" in page.url:
        page.fill("[name=password]", PASSWORD)
        page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Remove").click()
    page.wait_for_url("**/account/2fa/webauthn/")
    assert not Authenticator.objects.filter(user=user).exists()
    sign_out(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_selector("text=This passkey does not open an account here")
    page.goto("/account/")
    assert "/account/login/" in page.url


PAGES = (
    "/account/",
    "/account/name/",
    "/account/email/",
    "/account/password/change/",
    "/account/sessions/",
    "/account/second-step/",
    "/account/2fa/",
    "/account/2fa/webauthn/",
    "/account/2fa/totp/activate/",
    "/account/3rdparty/",
    "/account/logout/",
    "/organisations/sign-in/",
)


def test_every_page_of_the_account_is_for_everybody(page, key):
    sign_in(page, user_with_role(Role.SUPPLIER_ADMIN))
    add(page, "Phone")
    page.wait_for_url("**/recovery-codes/")
    look(page)
    for path in PAGES:
        page.goto(path)
        look(page)


def test_nobody_is_signed_in_by_a_key_that_does_not_know_its_owner(page, key):
    user = user_with_role(Role.SUPPLIER_ADMIN)
    sign_in(page, user)
    add(page, "Phone")
    page.wait_for_url("**/recovery-codes/")
    sign_out(page)
    key(False)
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_selector("[data-passkey-error]:not(:empty)")
    assert "Nothing happened" in page.locator("[data-passkey-error]").inner_text()
    page.goto("/account/")
    assert "/account/login/" in page.url


def test_without_a_script_the_button_is_not_there(chromium, site):
    context = chromium.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    page.goto("/account/login/")
    assert not page.get_by_role("button", name="Sign in with a passkey").is_visible()
    assert page.get_by_role("button", name="Sign in", exact=True).is_visible()
    context.close()
