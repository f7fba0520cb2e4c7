"""Texts of one's own earlier bids, and nobody else's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from procurement.bids.queries import earlier_statements, my_offer
from procurement.bids.rules import AnswerInput, OfferInput
from procurement.bids.rules.reuse import Earlier, is_alike, newest, with_earlier
from procurement.bids.services import save_offer, use_earlier_text
from procurement.tenders.queries import questions_of, requirements_of
from procurement.tenders.rules import QuestionInput
from procurement.tenders.services import invite_supplier
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, NotVisible, RuleBroken
from tests.factories.accounts import actor_for_role
from tests.factories.bids import SOON, line_of, offer_for, submitted
from tests.factories.tenders import published
from tests.procurement.bids.test_views import client_of, text

AT = datetime(2026, 3, 1, tzinfo=UTC)


# --- pure -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("How will you find local people?", "How do you find local people?", True),
        ("How will you find local people?", "Where will you find local young people?", True),
        ("How will you find local people?", "How will you keep them in work?", False),
        ("alpha beta", "alpha gamma", False),
        ("alpha beta", "ALPHA", True),
        ("", "", False),
        ("How will you?", "How do we?", False),
    ],
)
def test_questions_that_share_half_of_their_words_are_alike(one, other, alike):
    assert is_alike(one, other) is alike
    assert is_alike(other, one) is alike


def test_each_text_stands_once_under_its_latest_bid():
    old = Earlier("1-1", "Old", "Same  text", AT)
    new = Earlier("2-1", "New", "Same text", AT + timedelta(days=1))
    other = Earlier("3-1", "Other", "Another", AT - timedelta(days=1))
    assert newest([other, old, new]) == (new, other)
    assert len(newest(Earlier(f"{n}-1", "", f"text {n}", AT) for n in range(30))) == 20


@pytest.mark.parametrize(
    ("now", "after"),
    [
        ("", "Earlier."),
        (" \n", "Earlier."),
        ("Now.", "Now.\n\nEarlier."),
        ("Now. Earlier.", "Now. Earlier."),
    ],
)
def test_an_earlier_text_goes_below_what_is_written(now, after):
    assert with_earlier(now, " Earlier. ") == after


# --- whose texts ----------------------------------------------------------------------------------


@pytest.fixture
def worlds(db):
    """A tender on which both suppliers have bid, and a second one that both are invited to as well."""
    first = published()
    submitted(first)
    submitted(
        first,
        first.bidders[1],
        lines=(line_of(first, "GSE1", "9", method_statement="Secret of the other."),),
        answers=tuple(
            AnswerInput(row.id, "Secret answer.") for row in questions_of(first.tender.pk)
        ),
    )
    second = published(
        codes=["PLB1", "GSE1", "ENV5"],
        questions=[
            QuestionInput("How do you find local people?", "", Decimal(50)),
            QuestionInput("What do you do about carbon?", "", Decimal(50)),
        ],
    )
    with clock.at(SOON):
        for supplier in first.suppliers:
            invite_supplier(
                actor=second.officer, tender_id=second.tender.pk, supplier_id=supplier.pk
            )
    return first, second


def requirement(world, code):
    return next(row.id for row in requirements_of(world.tender.pk) if row.measure.code == code)


def question(world, index=0):
    return questions_of(world.tender.pk)[index].id


def address(world, name, pk):
    return reverse(f"procurement:bids:{name}", args=[world.tender.pk, pk])


def test_texts_come_from_the_own_submitted_bids_under_the_same_code_or_question(worlds):
    first, second = worlds
    found = earlier_statements(first.bidder, second.tender.pk)
    assert {key: [one.text for one in texts] for key, texts in found.lines.items()} == {
        requirement(second, "PLB1"): ["We deliver PLB1 with our partners."],
        requirement(second, "GSE1"): ["We deliver GSE1 with our partners."],
    }
    assert {key: [one.text for one in texts] for key, texts in found.answers.items()} == {
        question(second): ["Our answer to question 1."]
    }
    [one] = found.lines[requirement(second, "GSE1")]
    assert one.label == "Bid for Grounds maintenance, March 2026"


def test_a_draft_that_was_never_submitted_and_what_came_after_are_no_earlier_texts(worlds):
    first, second = worlds
    with clock.at(SOON):
        version = my_offer(first.bidder, first.tender.pk).version
        save_offer(
            actor=first.bidder,
            tender_id=first.tender.pk,
            offer=offer_for(first, lines=(line_of(first, "GSE1", "1", method_statement="New."),)),
            expected_version=version,
        )
    found = earlier_statements(first.bidder, second.tender.pk)
    assert [one.text for one in found.lines[requirement(second, "GSE1")]] == [
        "We deliver GSE1 with our partners."
    ]
    assert earlier_statements(second.bidder, second.tender.pk).lines == {}


def test_nobody_reads_the_texts_of_another_supplier(worlds):
    first, second = worlds
    found = earlier_statements(first.bidders[1], second.tender.pk)
    assert [one.text for texts in found.lines.values() for one in texts] == ["Secret of the other."]
    for stranger in (second.officer, first.officer):
        with pytest.raises(NotVisible):
            earlier_statements(stranger, second.tender.pk)
    with clock.at(SOON):
        client = client_of(first.bidder)
        for name, pk in (
            ("earlier", requirement(second, "GSE1")),
            ("earlier_answer", question(second)),
        ):
            assert "Secret" not in text(client.get(address(second, name, pk)))


def test_the_offer_page_offers_them_where_there_are_some(worlds):
    first, second = worlds
    with clock.at(SOON):
        page = text(client_of(first.bidder).get(offer_url(second)))
        assert page.count("Use an earlier text") == 3
        assert page.count("Use an earlier text") == page.count("data-earlier=")
        assert "Use an earlier text" not in text(client_of(second.bidder).get(offer_url(second)))


def offer_url(world):
    return reverse("procurement:bids:offer", args=[world.tender.pk])


def test_the_button_saves_what_was_typed_and_leads_to_the_texts(worlds):
    first, second = worlds
    spend, local = requirement(second, "PLB1"), requirement(second, "GSE1")
    typed = {"version": "0", "page_key": "p", f"quantity_{spend}": "700"}
    with clock.at(SOON):
        client = client_of(first.bidder)
        sent = client.post(offer_url(second), typed | {"earlier": f"line-{local}"})
        assert sent.headers["Location"] == address(second, "earlier", local)
        assert my_offer(first.bidder, second.tender.pk).offer.line(spend).quantity == 700
        asked = client.post(
            offer_url(second), typed | {"version": "1", "earlier": f"answer-{question(second)}"}
        )
        assert asked.headers["Location"] == address(second, "earlier_answer", question(second))
        other = client.post(
            offer_url(second), typed | {"version": "2", "earlier": "//evil.example"}
        )
        assert other.headers["Location"].endswith("/check/")


def test_a_chosen_text_is_in_the_draft_below_what_was_there(worlds):
    first, second = worlds
    local, asked = requirement(second, "GSE1"), question(second)
    tender_id = second.tender.pk
    with clock.at(SOON):
        save_offer(
            actor=first.bidder,
            tender_id=tender_id,
            offer=OfferInput(
                price=Decimal(5),
                lines=(line_of(second, "GSE1", "2", method_statement="First this."),),
            ),
            expected_version=0,
        )
        client = client_of(first.bidder)
        page = client.get(address(second, "earlier", local))
        [one] = page.context["texts"]
        assert "We deliver GSE1 with our partners." in text(page)
        sent = client.post(address(second, "earlier", local), {"version": "1", "key": one.key})
        assert sent.headers["Location"] == f"{offer_url(second)}#id_method_{local}"
        [answer] = client.get(address(second, "earlier_answer", asked)).context["texts"]
        client.post(address(second, "earlier_answer", asked), {"version": "2", "key": answer.key})
    offer = my_offer(first.bidder, tender_id).offer
    assert offer.line(local).method_statement == "First this.\n\nWe deliver GSE1 with our partners."
    assert (offer.line(local).quantity, offer.price) == (2, 5)
    assert offer.answer(asked) == "Our answer to question 1."


def test_a_text_that_does_not_fit_is_refused_and_nothing_is_lost(worlds):
    first, second = worlds
    local = requirement(second, "GSE1")
    with clock.at(SOON):
        save_offer(
            actor=first.bidder,
            tender_id=second.tender.pk,
            offer=OfferInput(lines=(line_of(second, "GSE1", "2", method_statement="x" * 1990),)),
            expected_version=0,
        )
        [one] = earlier_statements(first.bidder, second.tender.pk).lines[local]
        with pytest.raises(RuleBroken):
            use_earlier_text(
                actor=first.bidder,
                tender_id=second.tender.pk,
                requirement_id=local,
                key=one.key,
                expected_version=1,
            )
        answer = client_of(first.bidder).post(
            address(second, "earlier", local), {"version": "1", "key": one.key}
        )
        assert answer.status_code == 422
        assert "must be 2,000 characters or fewer" in text(answer)
    assert my_offer(first.bidder, second.tender.pk).offer.line(local).method_statement == "x" * 1990


def test_keys_of_others_and_boxes_of_other_tenders_are_not_there(worlds):
    first, second = worlds
    local = requirement(second, "GSE1")
    [theirs] = earlier_statements(first.bidders[1], second.tender.pk).lines[local]
    with clock.at(SOON):
        client = client_of(first.bidder)
        for key in (
            "",
            "0-1",
            "x",
            theirs.key + "0",
            f"{first.tender.pk}-{requirement(first, 'PLB1')}",
        ):
            sent = client.post(address(second, "earlier", local), {"version": "0", "key": key})
            assert sent.status_code == (422 if not key else 404)
        # The key names a measure of a tender that both bid on: each gets its own text by it.
        client.post(address(second, "earlier", local), {"version": "0", "key": theirs.key})
        assert my_offer(first.bidder, second.tender.pk).offer.line(local).method_statement == (
            "We deliver GSE1 with our partners."
        )
        for name, pk in (
            ("earlier", requirement(first, "GSE1")),
            ("earlier_answer", question(first)),
        ):
            assert client.get(address(second, name, pk)).status_code == 404
        stranger = actor_for_role(Role.SUPPLIER_ADMIN)
        assert client_of(stranger).get(address(second, "earlier", local)).status_code == 404


def test_an_old_version_is_a_conflict(worlds):
    first, second = worlds
    local = requirement(second, "GSE1")
    [one] = earlier_statements(first.bidder, second.tender.pk).lines[local]
    with clock.at(SOON):
        save_offer(
            actor=first.bidder,
            tender_id=second.tender.pk,
            offer=OfferInput(price=Decimal(5)),
            expected_version=0,
        )
        with pytest.raises(Conflict):
            use_earlier_text(
                actor=first.bidder,
                tender_id=second.tender.pk,
                requirement_id=local,
                key=one.key,
                expected_version=0,
            )
        answer = client_of(first.bidder).post(
            address(second, "earlier", local), {"version": "0", "key": one.key}
        )
        assert answer.status_code == 409


def test_after_the_deadline_the_page_leads_to_the_copy(worlds):
    first, second = worlds
    with clock.at(second.tender.deadline_at):
        answer = client_of(first.bidder).get(
            address(second, "earlier", requirement(second, "GSE1"))
        )
        assert answer.headers["Location"].endswith("/copy/")


def test_more_bids_take_no_more_queries(worlds):
    first, second = worlds

    def count():
        with CaptureQueriesContext(connection) as seen:
            earlier_statements(first.bidder, second.tender.pk)
        return len(seen)

    before = count()
    third = published()
    with clock.at(SOON):
        invite_supplier(
            actor=third.officer, tender_id=third.tender.pk, supplier_id=first.suppliers[0].pk
        )
    submitted(third, first.bidder)
    assert count() == before
