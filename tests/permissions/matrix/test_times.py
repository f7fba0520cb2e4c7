"""The same viewer at another moment: the deadline, the opening, the freezing, and the end of a link."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from procurement.bids.models import Bid, BidOpening
from procurement.deliveries.services import delegate
from reporting.cabinet.services import freeze_report
from socialvalue.accounts.models import User
from socialvalue.accounts.services import invite
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.jobs import run_inline
from tests.factories import cabinet, deliveries, evaluations
from tests.factories.accounts import AuthorityFactory, actor_for_role
from tests.factories.bids import opened, world_with_bid
from tests.factories.tenders import DEADLINE
from tests.factories.tenders import World as Tendered

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def client_of(actor) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def get(actor, name, *args):
    return client_of(actor).get(reverse(name, args=args))


# --- the deadline and the opening -----------------------------------------------------------------


@pytest.fixture
def made() -> tuple[Tendered, str]:
    """A published tender with one bid, and the number of its receipt."""
    found, saved = world_with_bid()
    return found, saved.receipt


@pytest.fixture
def sealed(made) -> Tendered:
    return made[0]


@pytest.mark.parametrize("role", [Role.PROCUREMENT_OFFICER, Role.APPROVER, Role.AUDITOR])
def test_a_receipt_is_shown_to_the_authority_only_once_two_people_opened(made, role):
    sealed, receipt = made
    actor = actor_for_role(role, sealed.authority)
    pk = sealed.procurement.pk
    for moment in (DEADLINE - SECOND, DEADLINE + SECOND):
        with clock.at(moment):
            answer = get(actor, "procurement:bids:opening", pk)
            assert receipt not in answer.content.decode()
            assert answer.status_code < 500
    opened(sealed)
    with clock.at(DEADLINE + SECOND):
        answer = get(actor, "procurement:bids:opening", pk)
    assert answer.status_code == 200
    assert receipt in answer.content.decode()


def test_the_bidder_reads_its_receipt_at_every_moment_and_a_rival_at_none(made):
    sealed, receipt = made
    rival = sealed.bidders[1]
    for moment in (DEADLINE - SECOND, DEADLINE + SECOND):
        with clock.at(moment):
            own = get(sealed.bidder, "procurement:bids:receipt", sealed.tender.pk)
            assert receipt in own.content.decode()
            theirs = get(rival, "procurement:bids:receipt", sealed.tender.pk)
            assert receipt not in theirs.content.decode()


def test_nobody_starts_the_opening_before_the_deadline():
    evaluations.reference_data()
    bench = evaluations.published()
    evaluations.offered(bench, 0, {"PLB1": "100", "HSC1": "10"}, price="100000")
    client = client_of(bench.officer)
    address = reverse("procurement:evaluations:start_opening", args=[bench.procurement.pk])
    with clock.at(evaluations.DEADLINE - SECOND):
        client.post(address)
    assert not BidOpening.objects.exists()
    with clock.at(evaluations.DEADLINE):
        client.post(address)
    assert BidOpening.objects.get().second_by_id is None


def test_nobody_offers_after_the_deadline(sealed):
    rival = sealed.bidders[1]
    before = list(Bid.objects.order_by("pk").values_list("pk", "status", "content_hash"))
    with clock.at(DEADLINE):
        answer = client_of(rival).post(
            reverse("procurement:bids:submit", args=[sealed.tender.pk]), {"version": "0"}
        )
    assert answer.status_code < 500
    assert list(Bid.objects.order_by("pk").values_list("pk", "status", "content_hash")) == before


# --- freezing -------------------------------------------------------------------------------------


def test_a_report_is_read_by_the_whole_authority_only_once_it_is_frozen():
    found = cabinet.reported()
    authority, author = found.authority, found.author
    made = cabinet.draft(author)
    everyone = {
        role: actor_for_role(role, authority)
        for role in (Role.CONTRACT_MANAGER, Role.EVALUATOR, Role.ORGANISATION_ADMIN)
    }
    drafts = [
        author,
        *(actor_for_role(role, authority) for role in (Role.APPROVER, Role.AUDITOR)),
    ]
    elsewhere = actor_for_role(Role.REPORT_AUTHOR, AuthorityFactory())
    address = ("reporting:cabinet:report", made.pk)
    assert {get(actor, *address).status_code for actor in everyone.values()} == {403}
    assert {get(actor, *address).status_code for actor in drafts} == {200}
    assert get(elsewhere, *address).status_code == 404
    with clock.at(cabinet.NOW):
        freeze_report(actor=author, report_id=made.pk)
    assert {get(actor, *address).status_code for actor in [*everyone.values(), *drafts]} == {200}
    assert get(elsewhere, *address).status_code == 404


# --- links ----------------------------------------------------------------------------------------


def path_in_letter(start: str) -> str:
    return re.search(rf"({start}[\w-]+/)", mail.outbox[-1].body)[1]


def test_a_link_for_a_site_ends_at_its_moment(client, django_capture_on_commit_callbacks):
    made = deliveries.world()
    start = clock.now()
    with (
        clock.at(start),
        django_capture_on_commit_callbacks(execute=True),
        run_inline(),
    ):
        delegate(
            actor=made.claimant,
            commitment_id=made.hours.pk,
            email="depot@puddlestone.example",
            site="Walsall depot",
            days=14,
        )
    path = path_in_letter("/deliveries/hand-in/")
    with clock.at(start + timedelta(days=14) - SECOND):
        shown = client.get(path)
        assert (shown.status_code, "Measure M1" in shown.content.decode()) == (200, True)
    with clock.at(start + timedelta(days=14)):
        gone = client.get(path)
        assert gone.status_code in (404, 410)
        assert "Measure M1" not in gone.content.decode()


def test_an_invitation_ends_after_its_week(client, django_capture_on_commit_callbacks):
    admin = actor_for_role(Role.ORGANISATION_ADMIN, AuthorityFactory(name="Canary Council"))
    start = clock.now()
    with (
        clock.at(start),
        django_capture_on_commit_callbacks(execute=True),
        run_inline(),
    ):
        invite(actor=admin, email="somebody.new@canary.example", roles=[Role.EVALUATOR])
    path = path_in_letter("/invitations/")
    with clock.at(start + timedelta(days=7) - SECOND):
        assert client.get(path).status_code == 200
    with clock.at(start + timedelta(days=7)):
        gone = client.get(path)
    assert gone.status_code == 410
    assert b"<form" not in gone.content.partition(b"<main")[2]
