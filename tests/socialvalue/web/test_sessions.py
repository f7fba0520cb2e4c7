"""Whose session it is: one that was planted is nobody's, and one key is good for one sign-in."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from socialvalue.accounts.queries import registration_path
from socialvalue.accounts.vocabulary import Role
from tests.factories.accounts import (
    PASSWORD,
    AuthorityFactory,
    MembershipFactory,
    UserFactory,
    user_with_role,
)

pytestmark = pytest.mark.django_db
COOKIE = "sv_session"
PLANTED = "a" * 32


def sign_in(client, user):
    return client.post("/account/login/", {"login": user.email, "password": PASSWORD})


def with_key(key):
    client = Client()
    client.cookies[COOKIE] = key
    return client


def is_somebody(client):
    return client.get("/account/").status_code == 200


def test_a_key_that_was_made_up_never_becomes_a_session():
    client = with_key(PLANTED)
    sign_in(client, user_with_role(Role.SUPPLIER_ADMIN))
    assert is_somebody(client)
    assert client.cookies[COOKIE].value != PLANTED
    assert not Session.objects.filter(session_key=PLANTED).exists()
    assert not is_somebody(with_key(PLANTED))


def test_a_key_of_ours_that_was_planted_is_dead_after_the_sign_in():
    """The attacker opens the site, plants the session it got, and waits until somebody signs in with it."""
    attacker = Client()
    attacker.post("/procurements/", {"typed": "something"})
    key = attacker.cookies[COOKIE].value
    victim = with_key(key)
    sign_in(victim, user_with_role(Role.SUPPLIER_ADMIN))
    assert is_somebody(victim)
    assert not is_somebody(attacker)
    assert not Session.objects.filter(session_key=key).exists()


def test_nor_is_it_alive_after_a_registration():
    attacker = Client()
    attacker.post("/procurements/", {"typed": "something"})
    key = attacker.cookies[COOKIE].value
    victim = with_key(key)
    victim.post(
        registration_path("bids@hazel.example"),
        {
            "organisation_name": "Hazel",
            "full_name": "Bid manager",
            "password": "walnut-harvest-basket",
        },
    )
    assert is_somebody(victim)
    assert not is_somebody(attacker)


def test_who_signs_in_as_somebody_else_takes_nothing_along():
    first, second = user_with_role(Role.SUPPLIER_ADMIN), user_with_role(Role.APPROVER)
    client = Client()
    sign_in(client, first)
    client.post("/counts/", {"counts": "1"})
    before = client.session.session_key
    client.post("/account/logout/")
    sign_in(client, second)
    assert client.session.session_key != before
    assert "counts_only" not in client.session
    assert not is_somebody(with_key(before))


def test_to_act_for_another_organisation_one_must_belong_to_it():
    """The session is the same person's before and after, so its key stays; a seat that was ended is none."""
    user, own, other = UserFactory(), AuthorityFactory(), AuthorityFactory()
    seat = MembershipFactory(user=user, organisation=own, role=Role.PROCUREMENT_OFFICER)
    client = Client()
    sign_in(client, user)
    foreign = client.post("/organisations/switch/", {"organisation": other.slug})
    assert foreign.status_code == 404
    assert client.post("/organisations/switch/", {"organisation": own.slug}).status_code == 302
    assert client.get("/procurements/").status_code == 200
    seat.ended_at = seat.granted_at
    seat.save()
    assert client.get("/procurements/").status_code == 403


def test_the_cookies_are_for_our_pages_alone():
    client = Client()
    sign_in(client, user_with_role(Role.SUPPLIER_ADMIN))
    session, token = client.cookies[COOKIE], client.cookies["csrftoken"]
    assert (session["httponly"], session["samesite"], session["domain"]) == (True, "Lax", "")
    assert (token["samesite"], token["domain"]) == ("Lax", "")
    assert session["max-age"] == "" or int(session["max-age"]) <= 8 * 60 * 60
