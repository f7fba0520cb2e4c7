"""Who must have a second step, who may reset one, what a browser is called, what a connection may say."""

from __future__ import annotations

import json

import pytest

from socialvalue.accounts.rules.connections import (
    connection_for,
    connection_of,
    providers,
    read_connections,
)
from socialvalue.accounts.rules.devices import device
from socialvalue.accounts.rules.second_step import asked_by, why_not_reset
from socialvalue.accounts.vocabulary import BUYER_ROLES, SUPPLIER_ROLES, Role

OPERATOR = "Everybody who runs the platform signs in with a second step."
AUTHORITY = "Everybody who works for an authority signs in with a second step."


@pytest.mark.parametrize("role", sorted(BUYER_ROLES))
def test_the_policy_asks_every_buyer_side_role(role):
    asked = {"is_operator": False, "roles": [role], "asking": []}
    assert asked_by(required=True, **asked) == AUTHORITY
    assert asked_by(required=False, **asked) == ""


@pytest.mark.parametrize("role", [*sorted(SUPPLIER_ROLES), Role.MEMBER])
def test_the_policy_asks_nobody_else(role):
    assert asked_by(required=True, is_operator=False, roles=[role], asking=[]) == ""


def test_the_policy_asks_platform_operators_first_of_all():
    everything = {"is_operator": True, "roles": [Role.AUDITOR], "asking": ["Hazel"]}
    assert asked_by(required=True, **everything) == OPERATOR
    assert asked_by(required=True, is_operator=True, roles=[], asking=[]) == OPERATOR
    assert asked_by(required=False, is_operator=True, roles=[], asking=[]) == ""


def test_an_organisation_may_ask_whatever_the_policy_says():
    asked = {"is_operator": False, "roles": [Role.SUPPLIER_ADMIN], "asking": ["Hazel", "Ash"]}
    said = "Ash asks its people to sign in with a second step."
    assert asked_by(required=False, **asked) == said
    assert asked_by(required=True, **asked) == said


@pytest.mark.parametrize(
    ("case", "said"),
    [
        ({}, ""),
        ({"is_self": True}, "You cannot reset your own second step."),
        ({"is_operator": True}, "This person runs the platform."),
        ({"own_kind": "supplier"}, ""),
        ({"own_kind": "supplier", "other_kinds": ["supplier"]}, ""),
        ({"own_kind": "supplier", "other_kinds": ["council"]}, "This person also works for"),
        ({"own_kind": "council", "other_kinds": ["combined_authority", "supplier"]}, ""),
    ],
)
def test_who_may_reset_whose_second_step(case, said):
    asked = {"is_self": False, "is_operator": False, "own_kind": "council", "other_kinds": []}
    why = why_not_reset(**(asked | case))
    assert why.startswith(said)
    assert bool(why) == bool(said)


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/126.0 Safari/537.36 Edg/126.0", "Edge on Windows"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/126.0 Safari/537.36", "Chrome on Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0", "Firefox on Linux"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) Version/17.5 Safari/605.1", "Safari on Mac"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) CriOS/126.0 Safari/604.1", "Chrome on iPhone"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/126.0 Mobile Safari/537.36", "Chrome on Android"),
        ("curl/8.5", "Another browser"),
        ("", "Another browser"),
    ],
)  # fmt: skip
def test_a_browser_is_called_by_its_name_and_machine(user_agent, name):
    assert device(user_agent) == name


ROW = {
    "organisation": "coventry",
    "name": "Coventry",
    "domains": ["Coventry.gov.uk", "coventry.example"],
    "server_url": "https://login.example/coventry",
    "client_id": "social-value",
    "secret": "a-secret",
}


def read(*rows, https_only=True):
    return read_connections(json.dumps(rows), https_only=https_only)


def test_no_connections_are_no_mistake():
    assert read_connections("", https_only=True) == ()
    assert read_connections("[]", https_only=True) == ()


def test_a_connection_is_read_closed_as_it_can_be():
    (row,) = read(ROW)
    assert row.domains == ("coventry.gov.uk", "coventry.example")
    assert row.origin == "https://login.example"
    assert (row.second_step, row.passwords_too) == (False, False)
    assert (
        read(ROW | {"sign_in_origin": "https://sso.example/x"})[0].origin == "https://sso.example"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "is not JSON"),
        ('{"organisation": "x"}', "must be a list of objects"),
        ('["coventry"]', "must be a list of objects"),
    ],
)
def test_what_is_no_list_of_connections_says_so(text, said):
    with pytest.raises(ValueError, match=said):
        read_connections(text, https_only=True)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"secret": ""}, "Connection 1 of OIDC_CONNECTIONS has no secret"),
        ({"domains": []}, "has no domains"),
        ({"domains": "coventry.gov.uk"}, "domains of Connection 1 .* must be a list"),
        ({"domains": ["coventry"]}, "'coventry' in .* is not a domain"),
        ({"domains": ["@coventry.gov.uk"]}, "is not a domain"),
        ({"second_step": "yes"}, "second_step of .* must be a bool"),
        ({"colour": "red"}, "has 'colour', which is not known"),
        ({"organisation": "Coventry City"}, "must be its slug"),
        ({"server_url": "http://login.example"}, "server_url of .* must begin with https"),
        ({"sign_in_origin": "javascript:alert(1)"}, "sign_in_origin of .* must begin with https"),
    ],
)
def test_a_connection_that_is_wrong_says_what(more, said):
    with pytest.raises(ValueError, match=said):
        read(ROW | more)


def test_http_is_for_tests_and_development():
    assert (
        read(ROW | {"server_url": "http://127.0.0.1:9"}, https_only=False)[0].origin
        == "http://127.0.0.1:9"
    )


def test_one_connection_an_organisation_and_one_a_domain():
    other = ROW | {"organisation": "rugby", "domains": ["rugby.gov.uk"]}
    assert len(read(ROW, other)) == 2
    with pytest.raises(ValueError, match="the organisation coventry more than once"):
        read(ROW, other | {"organisation": "coventry"})
    with pytest.raises(ValueError, match=r"the domain coventry\.example more than once"):
        read(ROW, other | {"domains": ["COVENTRY.example"]})


@pytest.mark.parametrize(
    ("email", "found"),
    [
        ("jo@coventry.gov.uk", True),
        ("jo@COVENTRY.example ", True),
        ("jo@staff.coventry.gov.uk", False),
        ("jo@coventry.gov.uk.evil.example", False),
        ("jo@evilcoventry.gov.uk", False),
        ("coventry.gov.uk", True),
        ("jo@coventry.gov.uk@evil.example", False),
        ("", False),
    ],
)
def test_a_domain_is_matched_whole(email, found):
    rows = read(ROW)
    assert connection_for(email, rows) == (rows[0] if found else None)
    assert connection_of("coventry", rows) == rows[0]
    assert connection_of("rugby", rows) is None


def test_the_same_for_allauth():
    (app,) = providers(read(ROW))["openid_connect"]["APPS"]
    assert (app["provider_id"], app["client_id"]) == ("coventry", "social-value")
    assert app["settings"] == {"server_url": "https://login.example/coventry"}
