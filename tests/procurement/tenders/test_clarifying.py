"""Questions answered to everybody. Nobody can tell who asked: no page, no record, no letter, no plain SQL."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from cryptography.fernet import InvalidToken
from django.core import mail, management
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from procurement.tenders import services
from procurement.tenders.models import TenderClarification
from procurement.tenders.queries import (
    clarification_for,
    clarifications_for,
    dialogue_of,
    seal_key,
    unanswered,
)
from procurement.tenders.rules import asker_of, named_bidder, new_key, seal_asker
from socialvalue.accounts.models import User
from socialvalue.accounts.queries import organisation
from socialvalue.accounts.vocabulary import BUYER_ROLES, Role
from socialvalue.audit.models import AuditRecord
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from socialvalue.core.jobs import run_inline
from tests.factories.accounts import actor_for_role
from tests.factories.tenders import DEADLINE, NOW, prepared, published

SECOND = timedelta(seconds=1)
QUESTION = "May the work begin in May?"


@pytest.fixture(autouse=True)
def _time():
    with clock.at(NOW), run_inline():
        yield


def named(world):
    """Suppliers whose names could give them away."""
    for supplier, name in zip(world.suppliers, ("Hazel & Sons Ltd", "Rowan Works"), strict=True):
        supplier.name = name
        supplier.save()
    return world


def ask(world, text=QUESTION, actor=None):
    return services.ask(actor=actor or world.bidder, tender_id=world.tender.pk, text=text)


def answer(world, row, published_text=QUESTION, answer="Yes, on 4 May.", actor=None):
    return services.answer(
        actor=actor or world.officer,
        clarification_id=row.pk,
        published_text=published_text,
        answer=answer,
    )


def client_of(actor):
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def text(response):
    return response.content.decode()


def page_of(world, name, *more):
    return reverse(f"procurement:tenders:{name}", args=[world.procurement.pk, *more])


# --- asking -------------------------------------------------------------------------------------


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


# --- nobody can tell ----------------------------------------------------------------------------


@pytest.mark.django_db
def test_neither_row_nor_record_nor_letter_nor_page_tells_who_asked(
    django_capture_on_commit_callbacks,
):
    world = named(published())
    asker = world.bidders[0]
    with django_capture_on_commit_callbacks(execute=True):
        first = ask(world)
        second = ask(world, "Is parking free?", world.bidders[1])
    officer = User.objects.get(pk=world.officer.user_id)
    assert [letter.to for letter in mail.outbox] == [[officer.email]] * 2
    with django_capture_on_commit_callbacks(execute=True):
        answer(world, first)
    person = User.objects.get(pk=asker.user_id)
    telling = [person.email, person.full_name, "Hazel", "Rowan", world.suppliers[0].slug]

    # The table, as plain SQL and as a dump read it.
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM procurement_tenderclarification ORDER BY id")
        columns = [column[0] for column in cursor.description]
        rows = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    dumped = StringIO()
    management.call_command("dumpdata", "procurement.TenderClarification", stdout=dumped)
    for found in (repr(rows), dumped.getvalue()):
        assert not [told for told in telling if told in found]
    assert set(columns) == {
        "id", "tender_id", "sealed_asker", "asked_text", "asked_at", "published_text", "answer",
        "answered_at", "answered_by_id",
    }  # fmt: skip
    assert {len(row["sealed_asker"]) for row in rows} == {len(first.sealed_asker)}

    # The record.
    asked_rows = AuditRecord.objects.filter(deed="clarification_asked")
    for row in asked_rows:
        assert (row.user_id, row.organisation_id, row.organisation_name, row.request_id) == (
            None,
            None,
            "",
            "",
        )
        assert row.actor_name == "An invited supplier"
        assert not [told for told in telling if told in repr((row.sentence, row.before, row.after))]
    assert asked_rows.count() == 2

    # Letters and pages: the same to the officer, to the asker and to the other.
    for letter in mail.outbox:
        assert not [told for told in telling[1:] if told in letter.body + letter.subject]
    client = client_of(world.officer)
    for name, *more in (("clarifications",), ("answer", second.pk), ("task_list",)):
        page = client.get(page_of(world, name, *more))
        assert page.status_code == 200
        shown = re.sub(r"<li>(Hazel &amp; Sons Ltd|Rowan Works)</li>", "", text(page))
        assert not [told for told in telling if told in shown]
    infos = repr(clarifications_for(world.officer, world.tender.pk))
    assert not [told for told in telling if told in infos]
    theirs = [dialogue_of(actor, world.tender.pk).answered for actor in world.bidders]
    assert theirs[0] == theirs[1]


@pytest.mark.django_db
def test_the_seal_opens_under_its_own_tenders_key_only():
    world = published()
    row = ask(world)
    key = seal_key(world.tender.pk)
    assert asker_of(key, row.sealed_asker) == (world.suppliers[0].pk, world.bidder.user_id)
    other = published(authority="warwickshire", suppliers=1)
    for wrong in (seal_key(other.tender.pk), new_key()):
        with pytest.raises(InvalidToken):
            asker_of(wrong, row.sealed_asker)
    # The same person asking twice leaves two seals that do not match.
    assert ask(world).sealed_asker != row.sealed_asker


@given(
    organisation_id=st.integers(1, 2**63 - 1),
    person_id=st.integers(1, 2**63 - 1),
)
def test_every_seal_is_equally_long_and_reads_back(organisation_id, person_id):
    key = new_key()
    sealed = seal_asker(key, organisation_id=organisation_id, person_id=person_id)
    assert len(sealed) == len(seal_asker(key, organisation_id=1, person_id=1))
    assert asker_of(key, sealed) == (organisation_id, person_id)


# --- answering ----------------------------------------------------------------------------------


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


# --- the pages ----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_from_the_question_to_the_answer_by_the_pages():
    world = named(published())
    ask_page = reverse("procurement:tenders:ask", args=[world.tender.pk])
    bidder, officer = client_of(world.bidder), client_of(world.officer)
    empty = bidder.post(ask_page, {"text": ""})
    assert (empty.status_code, "Enter your question" in text(empty)) == (422, True)
    naming = bidder.post(ask_page, {"text": "Hazel & Sons here: when?"})
    assert naming.status_code == 422
    assert "Hazel &amp; Sons here: when?" in text(naming)
    assert bidder.post(ask_page, {"text": QUESTION}).headers["Location"] == ask_page
    assert QUESTION in text(bidder.get(ask_page))
    assert QUESTION not in text(client_of(world.bidders[1]).get(ask_page))
    assert "1 waiting for an answer" in text(officer.get(page_of(world, "task_list")))
    row = TenderClarification.objects.get()
    page = page_of(world, "answer", row.pk)
    assert QUESTION in text(officer.get(page))
    sent = {"published_text": "May Hazel & Sons begin?", "answer": "Yes."}
    named_page = officer.post(page, sent)
    assert (named_page.status_code, "Take the name out" in text(named_page)) == (422, True)
    assert "May Hazel &amp; Sons begin?" in text(named_page)
    done = officer.post(page, {"published_text": QUESTION, "answer": "Yes."})
    assert done.headers["Location"] == page_of(world, "clarifications")
    assert "Answered (1)" in text(officer.get(done.headers["Location"]))
    assert "Yes." in text(client_of(world.bidders[1]).get(ask_page))


# --- names --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "name", "is_named"),
    [
        ("Hazel & Sons Ltd asks", "Hazel & Sons Ltd", True),
        ("hazel and sons asks", "Hazel & Sons Ltd", True),
        ("hazel-and-sons' price", "Hazel & Sons Ltd", True),
        ("Hazel's sons", "Hazel & Sons Ltd", False),
        ("Marrowfat asks", "Marrowfat Limited", True),
        ("Marrowfats ask", "Marrowfat Limited", False),
        ("Is care counted?", "Care Ltd", False),
        ("Is Care Ltd invited?", "Care Ltd", True),
        ("The group of the company", "The Group Company", False),
        ("We, the group company, ask", "The Group Company", True),
        ("Supplier 10 asks", "Supplier 1", False),
        ("Supplier 1 asks", "Supplier 1", True),
        ("", "Supplier 1", False),
        ("Anything", "", False),
    ],
)
def test_what_names_a_bidder(said, name, is_named):
    assert named_bidder(said, ["Nobody Near", name]) == (name if is_named else "")


def test_in_the_tenders_room_only_clarifications_ask_for_the_key():
    root = Path(__file__).resolve().parents[3] / "procurement" / "tenders"
    users = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if re.search(r"\bseal_keys?\b", path.read_text())
    }
    assert users == {
        "queries/__init__.py",
        "queries/tenders.py",
        "queries/clarifications.py",
        "services/clarifying.py",
    }


# --- the publish page ---------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"clarify_on-day": "20"}, "must include a month"),
        ({"clarify_on": "2026-03-20"}, "Enter the time when questions end"),
        ({"clarify_time": "17:00"}, "Enter the day when questions end"),
        ({"clarify_on": "2026-03-20", "clarify_time": "late"}, "must be like 17:00"),
        ({"clarify_on": "2026-03-29", "clarify_time": "1:30"}, "The clocks go forward"),
        ({"clarify_on": "2026-04-01", "clarify_time": "12:01"}, "not after the deadline"),
        ({"clarify_on": "2026-03-02", "clarify_time": "9:00"}, "must lie ahead"),
    ],
)
def test_the_end_of_questions_is_checked_and_kept(typed, said):
    world = prepared()
    client = client_of(world.officer)
    sent = {"version": world.tender.version, "deadline_on": "2026-04-01", "deadline_time": "12:00"}
    wrong = client.post(page_of(world, "publish"), sent | typed)
    assert (wrong.status_code, said in text(wrong)) == (422, True)
    assert world.refresh().status == "draft"
    right = {"clarify_on": "2026-03-20", "clarify_time": "5pm"}
    assert client.post(page_of(world, "publish"), sent | right).status_code == 302
    assert world.refresh().clarify_until == datetime(2026, 3, 20, 17, tzinfo=UTC)
    assert "taken until 20 March 2026, 5pm, UK time" in text(
        client.get(page_of(world, "task_list"))
    )
