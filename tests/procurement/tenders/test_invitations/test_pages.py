"""The buyer's page of suppliers, and the way from a letter to an offer without an account."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from procurement.tenders.models import TenderEmailInvitation
from procurement.tenders.queries import links_of, suppliers_to_invite, token_of
from socialvalue.core import clock
from tests.factories.tenders import DEADLINE, published
from tests.procurement.tenders.test_invitations.steps import (
    ADDRESS,
    address_of,
    client_of,
    invite,
    page_of,
    text,
)

pytestmark = pytest.mark.django_db


# --- the buyer's page ---------------------------------------------------------------------------


def test_the_suppliers_page_takes_several_addresses_and_names_each_wrong_one(sent):
    world = published()
    client = client_of(world.officer)
    typed = "one@hazel.example\nbob@\nTwo@Hazel.example, three\n\n"
    page = client.post(page_of(world, "invite_by_email"), {"emails": typed})
    assert page.status_code == 422
    for wrong in ("bob@ is no e-mail address", "three is no e-mail address"):
        assert wrong in text(page)
    assert "Two@Hazel.example, three" in text(page)
    assert TenderEmailInvitation.objects.count() == 0
    good = "one@hazel.example\n two@hazel.example;one@hazel.example\n"
    letters = sent(client.post, page_of(world, "invite_by_email"), {"emails": good})
    assert [letter.to[0] for letter in letters] == ["one@hazel.example", "two@hazel.example"]
    page = text(client.get(page_of(world, "suppliers")))
    assert "Invited by e-mail (2)" in page
    assert page.count(">Revoke<") == 2
    # The link itself goes to its address only.
    for link in TenderEmailInvitation.objects.all():
        assert token_of(link) not in page
        assert link.nonce not in page
    one = TenderEmailInvitation.objects.first()
    client.post(page_of(world, "revoke_link", one.pk))
    page = text(client.get(page_of(world, "suppliers")))
    assert ("Revoked" in page, page.count(">Revoke<")) == (True, 1)


def test_known_suppliers_are_ticked_after_publication_but_not_removed():
    world = published(suppliers=2, invite=1)
    client = client_of(world.officer)
    page = text(client.get(page_of(world, "suppliers")))
    assert (world.suppliers[1].name in page, ">Remove<" in page) == (True, False)
    sent_back = client.post(page_of(world, "suppliers"), {"suppliers": [world.suppliers[1].pk]})
    assert sent_back.headers["Location"] == page_of(world, "suppliers")
    assert suppliers_to_invite(world.officer, world.tender.pk) == []
    with clock.at(DEADLINE):
        closed = client.get(page_of(world, "suppliers"))
        assert closed.headers["Location"] == page_of(world, "task_list")


def test_the_list_of_links_is_read_in_a_constant_number_of_queries(django_assert_num_queries):
    world = published()
    counts = []
    for many in (1, 3):
        while TenderEmailInvitation.objects.count() < many:
            invite(world, f"n{TenderEmailInvitation.objects.count()}@hazel.example")
        before = len(connection.queries_log)
        connection.force_debug_cursor = True
        links_of(world.officer, world.tender.pk)
        counts.append(len(connection.queries_log) - before)
        connection.force_debug_cursor = False
    assert counts[0] == counts[1]


# --- coming from a letter without an account ----------------------------------------------------


def test_from_the_link_to_the_offer_in_two_clicks_and_three_fields():
    world = published()
    link = invite(world)
    client = Client()
    to_registration = client.get(address_of(link))
    assert to_registration.status_code == 302
    page = client.get(to_registration.headers["Location"])
    body = text(page)
    assert page.status_code == 200
    for said in (ADDRESS, "Birmingham City Council", "12:00 on 1 April 2026, UK time"):
        assert said in body
    form = re.search(r"<form method=\"post\" class=\"sv-form\".*?</form>", body, re.S)[0]
    fields = re.findall(r'<input[^>]*name="(\w+)"', form)
    assert [name for name in fields if name != "csrfmiddlewaretoken"] == [
        "organisation_name",
        "full_name",
        "password",
    ]
    back = client.post(
        to_registration.headers["Location"],
        {
            "organisation_name": "Hazel and Sons",
            "full_name": "Their bid manager",
            "password": "walnut-harvest-basket",
        },
    )
    assert back.headers["Location"] == address_of(link)
    assert "Start your offer" in text(client.get(address_of(link)))
    done = client.post(address_of(link))
    assert done.headers["Location"] == reverse("procurement:bids:offer", args=[world.tender.pk])
    assert "Hazel and Sons" in [row.used_by for row in links_of(world.officer, world.tender.pk)]
