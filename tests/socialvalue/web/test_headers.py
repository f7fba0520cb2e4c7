"""What browsers are told with every answer: no powers, no frames, no guessing of types, nothing told to other sites."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from socialvalue.accounts.vocabulary import Role
from socialvalue.core.files import safe_headers
from tests.factories.accounts import user_with_role
from tests.permissions.test_every_address import _fill, addresses

pytestmark = pytest.mark.django_db

EVERYWHERE = {
    "Permissions-Policy": settings.PERMISSIONS_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def filled(route):
    """An address of the route, allauth's too."""
    return _fill(route.replace("[^/]+", r"[-\w]+"))


def lacking(response, address="", *, framed=True):
    """What is not as it should be among the headers of an answer, in words."""
    said = dict(EVERYWHERE)
    if address.startswith("/open/"):
        said["Cross-Origin-Resource-Policy"] = "cross-origin"
    found = [
        f"{address}: {name} is {response.headers.get(name)!r}"
        for name, value in said.items()
        if response.headers.get(name) != value
    ]
    if framed and "frame-ancestors 'none'" not in response.headers.get(
        "Content-Security-Policy", ""
    ):
        found.append(f"{address}: may be framed")
    return found


def test_every_address_tells_it_to_whoever_is_not_signed_in(client):
    """Pages, redirects to the sign-in, files, JSON, buttons, links that are wrong: about six hundred answers."""
    client.raise_request_exception = False
    found, kinds = [], set()
    for _name, route, _view in addresses():
        address = filled(route)
        if address.startswith("/admin/") and address.count("/") > 3:
            continue
        response = client.get(address)
        kinds.add((response.status_code, response.headers.get("Content-Type", "").split(";")[0]))
        found += lacking(response, address)
    assert found == []
    assert {(200, "text/html"), (302, "text/html"), (404, "text/html")} <= kinds
    assert {(200, "text/plain"), (401, "application/json")} <= kinds
    wrong = client.post("/privacy/")
    assert wrong.status_code == 405
    assert lacking(wrong) == []


def test_people_who_are_signed_in_are_told_it_with_pages_and_files_of_every_kind(client):
    client.force_login(user_with_role(Role.PROCUREMENT_OFFICER))
    types = set()
    for address in (
        "/", "/procurements/", "/measures/", "/measures/export.csv", "/measures/export.xlsx",
        "/api/v1/schema/", "/api/v1/route/", "/account/2fa/", "/organisations/roles/", "/nowhere/",
        "/organisations/people/invite/", "/account/data/file/",
    ):  # fmt: skip
        response = client.get(address)
        types.add(response.headers["Content-Type"].split(";")[0])
        assert lacking(response, address) == []
    assert len(types) >= 4, types


def test_what_never_reaches_a_view_is_told_it_too(client, settings):
    settings.ALLOWED_HOSTS = ["site.example"]
    foreign = client.get("/", headers={"host": "evil.example"})
    assert foreign.status_code == 400
    assert lacking(foreign, framed=False) == []
    settings.SECURE_SSL_REDIRECT = True
    moved = Client(headers={"host": "site.example"}).get("/privacy/")
    assert moved.status_code == 301
    assert lacking(moved, framed=False) == []


def test_a_static_file_is_told_it():
    picture = Client().get("/static/img/favicon.svg")
    assert picture.status_code == 200
    assert lacking(picture, framed=False) == []
    picture.close()


def test_our_own_fault_is_told_it(monkeypatch):
    def broken(*args, **kwargs):
        raise ZeroDivisionError

    monkeypatch.setattr("socialvalue.core.pages.Cookies.get_page", broken)
    response = Client(raise_request_exception=False).get("/cookies/")
    assert response.status_code == 500
    assert lacking(response) == []


def test_a_kept_file_is_in_a_sandbox_and_in_nobodys_frame():
    told = safe_headers("application/pdf", "plan.pdf")
    assert told["Content-Security-Policy"] == (
        "sandbox; default-src 'none'; frame-ancestors 'none'"
    )
    assert told["X-Content-Type-Options"] == "nosniff"


def test_no_power_is_given_but_passkeys_on_our_own_pages():
    given = dict(part.split("=") for part in settings.PERMISSIONS_POLICY.split(", "))
    assert {power for power, to in given.items() if to != "()"} == {
        "publickey-credentials-create",
        "publickey-credentials-get",
    }
    assert {"camera", "microphone", "geolocation", "payment", "usb", "display-capture"} <= set(
        given
    )
