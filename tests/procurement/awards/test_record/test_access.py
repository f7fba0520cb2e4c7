"""The evaluation record goes to the right people, at the right time."""

from __future__ import annotations

import pytest
from django.urls import reverse

from procurement.awards.queries.record import NOT_RANKED, evaluation_record
from procurement.bids.queries import opened_bids
from procurement.evaluations.services import reopen_marking
from socialvalue.accounts.queries import organisation
from socialvalue.accounts.vocabulary import BUYER_ROLES, Role
from socialvalue.core import clock
from socialvalue.core.errors import NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import actor_for_role
from tests.factories.documents import grid_of, rows_by_heading, texts
from tests.factories.evaluations import (
    AFTER,
    marked,
    offered,
    opened,
    published,
    ranked,
    reference_data,
)
from tests.factories.reporting import browser
from tests.procurement.awards.test_record.judgement import INTEREST

pytestmark = pytest.mark.django_db


def test_no_record_before_the_bids_are_ranked():
    reference_data()
    bench = published(bidders=2)
    for carry in (lambda: None, lambda: offered(bench, 0, {"PLB1": "10"}), lambda: opened(bench)):
        carry()
        with pytest.raises(RuleBroken, match=NOT_RANKED):
            evaluation_record(bench.officer, bench.procurement.pk)
    for bid in opened_bids(bench.tender.pk):
        marked(bench, bid.id, 3, 3)
    ranked(bench)
    assert evaluation_record(bench.officer, bench.procurement.pk).title.startswith(
        "Evaluation record"
    )
    with clock.at(AFTER):
        reopen_marking(actor=bench.officer, evaluation_id=bench.evaluation.pk)
    with pytest.raises(RuleBroken, match=NOT_RANKED):
        evaluation_record(bench.officer, bench.procurement.pk)


READING = {Role.PROCUREMENT_OFFICER, Role.APPROVER, Role.AUDITOR}


def test_the_record_is_for_those_who_answer_for_it_and_auditors(done):
    bench = done.bench
    may = set()
    for role in BUYER_ROLES:
        actor = actor_for_role(role, bench.authority)
        try:
            assert INTEREST in texts(evaluation_record(actor, bench.procurement.pk))
            may.add(role)
        except NotAllowed:
            continue
    assert may == READING


def test_the_moderator_reads_the_record_without_the_words_of_interests(done):
    bench = done.bench
    record = evaluation_record(bench.moderator, bench.procurement.pk)
    said = " ".join(texts(record))
    assert "What the panel agreed." in said
    assert INTEREST not in said
    assert "Too near to be seen as fair." not in said
    declared = {row["Declared"] for row in rows_by_heading(grid_of(record, "Interests"))}
    assert declared == {"No interest", "An interest"}
    with pytest.raises(NotAllowed):
        evaluation_record(bench.evaluator, bench.procurement.pk)


def test_the_record_does_not_leave_the_authority(done):
    elsewhere = actor_for_role(Role.PROCUREMENT_OFFICER, organisation("coventry"))
    for actor in (elsewhere, done.bench.bidders[0]):
        with pytest.raises(NotVisible):
            evaluation_record(actor, done.bench.procurement.pk)
    url = reverse(
        "procurement:awards:record",
        kwargs={"procurement_pk": done.bench.procurement.pk, "kind": "pdf"},
    )
    assert browser(elsewhere).get(url).status_code == 404
    assert browser(done.bench.bidders[0]).get(url).status_code == 403
    assert browser(done.bench.officer).get(url).content.startswith(b"%PDF")


def test_thirty_bids_take_as_many_queries_as_two(django_assert_max_num_queries):
    reference_data()
    counts = []
    for bidders in (2, 30):
        bench = published(bidders=bidders, questions=[("How?", 100)])
        for number in range(bidders):
            offered(bench, number, {"PLB1": str(1000 + number), "HSC1": "10"})
        opened(bench)
        for bid in opened_bids(bench.tender.pk):
            marked(bench, bid.id, 3)
        ranked(bench)
        with django_assert_max_num_queries(60) as counted:
            record = evaluation_record(bench.officer, bench.procurement.pk)
        counts.append(len(counted))
        assert len(grid_of(record, "Marks of question 1").rows) == 3 * bidders
    assert counts[0] == counts[1]


def test_the_board_leads_to_the_record_those_who_may_read_it(done):
    pk = done.bench.procurement.pk
    link = f"/procurements/{pk}/evaluation-record.pdf"
    board = reverse("procurement:evaluations:board", args=[pk])
    for actor, may in (
        (done.bench.officer, True),
        (done.bench.moderator, True),
        (done.bench.evaluator, False),
    ):
        client = browser(actor)
        assert (link in client.get(board).content.decode()) == may
        assert client.get(link).status_code == (200 if may else 403)


def test_the_record_before_the_ranking_leads_back_with_a_sentence():
    reference_data()
    bench = published(bidders=2)
    url = f"/procurements/{bench.procurement.pk}/evaluation-record.pdf"
    answer = browser(bench.officer).get(url, follow=True)
    assert answer.redirect_chain
    assert NOT_RANKED in answer.content.decode()
