"""The evaluation record holds everything, to the right people, at the right time, whatever it is printed as."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pytest
from django.urls import reverse

from procurement.action_plans.services import agree_plan, start_plan
from procurement.awards.models import Contract
from procurement.awards.queries.record import NOT_RANKED, evaluation_record
from procurement.bids.queries import OpenedBid, opened_bids
from procurement.bids.queries.openings import opening_of
from procurement.evaluations.models import EvaluationInterest
from procurement.evaluations.queries.account import account_of
from procurement.evaluations.rules import Verdict
from procurement.evaluations.services import (
    Declaration,
    OtherScoreInput,
    add_panel_member,
    decide_interest,
    declare_interests,
    lock_marks,
    reopen_marking,
    rule_out,
    set_other_scores,
)
from procurement.tenders.queries import scoring_of
from socialvalue.accounts.queries import organisation
from socialvalue.accounts.vocabulary import BUYER_ROLES, Role
from socialvalue.audit.queries import history_of_procurement
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.documents import Document, Heading, Paragraph, fingerprint
from socialvalue.core.docx import docx_of
from socialvalue.core.errors import NotAllowed, NotVisible, RuleBroken
from socialvalue.core.pdf import pdf_of
from tests.factories.accounts import actor_for_role
from tests.factories.awards import awarded
from tests.factories.documents import (
    docx_text,
    grid_of,
    headings,
    pdf_text,
    plain,
    rows_by_heading,
    texts,
)
from tests.factories.evaluations import (
    AFTER,
    WRITTEN,
    Ask,
    Bench,
    marked,
    marked_by,
    moderated,
    offered,
    opened,
    published,
    ranked,
    reference_data,
)
from tests.factories.reporting import browser

pytestmark = pytest.mark.django_db
INTEREST = "My sister works for them."


@dataclass
class Judgement:
    """A tender judged by two evaluators after a third was recused; one claim ruled out; the first bidder awarded."""

    bench: Bench
    recused: Actor
    bids: list[OpenedBid]
    contract: Contract | None = None

    @property
    def record(self) -> Document:
        return evaluation_record(self.bench.officer, self.bench.procurement.pk)

    @property
    def names(self) -> list[str]:
        return [bid.supplier_name for bid in self.bids]


def judged(*, award: bool = True) -> Judgement:
    reference_data()
    bench = published(
        asks=[Ask("PLB1", maximum=Decimal(10000)), Ask("HSC1")],
        bidders=3,
        weighting=Decimal(20),
    )
    third = recused(bench)
    offered(bench, 0, {"PLB1": "20000", "HSC1": "100"})
    offered(bench, 1, {"PLB1": "8000"}, price="150000")
    offered(bench, 2, {"PLB1": "9000", "HSC1": "50"}, price="300000")
    opened(bench)
    order = [bidder.organisation_id for bidder in bench.bidders]
    bids = sorted(opened_bids(bench.tender.pk), key=lambda bid: order.index(bid.supplier_id))
    for bid in bids:
        for actor, marks in ((bench.evaluator, (4, 3)), (bench.evaluator2, (2, 3))):
            given = dict(zip((row.id for row in bench.questions), marks, strict=True))
            marked_by(bench, actor, bid.id, {key: Verdict(mark) for key, mark in given.items()})
    evaluation_id = bench.evaluation.pk
    with clock.at(AFTER):
        for actor in (bench.evaluator, bench.evaluator2):
            lock_marks(actor=actor, evaluation_id=evaluation_id)
    for bid in bids:
        for question in bench.questions:
            moderated(bench, bid.id, question.id, Verdict(3))
    ranked(bench)
    line = next(line for line in bids[2].lines if line.measure.code == "HSC1")
    with clock.at(AFTER):
        rule_out(actor=bench.officer, offer_line_id=line.id, reason="Not of this contract.")
        set_other_scores(
            actor=bench.officer,
            evaluation_id=evaluation_id,
            price_percent=Decimal(50),
            quality_percent=Decimal(30),
            scores=[OtherScoreInput(bid.id, Decimal(80), Decimal(60)) for bid in bids],
        )
    contract = awarded(bench) if award else None
    return Judgement(bench, third, bids, contract)


def recused(bench: Bench) -> Actor:
    """A third evaluator who declares an interest in the first bidder and is recused for it before the opening."""
    third = actor_for_role(Role.EVALUATOR, bench.authority)
    suppliers = [bidder.organisation_id for bidder in bench.bidders]
    with clock.at(WRITTEN):
        add_panel_member(
            actor=bench.officer,
            tender_id=bench.tender.pk,
            person_id=third.person_id,
            role="evaluator",
        )
        declare_interests(
            actor=third,
            tender_id=bench.tender.pk,
            declarations=[
                Declaration(pk, pk == suppliers[0], INTEREST if pk == suppliers[0] else "")
                for pk in suppliers
            ],
        )
        declared = EvaluationInterest.objects.get(has_interest=True)
        decide_interest(
            actor=bench.officer,
            interest_id=declared.pk,
            decision="recused",
            reason="Too near to be seen as fair.",
        )
    return third


@pytest.fixture
def done():
    return judged()


def test_the_record_has_every_part_in_order(done):
    assert headings(done.record) == [
        "1. What was published",
        "2. Who judged",
        "3. The opening of the bids",
        "4. Marks",
        "5. Quantities",
        "6. Claims ruled out",
        "7. Rankings",
        "8. The whole award",
        "9. The award",
        "10. After the award",
        "11. History",
        "12. Fingerprint",
    ]


def test_the_record_says_what_was_published(done):
    said = texts(done.record)
    scoring = scoring_of(done.bench.tender.pk)
    assert all(sentence in said for sentence in scoring.sentences)
    assert [row["Code"] for row in rows_by_heading(grid_of(done.record, "What may be"))] == [
        "PLB1",
        "HSC1",
    ]
    assert [row[1] for row in grid_of(done.record, "Questions to answer").rows] == [
        "How will you recruit?",
        "How will you report?",
    ]


def test_the_record_names_the_panel_and_what_it_declared(done):
    record = done.record
    panel = rows_by_heading(grid_of(record, "The panel"))
    assert [(row["Name"], row["Role"]) for row in panel] == [
        (done.bench.evaluator.name, "Evaluator"),
        (done.bench.evaluator2.name, "Evaluator"),
        (done.bench.moderator.name, "Moderator"),
        (done.recused.name, "Evaluator"),
    ]
    assert [row["Left or recused"][:7] for row in panel] == ["–", "–", "–", "Recused"]
    interests = rows_by_heading(grid_of(record, "Interests"))
    assert len(interests) == 4 * 3
    declared = [row for row in interests if row["Declared"] != "No interest"]
    assert [(row["Person"], row["Bidder"], row["Declared"]) for row in declared] == [
        (done.recused.name, done.names[0], INTEREST)
    ]
    assert declared[0]["Decision"].startswith("Recused: Too near to be seen as fair.")


def test_the_record_holds_the_opening_with_its_hashes(done):
    record, opening = done.record, opening_of(done.bench.tender.pk)
    said = texts(record)
    assert opening.record_hash in said
    assert f"{done.bench.officer.name}, 1 May 2026, 1pm" in said
    assert f"{done.bench.approver.name}, 1 May 2026, 1pm" in said
    rows = rows_by_heading(grid_of(record, "Bids as they were found"))
    assert [(row["Bidder"], row["Receipt and SHA-256 of the content"]) for row in rows] == [
        (line.bidder, f"{line.receipt}\n{line.content_hash}") for line in opening.lines
    ]
    assert {row["Submitted"] for row in rows} == {"3 March 2026, 09:00:00 UK time"}


def test_every_mark_stands_with_its_reason_and_the_one_that_counts(done):
    rows = rows_by_heading(grid_of(done.record, "Marks of question 1"))
    of_first = [row for row in rows if row["Bidder"] == done.names[0]]
    assert [(row["By"], row["Mark"], row["Reason"]) for row in of_first] == [
        (done.bench.evaluator.name, "4", "Because of what it says."),
        (done.bench.evaluator2.name, "2", "Because of what it says."),
        (
            f"Moderated by {done.bench.moderator.name}\nSpread: 2 to 4",
            "3",
            "What the panel agreed.",
        ),
    ]
    assert len(rows) == 3 * 3
    second = rows_by_heading(grid_of(done.record, "Marks of question 2"))
    assert second[2]["By"].endswith("Spread: 3")


def test_the_quantities_are_worked_line_by_line_with_caps_and_rulings(done):
    first = grid_of(done.record, f"Offer of {done.names[0]}")
    capped = rows_by_heading(first)[0]
    assert (capped["Code"], capped["Offered"], capped["Scored"], capped["Value"]) == (
        "PLB1",
        "£20,000",
        "£10,000",
        "£10,000",
    )
    assert capped["Why not all"] == "Above the most that is scored"
    third = grid_of(done.record, f"Offer of {done.names[2]}")
    out = rows_by_heading(third)[1]
    assert (out["Code"], out["Scored"], out["Value"]) == ("HSC1", "50 staff hours", "£0")
    assert out["Why not all"] == "Ruled out: Not of this contract."
    assert third.total[5] == "£9,000"


def test_lines_add_up_to_what_the_ranking_counted(done):
    last = {row.bid_id: row for row in account_of(done.bench.tender.pk).rounds[-1].results}
    for bid in done.bids:
        grid = grid_of(done.record, f"Offer of {bid.supplier_name}")
        lines = sum(Decimal(row[5].replace("£", "").replace(",", "")) for row in grid.rows)
        assert lines * 100 == last[bid.id].social_value_pence


def test_both_rankings_are_kept_with_their_cause(done):
    record = done.record
    rounds = account_of(done.bench.tender.pk).rounds
    assert [row.number for row in rounds] == [1, 2]
    before, now = (rows_by_heading(grid_of(record, f"Ranking {row.number}")) for row in rounds)
    third = done.names[2]
    counted = [
        next(row["Social value counted"] for row in rows if row["Bidder"] == third)
        for rows in (before, now)
    ]
    assert counted == ["£9,672.50", "£9,000"]
    assert all(row.cause in texts(record) for row in rounds)
    assert "Not of this contract." in rounds[-1].cause
    assert [row["Reason"] for row in rows_by_heading(grid_of(record, "Rulings"))] == [
        "Not of this contract."
    ]
    # 11,345 counts of the first bid: £10,000 and 100 hours at £13.45. Half of the points are for answers, all marked 3.
    assert [
        (row["Bidder"], row["Quantities"], row["Answers"], row["Points of 100"]) for row in now
    ] == [
        (done.names[0], "50", "30", "80"),
        (done.names[2], "39.67", "30", "69.67"),
        (done.names[1], "35.26", "30", "65.26"),
    ]
    assert [row["Of the award (20%)"] for row in now] == ["16", "13.93", "13.05"]


def test_the_whole_award_is_there_when_it_was_entered(done):
    rows = rows_by_heading(grid_of(done.record, "Scores of 100 each"))
    assert [(row["Price"], row["Quality"]) for row in rows] == [("80", "60")] * 3
    # 20% social value, 50% price, 30% quality: 80 x 0.5 + 60 x 0.3 = 58, and a fifth of the social value points.
    assert [Decimal(row["Points of 100"]) - 58 for row in rows] == [
        (Decimal(row["Social value"]) / 5).quantize(Decimal("0.01")) for row in rows
    ]


def test_the_award_has_both_names_and_its_reason(done):
    record, bench = done.record, done.bench
    blocks = list(record.blocks)
    at = blocks.index(Heading("Proposal 1", 3))
    assert Heading("Proposal 2", 3) not in blocks
    row = dict(blocks[at + 1].pairs)
    assert row["Bidder"] == done.names[0]
    assert row["Reason"] == "The best on price, quality and social value."
    assert row["On ranking"] == "2"
    assert row["Proposed"].startswith(bench.officer.name)
    assert row["Answer"].startswith(f"Approved, {bench.approver.name}")
    assert "Remark" not in row
    said = texts(record)
    assert said[said.index("Awarded to") + 1] == done.names[0]
    assert said[said.index("Approved by") + 1] == bench.approver.name
    assert len(grid_of(record, "Assessment summaries").rows) == 3
    assert said[said.index("Contract") + 1].startswith(done.contract.reference)


def test_the_history_is_whole_and_in_the_order_of_time(done):
    rows = grid_of(done.record, "Everything that was done").rows
    deeds = history_of_procurement(procurement_id=done.bench.procurement.pk, limit=5000)
    assert sorted(row[2] for row in rows) == sorted(line.sentence for line in deeds)
    assert rows[0][2] == min(deeds, key=lambda line: line.at).sentence or len(rows) == len(deeds)


def test_the_record_ends_with_the_signature(done):
    """Months of claims belong to the contract, not to how it was awarded; the fingerprint stays what it was."""
    contract, signed = done.contract, done.record
    rows = grid_of(signed, "Everything that was done").rows
    assert rows[-1][2].startswith("Recorded that the contract was signed on")
    later = AFTER.replace(year=2027)
    with clock.at(later):
        start_plan(actor=done.bench.manager, contract_id=contract.pk)
        agree_plan(actor=done.bench.manager, contract_id=contract.pk, expected_version=1)
    deeds = history_of_procurement(procurement_id=done.bench.procurement.pk, limit=5000)
    assert deeds[0].at == later
    assert done.record == signed


def test_before_an_award_the_record_says_so():
    record = judged(award=False).record
    assert "No award has been proposed." in texts(record)
    assert "Nothing yet." in texts(record)


def test_the_fingerprint_is_of_everything_above_and_the_same_for_the_same_state(done):
    record = done.record
    printed = record.blocks[-1]
    assert isinstance(printed, Paragraph)
    above = Document(record.title, record.subtitle, record.facts, record.blocks[:-3], record.notice)
    assert printed.text == fingerprint(above)
    assert len(printed.text) == 64
    with clock.at(AFTER.replace(year=2027)):
        assert done.record == record
    changed = Document(record.title, record.subtitle, record.facts, record.blocks[:-4])
    assert fingerprint(changed) != printed.text


def test_pdf_and_docx_say_all_that_the_record_says(done):
    record = done.record
    in_pdf, in_docx = pdf_text(pdf_of(record)), docx_text(docx_of(record))
    for text in texts(record):
        assert plain(text) in in_docx, text
        assert all(plain(word) in in_pdf for word in text.split()), text


# --- who, and when ---------------------------------------------------------------------------------


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
