"""The page of an opening: until when, who is first, what the second does, and the record to keep."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from procurement.bids.services import start_opening
from procurement.tenders.services import mark_opened
from socialvalue.accounts.models import User
from socialvalue.accounts.queries import organisation
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from tests.factories.accounts import actor_for_role
from tests.factories.bids import opened, world_with_bid
from tests.factories.tenders import DEADLINE, prepared

pytestmark = pytest.mark.django_db
BEFORE = DEADLINE - timedelta(seconds=1)


def client_of(actor) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def address(world, name="opening", *more):
    return reverse(f"procurement:bids:{name}", args=[world.procurement.pk, *more])


def page(world, actor, moment=DEADLINE, *, status=200) -> str:
    with clock.at(moment):
        answer = client_of(actor).get(address(world))
    assert answer.status_code == status
    return " ".join(answer.content.decode().split())


def buttons(world, text: str) -> list[str]:
    """Which of the two deeds the page offers."""
    pk = world.procurement.pk
    return [
        name
        for name in ("start_opening", "open")
        if f'action="{reverse(f"procurement:evaluations:{name}", args=[pk])}"' in text
    ]


def opened_whole(world):
    opened(world)
    with clock.at(DEADLINE):
        mark_opened(actor=world.officer, tender_id=world.tender.pk)


def test_before_the_deadline_it_says_until_when_and_nothing_else():
    world, bid = world_with_bid()
    text = page(world, world.officer, BEFORE)
    assert "Bids are sealed until 1 April 2026, midday, UK time." in text
    assert buttons(world, text) == []
    assert bid.receipt not in text
    assert world.suppliers[0].name not in text


def test_from_the_deadline_on_one_person_starts_and_another_opens():
    world, _ = world_with_bid()
    second = actor_for_role(Role.APPROVER, world.authority)
    evaluator = actor_for_role(Role.EVALUATOR, world.authority)
    assert buttons(world, page(world, world.officer)) == ["start_opening"]
    assert buttons(world, page(world, evaluator)) == []
    with clock.at(DEADLINE):
        start_opening(actor=world.officer, tender_id=world.tender.pk)
    text = page(world, world.officer)
    assert f"{world.officer.name} started the opening on 1 April 2026, midday" in text
    assert "Another person has to open them" in text
    assert buttons(world, text) == []
    assert buttons(world, page(world, second)) == ["open"]
    assert buttons(world, page(world, evaluator)) == []


def test_afterwards_it_is_the_record():
    world, bid = world_with_bid()
    opened_whole(world)
    text = page(world, world.officer)
    assert buttons(world, text) == []
    for said in (bid.receipt, bid.content_hash, world.suppliers[0].name, world.bidder.name):
        assert said in text
    assert world.suppliers[1].name not in text


@pytest.mark.parametrize("kind", ["pdf", "docx"])
def test_the_record_can_be_kept(kind):
    world, _ = world_with_bid()
    client = client_of(actor_for_role(Role.AUDITOR, world.authority))
    assert client.get(address(world, "opening_document", kind)).status_code == 404
    opened_whole(world)
    answer = client.get(address(world, "opening_document", kind))
    assert answer.status_code == 200
    assert answer.content[:4] == {"pdf": b"%PDF", "docx": b"PK\x03\x04"}[kind]
    name = f"opening-{world.procurement.reference.lower()}.{kind}"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'


def test_who_may_see_it():
    world, _ = world_with_bid()
    opened_whole(world)
    page(world, actor_for_role(Role.AUDITOR, world.authority))
    page(world, actor_for_role(Role.REPORT_AUTHOR, world.authority), status=403)
    page(world, actor_for_role(Role.PROCUREMENT_OFFICER, organisation("coventry")), status=404)
    page(world, world.bidder, status=403)


def test_there_is_no_page_before_publication():
    world = prepared()
    page(world, world.officer, status=404)
