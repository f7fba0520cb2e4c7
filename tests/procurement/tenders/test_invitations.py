"""Invitations: known suppliers until the deadline, and links that open one tender, once, until they expire."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail, signing
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from procurement import events
from procurement.tenders import services
from procurement.tenders.models import TenderEmailInvitation, TenderInvitation
from procurement.tenders.queries import (
    invitations_for,
    link_of,
    links_of,
    suppliers_to_invite,
    tender_for_bidder,
    token_of,
)
from socialvalue.accounts.models import User
from socialvalue.accounts.queries import organisation
from socialvalue.accounts.vocabulary import BUYER_ROLES, Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from socialvalue.core.jobs import run_inline
from tests.factories.accounts import (
    MembershipFactory,
    SupplierFactory,
    UserFactory,
    actor_for_role,
    user_with_role,
)
from tests.factories.tenders import DEADLINE, NOW, prepared, published

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)
ADDRESS = "tenders@hazel.example"


@pytest.fixture(autouse=True)
def _time():
    with clock.at(NOW), run_inline():
        yield


@pytest.fixture
def sent(django_capture_on_commit_callbacks):
    """Runs a deed to its end, letters included, and gives the letters it sent."""

    def run(deed, *args, **kwargs):
        before = len(mail.outbox)
        with django_capture_on_commit_callbacks(execute=True):
            deed(*args, **kwargs)
        return mail.outbox[before:]

    return run


@pytest.fixture
def heard():
    """The tenders that were said to have more suppliers invited."""
    told = []

    def hear(tender_id, **_):
        told.append(tender_id)

    events.suppliers_invited.connect(hear)
    yield told
    events.suppliers_invited.disconnect(hear)


def invite(world, email=ADDRESS, **more):
    return services.invite_by_email(
        actor=more.pop("actor", world.officer), tender_id=world.tender.pk, email=email
    )


def address_of(link):
    return reverse("procurement:tenders:link", args=[token_of(link)])


def client_of(actor):
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def page_of(world, name, *more):
    return reverse(f"procurement:tenders:{name}", args=[world.procurement.pk, *more])


def text(response):
    return response.content.decode()


def new_bidder(role=Role.SUPPLIER_ADMIN):
    supplier = SupplierFactory()
    return supplier, actor_for_role(role, supplier)


# --- known suppliers ----------------------------------------------------------------------------


def test_publication_writes_to_every_active_person_of_invited_suppliers_and_to_nobody_else(sent):
    world = prepared(suppliers=3, invite=2)
    first, second, outside = world.suppliers
    colleague = user_with_role(Role.SUPPLIER_CONTRIBUTOR, first)
    both = MembershipFactory(organisation=first, role=Role.SUPPLIER_CONTRIBUTOR).user
    MembershipFactory(organisation=second, role=Role.SUPPLIER_ADMIN, user=both)
    gone = user_with_role(Role.SUPPLIER_ADMIN, first)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    left = user_with_role(Role.SUPPLIER_ADMIN, second)
    left.memberships.update(ended_at=NOW)
    letters = sent(
        services.publish_tender,
        actor=world.officer,
        tender_id=world.tender.pk,
        deadline_at=DEADLINE,
    )
    expected = [User.objects.get(pk=actor.user_id).email for actor in world.bidders[:2]]
    assert sorted(letter.to[0] for letter in letters) == sorted(
        [*expected, colleague.email, both.email]
    )
    for letter in letters:
        assert letter.subject == f"Birmingham City Council invites you to offer: {_title(world)}"
        assert "Offers close at 12:00 on 1 April 2026, UK time." in letter.body
        assert f"/bids/{world.tender.pk}/" in letter.body
        for supplier in world.suppliers:
            assert supplier.name not in letter.body
    assert outside.name not in repr([letter.body for letter in letters])


def _title(world):
    return world.procurement.title


def test_before_publication_no_letter_goes_out(sent):
    world = prepared(suppliers=3, invite=2)
    letters = sent(
        services.invite_supplier,
        actor=world.officer,
        tender_id=world.tender.pk,
        supplier_id=world.suppliers[2].pk,
    )
    assert letters == []
    assert sent(invite, world) == []


def test_a_supplier_is_invited_after_publication_until_the_deadline(sent, heard):
    world = published(suppliers=4, invite=1)
    late = world.suppliers[1:]
    act = {"actor": world.officer, "tender_id": world.tender.pk}
    version = world.tender.version
    with clock.at(DEADLINE - SECOND):
        letters = sent(services.invite_supplier, **act, supplier_id=late[0].pk)
        again = sent(services.invite_supplier, **act, supplier_id=late[0].pk)
    assert [letter.to for letter in letters] == [
        [User.objects.get(pk=world.bidders[1].user_id).email]
    ]
    assert (again, heard) == ([], [world.tender.pk])
    assert tender_for_bidder(world.bidders[1], world.tender.pk).tender_id == world.tender.pk
    assert world.refresh().version == version
    with clock.at(DEADLINE), pytest.raises(RuleBroken, match="The deadline was 12:00 on 1 April"):
        services.invite_supplier(**act, supplier_id=late[1].pk)
    with clock.at(DEADLINE):
        services.mark_opened(**act)
        with pytest.raises(Conflict, match="bids are open"):
            services.invite_supplier(**act, supplier_id=late[1].pk)
    assert TenderInvitation.objects.count() == 2


def test_after_publication_nobody_is_taken_off_the_list():
    world = published()
    with pytest.raises(Conflict):
        services.remove_invitation(
            actor=world.officer, tender_id=world.tender.pk, supplier_id=world.suppliers[0].pk
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        TenderInvitation.objects.all().delete()
    assert TenderInvitation.objects.count() == 2


# --- links --------------------------------------------------------------------------------------


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


# --- who may ------------------------------------------------------------------------------------


def test_who_invites_and_revokes():
    world = published()
    link = invite(world)
    stranger = actor_for_role(Role.PROCUREMENT_OFFICER, organisation("coventry"))
    for actor in (stranger, world.bidder):
        with pytest.raises(NotVisible):
            invite(world, actor=actor)
        with pytest.raises(NotVisible):
            services.revoke_link(actor=actor, link_id=link.pk)
        with pytest.raises(NotVisible):
            links_of(actor, world.tender.pk)
    for role in sorted(BUYER_ROLES - {Role.PROCUREMENT_OFFICER}):
        colleague = actor_for_role(role, world.authority)
        with pytest.raises(NotAllowed):
            invite(world, actor=colleague)
        with pytest.raises(NotAllowed):
            services.revoke_link(actor=colleague, link_id=link.pk)
        assert client_of(colleague).get(page_of(world, "suppliers")).status_code == 403
    revoke = page_of(world, "revoke_link", link.pk)
    assert client_of(stranger).post(revoke).status_code == 404
    assert client_of(world.officer).post(page_of(world, "revoke_link", 999)).status_code == 404
    link.refresh_from_db()
    assert link.revoked_at is None


@pytest.mark.parametrize("wrong", ["", "bob", "bob@", "@b.example", "a b@c.example", "a@b"])
def test_what_is_no_address_is_refused(wrong):
    world = published()
    with pytest.raises(RuleBroken, match="is no e-mail address"):
        invite(world, wrong)
    assert TenderEmailInvitation.objects.count() == 0


def test_an_address_has_one_link_that_works(sent):
    world = published()
    first = invite(world)
    assert sent(invite, world, f"  {ADDRESS.upper()} ") == []
    assert list(TenderEmailInvitation.objects.all()) == [first]


def test_the_record_names_no_address():
    world = published()
    link = invite(world)
    services.revoke_link(actor=world.officer, link_id=link.pk)
    services.accept_link(actor=new_bidder()[1], token=token_of(invite(world)))
    rows = list(AuditRecord.objects.order_by("id"))[-4:]
    assert [row.deed for row in rows] == [
        "supplier_invited_by_email",
        "invitation_link_revoked",
        "supplier_invited_by_email",
        "invitation_link_accepted",
    ]
    assert ADDRESS not in repr([(row.sentence, row.before, row.after) for row in rows])


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
