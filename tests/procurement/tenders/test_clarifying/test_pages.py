"""From the question to the answer by the pages, and the end of questions on the publish page."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from procurement.tenders.models import TenderClarification
from tests.factories.tenders import prepared, published
from tests.procurement.tenders.test_clarifying.steps import (
    QUESTION,
    client_of,
    named,
    page_of,
    text,
)

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
