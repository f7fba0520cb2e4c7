"""The pages of marking: what is kept, what is half done, and who marks."""

from __future__ import annotations

import re

import pytest

from procurement.bids.queries import opened_bids
from procurement.evaluations.models import EvaluationMark
from procurement.evaluations.services import MarkInput, mark_bid
from tests.procurement.evaluations.test_panel_pages.steps import (
    at,
    bids_of,
    client_of,
    filled,
    text,
)

pytestmark = pytest.mark.django_db


def bidders_of(bench):
    """In the order of the opening."""
    return [bid.supplier_name for bid in opened_bids(bench.tender.pk)]


def test_from_one_bid_to_the_next_and_to_the_lock(bench):
    client = client_of(bench.evaluator)
    first, second = bids_of(bench)
    page = text(client.get(at(bench, "marking")))
    assert f"Mark {bidders_of(bench)[0]}" in page
    answer = client.post(at(bench, "bid", first), {**filled(bench), "next_bid": "1"})
    assert answer["Location"] == at(bench, "bid", second)
    page = text(client.get(at(bench, "marking")))
    assert f"Mark {bidders_of(bench)[1]}" in page
    assert "Check and lock my marks" not in page
    answer = client.post(at(bench, "bid", second), filled(bench, "na", "Not asked here."))
    assert answer["Location"] == at(bench, "marking")
    assert "Check and lock my marks" in text(client.get(at(bench, "marking")))
    page = text(client.get(at(bench, "lock")))
    assert page.count("4 of 5") == 2
    assert page.count("Not asked here.") == 2
    assert client.post(at(bench, "lock")).status_code == 302
    answer = client.post(at(bench, "bid", first), filled(bench, "5", "No.", "1"))
    assert answer.status_code == 422
    assert "Your marks are locked" in text(answer)
    assert set(EvaluationMark.objects.values_list("mark", flat=True)) == {4, None}


def test_locking_too_early_says_what_is_missing(bench):
    client = client_of(bench.evaluator)
    assert "4 of 4 answers are still to be marked" in text(client.get(at(bench, "lock")))
    answer = client.post(at(bench, "lock"))
    assert answer.status_code == 422
    assert "4 marks are missing" in text(answer)


def test_an_answer_is_left_for_later_but_not_half_marked(bench):
    client = client_of(bench.evaluator)
    first = bids_of(bench)[0]
    one, two = (row.id for row in bench.questions)
    answer = client.post(
        at(bench, "bid", first), {f"mark_{one}": "3", f"rationale_{two}": "Words kept."}
    )
    assert answer.status_code == 422
    page = text(answer)
    assert "Enter the reason for question 1" in page
    assert "Select a mark for question 2" in page
    assert "Words kept." in page
    client.post(at(bench, "bid", first), {f"mark_{one}": "3", f"rationale_{one}": "Because."})
    assert EvaluationMark.objects.count() == 1


def test_the_second_page_of_one_person_is_told_and_loses_nothing(bench):
    client = client_of(bench.evaluator)
    first = bids_of(bench)[0]
    mark_bid(
        actor=bench.evaluator,
        evaluation_id=bench.evaluation.pk,
        bid_id=first,
        marks=[MarkInput(bench.questions[0].id, 1, "On the other page.")],
    )
    answer = client.post(at(bench, "bid", first), filled(bench, "4", "Typed here."))
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Typed here." in page
    assert "On the other page." in page
    again = filled(bench, "4", "Typed here.")
    for row in bench.questions:
        again[f"version_{row.id}"] = re.search(rf'name="version_{row.id}" value="(\d+)"', page)[1]
    assert client.post(at(bench, "bid", first), again).status_code == 302
    assert set(EvaluationMark.objects.values_list("mark", flat=True)) == {4}


def test_readers_read_and_only_evaluators_mark(bench):
    first = bids_of(bench)[0]
    address = at(bench, "bid", first)
    for actor in (bench.officer, bench.approver, bench.moderator):
        client = client_of(actor)
        assert "Save" not in text(client.get(address))
        assert client.post(address, filled(bench)).status_code == 403
        assert client.get(at(bench, "marking")).status_code == 403
    assert client_of(bench.manager).get(address).status_code == 403
    assert EvaluationMark.objects.count() == 0
