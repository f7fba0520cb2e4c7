"""Who asks a question, until when, and with which words."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail

from procurement.tenders import services
from procurement.tenders.models import TenderClarification
from procurement.tenders.queries import dialogue_of
from socialvalue.accounts.models import User
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.errors import NotVisible, RuleBroken
from tests.factories.accounts import actor_for_role
from tests.factories.tenders import DEADLINE, NOW, prepared, published
from tests.procurement.tenders.test_clarifying.steps import QUESTION, ask, named

SECOND = timedelta(seconds=1)


@pytest.mark.django_db
def test_the_asker_reads_the_question_back_and_others_do_not():
    world = published()
    ask(world)
    colleague = actor_for_role(Role.SUPPLIER_CONTRIBUTOR, world.suppliers[0])
    for actor in (world.bidder, colleague):
        mine = dialogue_of(actor, world.tender.pk).mine_waiting
        assert [(row.text, row.asked_at) for row in mine] == [(QUESTION, NOW)]
    other = dialogue_of(world.bidders[1], world.tender.pk)
    assert (other.mine_waiting, other.answered) == ([], [])


@pytest.mark.django_db
def test_questions_are_taken_until_the_deadline_or_the_earlier_end_of_questions():
    world = published()
    with clock.at(DEADLINE - SECOND):
        assert dialogue_of(world.bidder, world.tender.pk).may_ask is True
        ask(world)
    with clock.at(DEADLINE):
        assert dialogue_of(world.bidder, world.tender.pk).may_ask is False
        with pytest.raises(RuleBroken, match="taken until 12:00 on 1 April 2026, UK time"):
            ask(world)
    ends = NOW + timedelta(days=5)
    world = prepared(authority="warwickshire")
    services.publish_tender(
        actor=world.officer, tender_id=world.tender.pk, deadline_at=DEADLINE, clarify_until=ends
    )
    assert dialogue_of(world.bidder, world.tender.pk).ask_until == ends
    with clock.at(ends - SECOND):
        ask(world)
    with clock.at(ends), pytest.raises(RuleBroken, match="taken until 09:00 on 7 March 2026"):
        ask(world)
    assert TenderClarification.objects.count() == 2


@pytest.mark.django_db
def test_questions_end_ahead_and_not_after_the_deadline():
    world = prepared()
    for wrong in (NOW, NOW - SECOND, DEADLINE + SECOND):
        with pytest.raises(RuleBroken, match="end of questions"):
            services.publish_tender(
                actor=world.officer,
                tender_id=world.tender.pk,
                deadline_at=DEADLINE,
                clarify_until=wrong,
            )
    services.publish_tender(
        actor=world.officer, tender_id=world.tender.pk, deadline_at=DEADLINE, clarify_until=DEADLINE
    )
    assert world.refresh().clarify_until == DEADLINE


@pytest.mark.django_db
def test_who_is_not_invited_neither_asks_nor_reads():
    world = published(suppliers=3, invite=2)
    draft = prepared(authority="warwickshire", suppliers=1)
    for actor, tender in (
        (world.bidders[2], world.tender),
        (world.officer, world.tender),
        (draft.bidder, draft.tender),
        (draft.bidder, world.tender),
    ):
        with pytest.raises(NotVisible):
            services.ask(actor=actor, tender_id=tender.pk, text=QUESTION)
        with pytest.raises(NotVisible):
            dialogue_of(actor, tender.pk)
    assert TenderClarification.objects.count() == 0


@pytest.mark.django_db
def test_a_withdrawn_or_opened_tender_takes_no_questions():
    world = published()
    with clock.at(DEADLINE):
        services.mark_opened(actor=world.officer, tender_id=world.tender.pk)
        with pytest.raises(RuleBroken, match="bids are open"):
            ask(world)
    other = published(authority="warwickshire")
    type(other.procurement).objects.filter(pk=other.procurement.pk).update(status="withdrawn")
    assert dialogue_of(other.bidder, other.tender.pk).may_ask is False
    with pytest.raises(RuleBroken, match="withdrawn"):
        ask(other)


@pytest.mark.django_db
def test_a_question_has_words_within_the_limit_and_not_the_askers_name():
    world = named(published())
    for wrong, said in (
        (" \n ", "Enter your question"),
        ("x" * 2001, "2,000 characters or fewer"),
        ("We at HAZEL and Sons ask: when?", "names your organisation"),
    ):
        with pytest.raises(RuleBroken, match=said):
            ask(world, wrong, actor_for_role(Role.SUPPLIER_ADMIN, world.suppliers[0]))
    ask(world, "x" * 2000)
    # Another bidder's name is not refused here: that would tell who else is invited.
    ask(world, "Is Rowan Works invited?")


@pytest.mark.django_db
def test_the_officer_who_published_reads_it_and_all_officers_once_that_person_is_gone(
    django_capture_on_commit_callbacks,
):
    world = published()
    colleague = actor_for_role(Role.PROCUREMENT_OFFICER, world.authority)
    officer, other = (User.objects.get(pk=a.user_id) for a in (world.officer, colleague))
    with django_capture_on_commit_callbacks(execute=True):
        ask(world)
    User.objects.filter(pk=officer.pk).update(is_active=False)
    with django_capture_on_commit_callbacks(execute=True):
        ask(world)
    assert [letter.to for letter in mail.outbox] == [[officer.email], [other.email]]
