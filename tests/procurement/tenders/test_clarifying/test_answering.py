"""Questions are answered once, to everybody invited, by the officers."""

from __future__ import annotations

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse

from procurement.tenders import services
from procurement.tenders.models import TenderClarification
from procurement.tenders.queries import (
    clarification_for,
    clarifications_for,
    dialogue_of,
    unanswered,
)
from socialvalue.accounts.models import User
from socialvalue.accounts.queries import organisation
from socialvalue.accounts.vocabulary import BUYER_ROLES, Role
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import actor_for_role
from tests.factories.tenders import DEADLINE, NOW, published
from tests.procurement.tenders.test_clarifying.steps import (
    QUESTION,
    answer,
    ask,
    client_of,
    named,
    page_of,
    text,
)


@pytest.mark.django_db
def test_everybody_invited_gets_the_answer_in_the_officers_wording(
    django_capture_on_commit_callbacks,
):
    world = published()
    services.invite_by_email(
        actor=world.officer, tender_id=world.tender.pk, email="a@hazel.example"
    )
    row = ask(world, "We start our other site in May. May the work begin then?")
    assert unanswered([world.tender.pk]) == {world.tender.pk: 1}
    with django_capture_on_commit_callbacks(execute=True):
        answer(world, row)
    people = [User.objects.get(pk=actor.user_id).email for actor in world.bidders]
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted([*people, "a@hazel.example"])
    for letter in mail.outbox:
        assert f"Question: {QUESTION}" in letter.body
        assert "Answer: Yes, on 4 May." in letter.body
        assert "other site" not in letter.body
    for actor in world.bidders:
        found = dialogue_of(actor, world.tender.pk)
        assert [(row.question, row.answer, row.answered_at) for row in found.answered] == [
            (QUESTION, "Yes, on 4 May.", NOW)
        ]
        assert found.mine_waiting == []
        page = text(
            client_of(actor).get(reverse("procurement:tenders:ask", args=[world.tender.pk]))
        )
        assert (QUESTION in page, "other site" in page) == (True, False)
    assert unanswered([world.tender.pk]) == {}


@pytest.mark.django_db
def test_no_answer_names_a_bidder():
    world = named(published())
    row = ask(world)
    for name in ("Hazel & Sons Ltd", "hazel and sons", "ROWAN  works", "Rowan Works's"):
        with pytest.raises(RuleBroken, match=r"^The question names a bidder. Take the name out.$"):
            answer(world, row, published_text=f"May {name} begin in May?")
        with pytest.raises(RuleBroken, match=r"^The answer names a bidder. Take the name out.$"):
            answer(world, row, answer=f"No, {name}.")
    for field in ({"published_text": " "}, {"answer": " "}, {"answer": "x" * 2001}):
        with pytest.raises(RuleBroken):
            answer(world, row, **field)
    assert TenderClarification.objects.get().answered_at is None
    answer(world, row, published_text="May hazel be planted in rowan woods?")


@pytest.mark.owner
@pytest.mark.django_db
def test_an_answer_is_given_once_and_stays():
    world = published()
    row = ask(world)
    answer(world, row)
    with pytest.raises(Conflict, match="answered already"):
        answer(world, row, answer="No.")
    for change in (
        lambda: TenderClarification.objects.update(answer="No."),
        lambda: TenderClarification.objects.update(published_text="Other?"),
        lambda: TenderClarification.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    page = client_of(world.officer).get(page_of(world, "answer", row.pk))
    assert page.headers["Location"] == page_of(world, "clarifications")


@pytest.mark.django_db
def test_questions_are_answered_until_the_bids_are_open():
    world = published()
    first, second = ask(world), ask(world, "And in June?")
    with clock.at(DEADLINE):
        answer(world, first)
        services.mark_opened(actor=world.officer, tender_id=world.tender.pk)
        with pytest.raises(Conflict, match="bids are open"):
            answer(world, second)


@pytest.mark.django_db
def test_who_answers_and_who_reads():
    world = published()
    row = ask(world)
    stranger = actor_for_role(Role.PROCUREMENT_OFFICER, organisation("coventry"))
    for actor in (stranger, world.bidder):
        with pytest.raises(NotVisible):
            answer(world, row, actor=actor)
        with pytest.raises(NotVisible):
            clarifications_for(actor, world.tender.pk)
    for role in sorted(BUYER_ROLES - {Role.PROCUREMENT_OFFICER}):
        colleague = actor_for_role(role, world.authority)
        with pytest.raises(NotAllowed):
            answer(world, row, actor=colleague)
        assert len(clarifications_for(colleague, world.tender.pk)) == 1
    other = published(authority="warwickshire", suppliers=1)
    with pytest.raises(NotVisible):
        clarification_for(other.officer, other.tender.pk, row.pk)
    assert client_of(stranger).get(page_of(world, "clarifications")).status_code == 404
    assert client_of(other.officer).get(page_of(other, "answer", row.pk)).status_code == 404
