"""The evaluation record holds everything, whatever it is printed as."""

from __future__ import annotations

from decimal import Decimal

import pytest

from procurement.action_plans.services import agree_plan, start_plan
from procurement.bids.queries.openings import opening_of
from procurement.evaluations.queries.account import account_of
from procurement.tenders.queries import scoring_of
from socialvalue.audit.queries import history_of_procurement
from socialvalue.core import clock
from socialvalue.core.documents import Document, Heading, Paragraph, fingerprint
from socialvalue.core.docx import docx_of
from socialvalue.core.pdf import pdf_of
from tests.factories.documents import (
    docx_text,
    grid_of,
    headings,
    pdf_text,
    plain,
    rows_by_heading,
    texts,
)
from tests.factories.evaluations import AFTER
from tests.procurement.awards.test_record.judgement import INTEREST, judged

pytestmark = pytest.mark.django_db


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
