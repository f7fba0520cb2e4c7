"""Links that open one tender, once, until they expire."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import signing
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from procurement.tenders import services
from procurement.tenders.models import TenderEmailInvitation, TenderInvitation
from procurement.tenders.queries import (
    invitations_for,
    link_of,
    links_of,
    tender_for_bidder,
    token_of,
)
from socialvalue.accounts.queries import organisation
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import UserFactory, actor_for_role
from tests.factories.tenders import DEADLINE, NOW, prepared, published
from tests.procurement.tenders.test_invitations.steps import (
    ADDRESS,
    SECOND,
    address_of,
    client_of,
    invite,
    new_bidder,
    text,
)

pytestmark = pytest.mark.django_db


def test_a_link_of_a_draft_waits_for_publication_then_lives_until_the_deadline(sent):
    world = prepared()
    link = invite(world)
    assert link.expires_at == NOW + timedelta(days=30)
    page = Client().get(address_of(link))
    assert page.status_code == 200
    assert "The link works from its publication." in text(page)
    _, bidder = new_bidder()
    with pytest.raises(Conflict, match="not published yet"):
        services.accept_link(actor=bidder, token=token_of(link))
    assert client_of(bidder).post(address_of(link)).headers["Location"] == address_of(link)
    assert TenderInvitation.objects.count() == 2
    letters = sent(
        services.publish_tender,
        actor=world.officer,
        tender_id=world.tender.pk,
        deadline_at=DEADLINE,
    )
    link.refresh_from_db()
    assert link.expires_at == DEADLINE
    (letter,) = [letter for letter in letters if letter.to == [ADDRESS]]
    assert address_of(link) in letter.body
    assert "works once, and expires at 12:00 on 1 April 2026, UK time" in letter.body


def test_an_expired_link_of_a_draft_is_not_sent_at_publication(sent):
    world = prepared()
    link = invite(world)
    later = NOW + timedelta(days=30)
    with clock.at(later):
        assert [row.state for row in links_of(world.officer, world.tender.pk)] == ["expired"]
        letters = sent(
            services.publish_tender,
            actor=world.officer,
            tender_id=world.tender.pk,
            deadline_at=later + timedelta(days=30),
        )
        assert [letter for letter in letters if letter.to == [ADDRESS]] == []
        assert Client().get(address_of(link)).status_code == 410


def test_one_link_is_enough_to_publish():
    world = prepared(invite=0)
    with pytest.raises(RuleBroken, match="Invite at least one supplier"):
        services.publish_tender(
            actor=world.officer, tender_id=world.tender.pk, deadline_at=DEADLINE
        )
    link = invite(world)
    services.revoke_link(actor=world.officer, link_id=link.pk)
    with pytest.raises(RuleBroken, match="Invite at least one supplier"):
        services.publish_tender(
            actor=world.officer, tender_id=world.tender.pk, deadline_at=DEADLINE
        )
    invite(world)
    services.publish_tender(actor=world.officer, tender_id=world.tender.pk, deadline_at=DEADLINE)
    assert world.refresh().status == "published"


def test_a_link_after_publication_is_sent_at_once_and_used_once(sent, heard):
    world = published(suppliers=1)
    letters = sent(invite, world)
    assert [letter.to for letter in letters] == [[ADDRESS]]
    link = TenderEmailInvitation.objects.get()
    assert link.expires_at == DEADLINE
    first_supplier, first = new_bidder(Role.SUPPLIER_CONTRIBUTOR)
    _, second = new_bidder()
    assert services.accept_link(actor=first, token=token_of(link)) == world.tender.pk
    assert heard == [world.tender.pk]
    link.refresh_from_db()
    assert (link.accepted_at, link.supplier_id) == (NOW, first_supplier.pk)
    assert [row.tender_id for row in invitations_for(first)] == [world.tender.pk]
    # The same again, by the same: it just opens the offer.
    assert services.accept_link(actor=first, token=token_of(link)) == world.tender.pk
    with pytest.raises(Conflict, match="used already"):
        services.accept_link(actor=second, token=token_of(link))
    assert TenderInvitation.objects.count() == 2
    assert client_of(second).get(address_of(link)).status_code == 410
    offer = reverse("procurement:bids:offer", args=[world.tender.pk])
    assert client_of(first).get(address_of(link)).headers["Location"] == offer
    info = links_of(world.officer, world.tender.pk)[0]
    assert (info.state, info.used_by, info.is_revocable) == ("used", first_supplier.name, False)


def test_who_is_invited_already_opens_the_offer_and_leaves_the_link_to_others():
    world = published()
    link = invite(world)
    assert services.accept_link(actor=world.bidder, token=token_of(link)) == world.tender.pk
    link.refresh_from_db()
    assert link.accepted_at is None
    page = client_of(world.bidder).get(address_of(link))
    assert page.headers["Location"] == reverse("procurement:bids:offer", args=[world.tender.pk])
    _, other = new_bidder()
    assert services.accept_link(actor=other, token=token_of(link)) == world.tender.pk


def test_a_link_works_until_a_second_before_the_deadline():
    world = published()
    link, other = invite(world), invite(world, "second@hazel.example")
    with clock.at(DEADLINE - SECOND):
        services.accept_link(actor=new_bidder()[1], token=token_of(link))
    _, late = new_bidder()
    with clock.at(DEADLINE):
        with pytest.raises(Conflict, match="has expired"):
            services.accept_link(actor=late, token=token_of(other))
        for client in (Client(), client_of(late)):
            page = client.get(address_of(other))
            assert page.status_code == 410
            assert "It worked until 1 April 2026, midday, UK time." in text(page)
        assert client_of(late).post(address_of(other)).status_code == 410
    assert TenderInvitation.objects.count() == 3


@pytest.mark.owner
def test_a_revoked_link_never_works_again():
    world = published()
    link = invite(world)
    services.revoke_link(actor=world.officer, link_id=link.pk)
    services.revoke_link(actor=world.officer, link_id=link.pk)
    _, bidder = new_bidder()
    with pytest.raises(Conflict, match="taken this invitation back"):
        services.accept_link(actor=bidder, token=token_of(link))
    page = Client().get(address_of(link))
    assert (page.status_code, "was taken back" in text(page)) == (410, True)
    with pytest.raises(IntegrityError), transaction.atomic():
        TenderEmailInvitation.objects.update(revoked_at=None, revoked_by=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        TenderEmailInvitation.objects.all().delete()
    # Another link to the same address is another link.
    assert invite(world).pk != link.pk
    assert TenderInvitation.objects.count() == 2


def test_a_used_link_is_not_revoked():
    world = published()
    link = invite(world)
    services.accept_link(actor=new_bidder()[1], token=token_of(link))
    with pytest.raises(Conflict, match="used already"):
        services.revoke_link(actor=world.officer, link_id=link.pk)


def test_a_withdrawn_procurement_takes_its_links_along():
    world = published()
    link = invite(world)
    type(world.procurement).objects.filter(pk=world.procurement.pk).update(status="withdrawn")
    with pytest.raises(Conflict, match="withdrawn"):
        services.accept_link(actor=new_bidder()[1], token=token_of(link))
    page = Client().get(address_of(link))
    assert (page.status_code, "This procurement is withdrawn" in text(page)) == (410, True)


def test_only_what_was_signed_here_opens_anything():
    world = published()
    link = invite(world)
    good = token_of(link)
    payload, signature = good.rsplit(".", 1)
    other = TenderEmailInvitation.objects.create(
        tender=world.tender,
        email="x@y.example",
        nonce="0" * 32,
        invited_at=NOW,
        invited_by_id=world.officer.user_id,
        expires_at=DEADLINE,
    )
    forged = [
        "",
        "x",
        "1",
        good[:-1],
        good + "x",
        f"{payload}.{token_of(other).rsplit('.', 1)[1]}",
        f"{token_of(other).rsplit('.', 1)[0]}.{signature}",
        signing.dumps([link.pk, link.nonce]),
        signing.Signer(salt="procurement.tenders.invitation", sep=".", key="other").sign_object(
            [link.pk, link.nonce]
        ),
        signing.Signer(salt="accounts.registration", sep=".").sign_object([link.pk, link.nonce]),
        signing.Signer(salt="procurement.tenders.invitation", sep=".").sign_object(
            [link.pk, other.nonce]
        ),
    ]
    _, bidder = new_bidder()
    for token in forged:
        with pytest.raises(NotVisible):
            link_of(token)
        with pytest.raises(NotVisible):
            services.accept_link(actor=bidder, token=token)
        if token:
            address = reverse("procurement:tenders:link", args=[token])
            assert Client().get(address).status_code == 404
            assert client_of(bidder).post(address).status_code == 404
    assert TenderInvitation.objects.count() == 2


def test_a_link_of_one_tender_never_opens_another():
    world = published()
    elsewhere = published(authority="warwickshire", suppliers=1)
    link = invite(world)
    _, bidder = new_bidder()
    assert services.accept_link(actor=bidder, token=token_of(link)) == world.tender.pk
    assert [row.tender_id for row in invitations_for(bidder)] == [world.tender.pk]
    with pytest.raises(NotVisible):
        tender_for_bidder(bidder, elsewhere.tender.pk)


def test_only_a_supplier_uses_a_link():
    world = published()
    link = invite(world)
    homeless = UserFactory()
    for actor in (
        world.officer,
        actor_for_role(Role.PROCUREMENT_OFFICER, organisation("coventry")),
        actor_for_role(Role.SUPPLIER_ADMIN, world.authority),
    ):
        with pytest.raises(NotAllowed):
            services.accept_link(actor=actor, token=token_of(link))
        page = client_of(actor).get(address_of(link))
        assert (page.status_code, "which is no supplier" in text(page)) == (200, True)
    client = Client()
    client.force_login(homeless)
    assert client.post(address_of(link)).status_code == 403
    assert Client().post(address_of(link)).headers["Location"] == address_of(link)
    assert TenderInvitation.objects.count() == 2


def test_opening_a_link_changes_nothing():
    world = published()
    link = invite(world)
    for client in (Client(), client_of(new_bidder()[1])):
        client.get(address_of(link))
    link.refresh_from_db()
    assert (link.accepted_at, TenderInvitation.objects.count()) == (None, 2)


def test_the_page_says_who_invites_to_what_and_until_when():
    world = published()
    UserFactory(email=ADDRESS)
    page = text(Client().get(address_of(invite(world))))
    for said in (
        "Birmingham City Council",
        world.procurement.title,
        "1 April 2026, midday, UK time",
        "It works once.",
        "Sign in",
    ):
        assert said in page
    for supplier in world.suppliers:
        assert supplier.name not in page
    here = address_of(TenderEmailInvitation.objects.get())
    assert re.search(r'href="/account/login/\?next=([^"]+)"', page)
    supplier, bidder = new_bidder()
    page = text(client_of(bidder).get(here))
    assert f"You answer for {supplier.name}." in page
    assert "Start your offer" in page
