"""A null byte, which PostgreSQL takes in no text: refused in an address, gone from what is posted, never a fault."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from procurement.procurements.models import Procurement
from socialvalue.accounts.models import User
from socialvalue.accounts.vocabulary import Role
from tests.factories.accounts import AuthorityFactory, actor_for_role
from tests.permissions.matrix.asking import routes, takes_posts
from tests.permissions.test_every_address import _fill, ours

pytestmark = pytest.mark.django_db
OFFICER = Role.PROCUREMENT_OFFICER


@pytest.fixture
def client():
    actor = actor_for_role(OFFICER, AuthorityFactory())
    found = Client(raise_request_exception=False)
    found.force_login(User.objects.get(pk=actor.user_id))
    return found


def test_one_in_an_address_is_a_bad_request(client):
    for address in (
        "/procurements/?q=a%00b",
        "/procurements/?a%00b=1",
        "/procurements/%00/",
        "/measures/x%00y/GSE1/",
        "/account/password/reset/key/1-a%00b/",
        "/open/x%00y/",
    ):
        answer = client.get(address)
        assert answer.status_code == 400, address
        assert "could not be read" in answer.content.decode()


def test_every_list_that_is_searched_refuses_one(client):
    """Whatever reads the question of an address: a form, or the view itself."""
    addresses = {_fill(route) for _, route, view in ours() if hasattr(view.view_class, "get")}
    assert len(addresses) > 200
    wrong = [
        address
        for address in sorted(addresses)
        if client.get(f"{address}?q=%00&sort=%00&page=%00&year=%00").status_code != 400
    ]
    assert wrong == []


def test_a_cookie_with_one_is_not_read(client):
    client.cookies[settings.SESSION_COOKIE_NAME] = "a\0bcdefghijkl"
    answer = client.get("/procurements/")
    assert (answer.status_code, answer["Location"][:15]) == (302, "/account/login/")


def test_what_is_posted_loses_them_and_nothing_else(client):
    answer = client.post("/procurements/new/", {"title": "Lift\0s", "description": "a\r\nb\0"})
    assert answer.status_code == 422
    assert "Null characters" not in answer.content.decode()
    typed = answer.context["form"].data
    assert (typed["title"], typed["description"]) == ("Lifts", "a\r\nb")
    assert not Procurement.objects.exists()


def test_no_form_fails_over_one(client):
    """As somebody who may little: what is asked before a form is read, and the forms of signing in."""
    posts, wrong = takes_posts(), []
    fields = (
        "title",
        "text",
        "email",
        "login",
        "password",
        "q",
        "version",
        "next",
        "key",
        "code",
        "reason",
    )
    for name, route, _ in ours():
        if name in posts:
            answer = client.post(_fill(route), dict.fromkeys(fields, "a\0b") | {"a\0b": "1"})
            if answer.status_code >= 500:
                wrong.append(f"{name}: {answer.status_code}")
    assert len(posts & set(routes())) > 150
    assert wrong == []


def test_signing_in_with_one():
    answer = Client().post("/account/login/", {"login": "a\0b@example.org", "password": "a\0b"})
    assert answer.status_code == 200
    assert "error" in answer.content.decode()
