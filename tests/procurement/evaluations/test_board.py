"""The board and the pages around it: what they show, to whom, and in how many queries."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from procurement.bids.models import Bid, OfferAnswer, OfferLine
from procurement.evaluations import queries
from procurement.evaluations.models import (
    Evaluation,
    EvaluationMark,
    EvaluationModeration,
    EvaluationPanelMember,
    EvaluationRound,
    EvaluationRuling,
)
from procurement.evaluations.rules import Verdict
from procurement.evaluations.services import rank_bids
from procurement.tenders.models import Tender, TenderQuestion, TenderRequirement
from procurement.tenders.services import QuestionInput, mark_tender_awarded, start_tender
from socialvalue.accounts.models import User
from socialvalue.accounts.queries import organisation
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from tests.factories.accounts import SupplierFactory, actor_for_role
from tests.factories.evaluations import (
    AFTER,
    DEADLINE,
    WRITTEN,
    Ask,
    bid_of,
    marked,
    offered,
    opened,
    published,
    ranked,
    reference_data,
)
from tests.factories.procurements import considered, procurement_of
from tests.procurement.awards.test_second_opinion import edition, publish, put

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture(autouse=True)
def _reference(db):
    reference_data()


@pytest.fixture
def bench():
    """Three bids: £10,000 capped at £8,000, £4,000, and £2,000 that fails question 2."""
    found = published(
        asks=[Ask("PLB1", maximum=D(8000))],
        questions=(("How will you recruit?", 100), QuestionInput("Living wage?", "", None, True)),
        bidders=3,
    )
    for number, pounds in enumerate(("10000", "4000", "2000")):
        offered(found, number, {"PLB1": pounds})
    opened(found)
    return found


def settle(bench):
    for number, is_met in ((0, True), (1, True), (2, False)):
        marked(bench, bid_of(bench, number).id, 4, Verdict(is_met=is_met))


def signed_in(client, actor):
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def address(bench, name="board", *more):
    return reverse(f"procurement:evaluations:{name}", args=[bench.procurement.pk, *more])


def test_one_row_a_bid(bench):
    """After ranking: 50 + 40 = 90, 25 + 40 = 65, and the third did not pass."""
    settle(bench)
    ranked(bench)
    board = queries.board(bench.officer, bench.procurement.pk, AFTER)
    shown = [
        (row.supplier_name, row.rank_shown, row.total, row.scored_pence, row.offered_pence)
        for row in board.rows
    ]
    names = [bid_of(bench, number).supplier_name for number in range(3)]
    assert shown == [
        (names[0], "1", 90, 800_000, 1_000_000),
        (names[1], "2", 65, 400_000, 400_000),
        (names[2], "", 0, 200_000, 200_000),
    ]
    assert [row.is_passed for row in board.rows] == [True, True, False]
    assert board.rows[2].reason == "Question 2 is pass or fail and was not met."
    assert [row.counts_less for row in board.rows] == [True, False, False]
    assert (board.rounds, board.is_ranked, board.has_whole) == (1, True, False)


def test_progress_goes_with_the_marks(bench):
    board = queries.board(bench.evaluator, bench.procurement.pk, AFTER)
    assert (board.progress.answers, board.progress.marks_missing) == (6, 12)
    assert (board.marks_mine_missing, board.moderated, board.is_complete) == (6, 0, False)
    settle(bench)
    board = queries.board(bench.evaluator, bench.procurement.pk, AFTER)
    assert (board.progress.marks_missing, board.progress.moderations_missing) == (0, 0)
    assert (board.moderated, board.marks_mine_missing, board.is_complete) == (6, 0, True)
    assert board.progress == queries.marking_progress(bench.tender)


def test_the_button_is_the_next_deed_of_the_person(client, bench):
    def text(actor):
        return signed_in(client, actor).get(address(bench)).content.decode()

    assert "Mark the answers" in text(bench.evaluator)
    assert "every evaluator marks the answers" in text(bench.officer)
    settle(bench)
    assert "Rank the bids" in text(bench.officer)
    assert "a procurement officer ranks the bids" in text(bench.moderator)
    signed_in(client, bench.officer).post(address(bench, "rank"))
    assert "Propose the award" in text(bench.officer)
    assert "Propose the award" not in text(bench.approver)


def test_opening_by_two_on_the_page(client):
    bench = published()
    offered(bench, 0, {"PLB1": "1"})

    def board(actor):
        return signed_in(client, actor).get(address(bench)).content.decode()

    with clock.at(DEADLINE - timedelta(seconds=1)):
        text = board(bench.officer)
        assert "Bids are sealed until" in text
        assert "Start the opening" not in text
        client.post(address(bench, "start_opening"))
        assert "Start the opening" not in board(bench.officer)
    with clock.at(DEADLINE):
        assert "Start the opening" in board(bench.officer)
        assert client.post(address(bench, "start_opening")).status_code == 302
        assert "Open the bids" not in board(bench.officer)
        assert client.post(address(bench, "open")).status_code == 403
        assert "Open the bids" not in board(bench.evaluator)
        assert "Open the bids" in board(bench.approver)
        assert bench.bidders[0].organisation_name not in board(bench.approver)
        assert client.post(address(bench, "open")).status_code == 302
        assert bench.bidders[0].organisation_name in board(bench.approver)


def test_the_board_to_keep(client, bench):
    settle(bench)
    ranked(bench)
    signed_in(client, bench.evaluator)
    page = reverse(
        "procurement:evaluations:export",
        kwargs={"procurement_pk": bench.procurement.pk, "form": "csv"},
    )
    rows = list(csv.reader(io.StringIO(client.get(page).content.decode("utf-8-sig"))))
    name = bid_of(bench, 0).supplier_name
    line = next(row for row in rows if row[:1] == [name])
    assert line[1:3] == ["1", "Passed"]
    assert [D(line[n]) for n in (7, 8, 9, 10, 11, 12)] == [10_000, 8_000, 50, 40, 90, 18]
    assert sum(row[:1] == [bid_of(bench, n).supplier_name] for n in range(3) for row in rows) == 3
    assert client.get(page.replace("csv", "xlsx")).status_code == 200
    client.get("/")
    signed_in(client, bench.manager)
    assert client.get(page).status_code == 403
    sealed = published(questions=())
    signed_in(client, sealed.officer)
    assert (
        client.get(page.replace(str(bench.procurement.pk), str(sealed.procurement.pk))).status_code
        == 404
    )


def test_what_the_panel_lacks_stands_on_the_page(client):
    bench = published(panel=False)
    with clock.at(AFTER):
        text = signed_in(client, bench.officer).get(address(bench)).content.decode()
    assert "Before the bids can be opened" in text
    assert "Start the opening" not in text


def test_ruling_out_and_lifting_on_the_pages(client, bench):
    settle(bench)
    ranked(bench)
    signed_in(client, bench.officer)
    bid = bid_of(bench, 0)
    (line,) = bid.lines
    out = address(bench, "rule_out", line.id)
    assert client.get(out).status_code == 200
    empty = client.post(out, {"reason": " "})
    assert empty.status_code == 422
    assert b"Enter why this claim does not count" in empty.content
    done = client.post(out, {"reason": "Paid for already."}, follow=True)
    assert done.redirect_chain[0][0] == address(bench, "lines", bid.id)
    text = done.content.decode()
    assert "is ruled out. The bids were ranked again." in text
    assert "Paid for already." in text
    rounds = client.get(address(bench, "rounds")).content.decode()
    assert "Was rank 1, had 90.00 points" in rounds
    ruling = EvaluationRuling.objects.get()
    back = address(bench, "lift_ruling", ruling.pk)
    assert client.get(back).status_code == 200
    client.post(back, {"reason": "It is beyond the price."})
    assert EvaluationRound.objects.count() == 3
    assert client.get(back).status_code == 404
    counts = client.get(address(bench, "rounds")).content.decode()
    assert "Lifted: It is beyond the price." in counts


def test_who_sees_what(client, bench):
    settle(bench)
    ranked(bench)
    bid = bid_of(bench, 0)
    pages = [
        address(bench, "board"),
        address(bench, "lines", bid.id),
        address(bench, "rounds"),
        address(bench, "whole"),
    ]
    deeds = [address(bench, "rule_out", bid.lines[0].id)]
    stranger = actor_for_role(Role.PROCUREMENT_OFFICER, organisation("coventry"))
    people = [
        (bench.officer, 200, 200),
        (bench.moderator, 200, 200),
        (bench.evaluator, 200, 403),
        (bench.approver, 200, 403),
        (bench.manager, 403, 403),
        (stranger, 404, 404),
        (bench.bidders[0], 403, 403),
    ]
    for actor, reads, rules in people:
        signed_in(client, actor)
        assert [client.get(page).status_code for page in pages] == [reads] * len(pages)
        assert [client.get(page).status_code for page in deeds] == [rules] * len(deeds)


def test_after_the_award_the_officer_is_told_why_and_others_that_they_may_not(client, bench):
    """Who may rule is not told that they may not: it is too late, and that is another matter."""
    settle(bench)
    ranked(bench)
    bid = bid_of(bench, 0)
    with clock.at(AFTER):
        mark_tender_awarded(actor=bench.officer, tender_id=bench.tender.pk)
    out, lines = address(bench, "rule_out", bid.lines[0].id), address(bench, "lines", bid.id)
    for actor in (bench.officer, bench.moderator):
        signed_in(client, actor)
        for said in (
            client.get(out, headers={"referer": f"http://testserver{lines}"}, follow=True),
            client.post(out, {"reason": "No.", "next": lines}, follow=True),
        ):
            assert said.redirect_chain[0][0].endswith(lines)
            assert "The contract is awarded, so what counts can no longer change." in (
                said.content.decode()
            )
    signed_in(client, bench.evaluator)
    refused = client.get(out)
    assert refused.status_code == 403
    assert "rules claims out" in refused.content.decode()
    assert EvaluationRuling.objects.count() == 0


def test_lines_and_bids_of_another_tender_are_not_there(client, bench):
    other = published(questions=())
    offered(other, 0, {"PLB1": "1"})
    opened(other)
    foreign = bid_of(other, 0)
    signed_in(client, bench.officer)
    for page in (
        address(bench, "lines", foreign.id),
        address(bench, "rule_out", foreign.lines[0].id),
        address(bench, "lift_ruling", 10**6),
    ):
        assert client.get(page).status_code == 404
    assert (
        client.post(address(bench, "rule_out", foreign.lines[0].id), {"reason": "No."}).status_code
        == 404
    )
    assert EvaluationRuling.objects.count() == 0


# --- thirty bids of two hundred lines ----------------------------------------------------------

BIDS, LINES = 30, 200


@pytest.fixture
def big():
    """Written straight into the tables: no tender asks for so much, and the page must hold all the same."""
    home = organisation("warwickshire")
    officer = actor_for_role(Role.PROCUREMENT_OFFICER, home)
    there = edition("big")
    measures = [put(there, f"B{number:03}", everywhere="10.5") for number in range(LINES)]
    publish(there)
    with clock.at(WRITTEN):
        procurement = procurement_of(officer)
        considered(officer, procurement)
        tender = start_tender(actor=officer, procurement_id=procurement.pk)
    asked = TenderRequirement.objects.bulk_create(
        TenderRequirement(tender=tender, measure=measure, position=number, is_mandatory=number < 5)
        for number, measure in enumerate(measures)
    )
    questions = TenderQuestion.objects.bulk_create(
        TenderQuestion(tender=tender, text=f"Question {n}?", weight_percent=50, position=n)
        for n in (1, 2)
    )
    Tender.objects.filter(pk=tender.pk).update(
        status="published", published_at=WRITTEN, published_by=officer.user_id, deadline_at=DEADLINE,
        weighting_kind="weighted", weighting_percent=D(20), edition=there,
    )  # fmt: skip
    bids = Bid.objects.bulk_create(
        Bid(
            tender=tender, place_mark=f"{n}", envelope="e", status="opened", supplier=SupplierFactory(),
            content_hash="h", receipt=f"R{n}", submitted_at=WRITTEN, opened_at=AFTER, price=D(170_000 + n),
        )
        for n in range(BIDS)
    )  # fmt: skip
    OfferLine.objects.bulk_create(
        OfferLine(
            bid=bid, requirement=row, measure_id=row.measure_id, quantity=D(n + 1),
            method_statement=f"Bid {n} delivers {row.position}.",
        )
        for n, bid in enumerate(bids)
        for row in asked
    )  # fmt: skip
    OfferAnswer.objects.bulk_create(
        OfferAnswer(bid=bid, question=question, text=f"Answer {bid.pk} to {question.pk}")
        for bid in bids
        for question in questions
    )
    Tender.objects.filter(pk=tender.pk).update(status="opened", opened_at=AFTER)
    procurement.__class__.objects.filter(pk=procurement.pk).update(status="evaluating")
    evaluation = Evaluation.objects.create(
        tender=tender, opened_at=AFTER, opened_by_id=officer.user_id
    )
    marks_for(home, officer, evaluation, bids, questions)
    return officer, procurement, evaluation


def marks_for(home, officer, evaluation, bids, questions):
    """Two evaluators' marks, locked, and the moderated ones: 3 everywhere."""
    for role in ("evaluator", "evaluator", "moderator"):
        member = EvaluationPanelMember.objects.create(
            tender_id=evaluation.tender_id, role=role, added_at=WRITTEN, added_by_id=officer.user_id,
            person_id=actor_for_role(Role.EVALUATOR, home).user_id,
        )  # fmt: skip
        if role == "evaluator":
            EvaluationMark.objects.bulk_create(
                EvaluationMark(
                    evaluation=evaluation, member=member, bid=bid, question=question, mark=3,
                    rationale="Fair.", marked_at=AFTER,
                )
                for bid in bids
                for question in questions
            )  # fmt: skip
            member.locked_at = AFTER
            member.save()
    EvaluationModeration.objects.bulk_create(
        EvaluationModeration(
            evaluation=evaluation, bid=bid, question=question, mark=3, reason="Fair.",
            set_by_id=officer.user_id, set_at=AFTER,
        )
        for bid in bids
        for question in questions
    )  # fmt: skip


def reads(captured):
    return [row["sql"] for row in captured if row["sql"].startswith("SELECT")]


def test_thirty_bids_of_two_hundred_lines_open_and_score_in_under_twenty_queries(client, big):
    """The n-th bid offers n of each measure at £10.50: 200 x n x £10.50, and n/30 of the 50 points; answers 30."""
    officer, procurement, evaluation = big
    signed_in(client, officer)
    page = reverse("procurement:evaluations:board", args=[procurement.pk])
    client.get(page)
    with CaptureQueriesContext(
        connection,
    ) as before:
        assert client.get(page).status_code == 200
    assert len(before) < 20, "\n".join(row["sql"][:150] for row in before.captured_queries)
    with CaptureQueriesContext(connection) as ranking, clock.at(AFTER):
        rank_bids(actor=officer, evaluation_id=evaluation.pk)
    found = reads(ranking.captured_queries)
    assert len(found) < 20, "\n".join(sql[:150] for sql in found)
    with CaptureQueriesContext(connection) as after:
        answer = client.get(page)
    assert len(after) < 20, "\n".join(row["sql"][:150] for row in after.captured_queries)
    rows = answer.context["board"].rows
    assert [row.rank for row in rows] == list(range(1, BIDS + 1))
    assert rows[0].scored_pence == 200 * 30 * 1050
    assert [row.total for row in rows[:3]] == [80, D("78.333333"), D("76.666667")]
    assert rows[-1].total == D("31.666667")
