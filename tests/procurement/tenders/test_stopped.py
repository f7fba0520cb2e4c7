"""What is over stays over: a withdrawn procurement's tender, and pages that were open when it was published."""

from __future__ import annotations

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from procurement.procurements.services import withdraw_procurement
from procurement.tenders import services
from procurement.tenders.models import Tender, TenderClarification, TenderInvitation
from procurement.tenders.queries import token_of
from socialvalue.accounts.models import User
from socialvalue.core import clock
from socialvalue.core.errors import RuleBroken
from socialvalue.core.jobs import run_inline
from tests.factories.accounts import SupplierFactory
from tests.factories.tenders import DEADLINE, NOW, prepared, published

pytestmark = pytest.mark.django_db

PREPARING = ("measures", "details", "place", "scoring", "questions", "publish")
REASON = "No budget for it."
SCORING = {
    "weighting_kind": "weighted",
    "weighting_percent": "25",
    "quantitative_percent": "50",
}


@pytest.fixture(autouse=True)
def _time():
    with clock.at(NOW), run_inline():
        yield


def client_of(actor):
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def url(world, name, *more):
    return reverse(f"procurement:tenders:{name}", args=[world.procurement.pk, *more])


def text(response):
    return response.content.decode()


def withdrawn(world):
    withdraw_procurement(actor=world.officer, procurement_id=world.procurement.pk, reason=REASON)
    return world


# --- the tender of a withdrawn procurement ---------------------------------------------------------


def test_a_withdrawn_draft_is_read_and_not_worked_on():
    world = withdrawn(prepared())
    client = client_of(world.officer)
    page = text(client.get(url(world, "task_list")))
    assert "This procurement is withdrawn, so its tender is never published." in page
    assert "GSE1 Local people employed on the contract" in page
    for gone in ("Check and publish", "Missing before it can be published", "Tender pack (PDF)"):
        assert gone not in page
    for name in (*PREPARING, "suppliers"):
        assert client.get(url(world, name)).headers["Location"] == url(world, "task_list")


def test_a_draft_that_is_alive_is_worked_on():
    world = prepared()
    page = text(client_of(world.officer).get(url(world, "task_list")))
    assert "never published" not in page
    assert "Check and publish" in page


def test_a_withdrawn_tender_says_so_and_offers_nothing():
    world = withdrawn(published())
    page = text(client_of(world.officer).get(url(world, "task_list")))
    assert "This procurement is withdrawn. Nobody can make an offer for it any more." in page
    assert "They stay sealed. A withdrawn tender is not opened." in page
    assert "Bids are sealed until" not in page
    assert "Tender pack (PDF)" in page
    assert url(world, "amend") not in page
    with clock.at(DEADLINE):
        late = text(client_of(world.officer).get(url(world, "task_list")))
    assert "see the bids" not in late


def test_questions_of_a_withdrawn_tender_are_not_answered():
    world = published()
    row = services.ask(actor=world.bidder, tender_id=world.tender.pk, text="May it begin in May?")
    withdrawn(world)
    with pytest.raises(RuleBroken, match="withdrawn"):
        services.answer(
            actor=world.officer, clarification_id=row.pk, published_text="May it?", answer="Yes."
        )
    assert TenderClarification.objects.get().answered_at is None
    page = text(client_of(world.officer).get(url(world, "clarifications")))
    assert url(world, "answer", row.pk) not in page


# --- who is told -----------------------------------------------------------------------------------


def test_everybody_invited_is_told_of_a_withdrawal_and_not_why(django_capture_on_commit_callbacks):
    world = published()
    link = services.invite_by_email(
        actor=world.officer, tender_id=world.tender.pk, email="link@example.org"
    )
    stranger = SupplierFactory()
    with django_capture_on_commit_callbacks(execute=True):
        withdrawn(world)
    people = {User.objects.get(pk=bidder.user_id).email for bidder in world.bidders}
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted({*people, "link@example.org"})
    for letter in mail.outbox:
        assert letter.subject == f"Withdrawn: {world.procurement.title}"
        assert "No more offers are taken, and no offer is opened." in letter.body
        assert REASON not in letter.body
        assert token_of(link) not in letter.body
        assert stranger.name not in letter.body


def test_of_a_draft_nobody_is_told(django_capture_on_commit_callbacks):
    world = prepared()
    services.invite_by_email(
        actor=world.officer, tender_id=world.tender.pk, email="link@example.org"
    )
    with django_capture_on_commit_callbacks(execute=True):
        withdrawn(world)
    assert mail.outbox == []


def test_a_tender_that_was_opened_leads_to_no_award(django_capture_on_commit_callbacks):
    world = published()
    with clock.at(DEADLINE):
        services.mark_opened(actor=world.officer, tender_id=world.tender.pk)
        with django_capture_on_commit_callbacks(execute=True):
            withdrawn(world)
    assert len(mail.outbox) == len(world.bidders)
    assert all("It leads to no award." in letter.body for letter in mail.outbox)
    assert all("no offer is opened" not in letter.body for letter in mail.outbox)


def test_the_page_says_who_is_told_before_it_is_pressed():
    at = "procurement:procurements:withdraw"
    for world, is_told in ((published(), True), (prepared(authority="warwickshire"), False)):
        page = client_of(world.officer).get(reverse(at, args=[world.procurement.pk]))
        assert ("gets a letter that it is withdrawn" in text(page)) is is_told


# --- pages that were open when it ended ------------------------------------------------------------


def test_nobody_is_asked_to_save_again_what_cannot_be_saved():
    world = prepared()
    version = world.tender.version
    services.publish_tender(actor=world.officer, tender_id=world.tender.pk, deadline_at=DEADLINE)
    client = client_of(world.officer)
    for name, typed in (("scoring", SCORING), ("publish", {}), ("measures", {"pack": "any"})):
        late = client.post(url(world, name), {"version": version, **typed})
        assert late.status_code == 409
        assert "This tender is published. Only an amendment changes it." in text(late)
        assert "save again" not in text(late)
    assert Tender.objects.get().weighting_percent == 10


def test_a_change_that_can_be_saved_again_is_still_asked_for():
    world = prepared()
    late = client_of(world.officer).post(
        url(world, "scoring"), {"version": world.tender.version - 1, **SCORING}
    )
    assert (late.status_code, "then save again" in text(late)) == (409, True)


def test_a_late_save_of_a_withdrawn_draft_is_refused_for_good():
    world = withdrawn(prepared())
    client = client_of(world.officer)
    late = client.post(url(world, "scoring"), {"version": world.tender.version, **SCORING})
    assert (late.status_code, "save again" in text(late)) == (409, False)
    assert "no longer being prepared" in text(late)
    invited = TenderInvitation.objects.count()
    more = client.post(url(world, "suppliers"), {"suppliers": [SupplierFactory().pk]})
    assert (more.status_code, TenderInvitation.objects.count()) == (409, invited)
    assert Tender.objects.get().weighting_percent == 10


def test_a_second_answer_stands_beside_the_first_and_is_not_saved_again():
    world = published()
    row = services.ask(actor=world.bidder, tender_id=world.tender.pk, text="May it begin in May?")
    services.answer(
        actor=world.officer, clarification_id=row.pk, published_text="May it begin?", answer="No."
    )
    late = client_of(world.officer).post(
        url(world, "answer", row.pk),
        {"published_text": "Can it begin?", "answer": "Yes, on 4 May."},
    )
    page = text(late)
    assert (late.status_code, "save again" in page) == (409, False)
    for said in ("May it begin?", "No.", "Can it begin?", "Yes, on 4 May."):
        assert said in page
    assert TenderClarification.objects.get().answer == "No."
