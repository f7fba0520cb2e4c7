"""Each bidder reads its own summary, all of it and nothing else, once it is issued and for ever as it was."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from procurement.awards.models import AwardSummary
from procurement.awards.queries import (
    contract_page,
    has_summary,
    my_summaries,
    my_summary,
    summary_page,
    summary_sheet,
    summary_to_write,
)
from procurement.awards.services import issue_summaries, write_summary
from procurement.bids.queries import opened_bids
from procurement.evaluations.models import EvaluationResult
from procurement.evaluations.services import rule_out
from socialvalue.accounts.models import User
from socialvalue.accounts.queries import organisation
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from socialvalue.core.jobs import run_inline
from tests.factories.accounts import actor_for_role
from tests.factories.awards import awarded, evaluated, told
from tests.factories.evaluations import AFTER, Ask, marked, offered, opened, published, ranked

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def bench():
    return evaluated()


@pytest.fixture
def contract(bench):
    return awarded(bench, signed=False)


def bid_of(bench, number):
    wanted = bench.bidders[number].organisation_id
    return next(bid.id for bid in opened_bids(bench.tender.pk) if bid.supplier_id == wanted)


def write(bench, contract, number, **more):
    facts = {"actor": bench.officer, "advantages": "More of everything.", "passages": ()} | more
    with clock.at(AFTER):
        return write_summary(award_id=contract.award_id, bid_id=bid_of(bench, number), **facts)


def test_nobody_reads_one_before_it_is_issued(bench, contract):
    write(bench, contract, 1)
    for actor in bench.bidders:
        assert not has_summary(actor, bench.tender.pk)
        assert my_summaries(actor) == []
        with pytest.raises(NotVisible):
            my_summary(actor, bench.tender.pk)


def test_each_bidder_reads_its_own_and_nobody_elses(bench, contract):
    told(bench, contract)
    for number in (0, 1):
        found = my_summary(bench.bidders[number], bench.tender.pk)
        assert found.summary.bidder == organisation_name(bench, number)
        assert [row.tender_id for row in my_summaries(bench.bidders[number])] == [bench.tender.pk]
    assert my_summary(bench.bidders[0], bench.tender.pk).summary.is_winner
    loser = my_summary(bench.bidders[1], bench.tender.pk).summary
    assert not loser.is_winner
    assert loser.winner == organisation_name(bench, 0)
    other = actor_for_role(Role.SUPPLIER_ADMIN)
    for actor in (other, bench.officer, bench.approver):
        with pytest.raises(NotVisible):
            my_summary(actor, bench.tender.pk)
    assert my_summaries(other) == []


def organisation_name(bench, number):
    return bench.bidders[number].organisation_name


def test_invited_without_a_bid_there_is_nothing_to_read():
    bench = published(bidders=3)
    offered(bench, 0, {"PLB1": "10", "HSC1": "1"})
    offered(bench, 1, {"PLB1": "5", "HSC1": "1"})
    opened(bench)
    for bid in opened_bids(bench.tender.pk):
        marked(bench, bid.id, 4, 4)
    ranked(bench)
    contract = awarded(bench, signed=False)
    told(bench, contract)
    assert AwardSummary.objects.count() == 2
    with pytest.raises(NotVisible):
        my_summary(bench.bidders[2], bench.tender.pk)


def test_the_numbers_are_those_of_the_ranking(bench, contract):
    """Every score is the round's own, and the social value is the sum of the lines shown."""
    told(bench, contract)
    for number in (0, 1):
        summary = my_summary(bench.bidders[number], bench.tender.pk).summary
        own = EvaluationResult.objects.get(bid_id=bid_of(bench, number))
        winner = EvaluationResult.objects.get(bid_id=bid_of(bench, 0))
        rows = {row.criterion: row for row in summary.scores}
        for criterion, field in (
            ("Quantities offered", "quantitative_score"),
            ("Answers in all", "qualitative_score"),
            ("Social value in all", "total_score"),
        ):
            assert rows[criterion].own == f"{getattr(own, field):.2f}"
            assert rows[criterion].winner == (
                "" if number == 0 else f"{getattr(winner, field):.2f}"
            )
        assert [row.weight for row in summary.scores] == [
            "50 points", "30 points", "20 points", "50 points", "100 points", "20 points",
        ]  # fmt: skip
        assert rows["How will you recruit?"].own == "4 of 5"
        worth = sum(D(row.worth.replace("£", "").replace(",", "")) for row in summary.quantities)
        assert worth * 100 == own.social_value_pence
        assert summary.social_value == f"£{D(own.social_value_pence) / 100:,.2f}".removesuffix(
            ".00"
        )


def test_a_claim_ruled_out_is_nought_with_its_reason():
    bench = evaluated()
    line = next(
        line
        for bid in opened_bids(bench.tender.pk)
        if bid.id == bid_of(bench, 0)
        for line in bid.lines
        if line.measure.code == "HSC1"
    )
    with clock.at(AFTER):
        rule_out(actor=bench.officer, offer_line_id=line.id, reason="Hours of paid staff.")
    contract = awarded(bench, signed=False)
    told(bench, contract)
    summary = my_summary(bench.bidders[0], bench.tender.pk).summary
    row = next(row for row in summary.quantities if row.measure.startswith("HSC1"))
    assert row.worth == "£0"
    assert row.note == "Ruled out, so it counted as nought: Hours of paid staff."
    assert summary.social_value == "£10,000"
    # How another bid was ruled on is nobody else's business.
    told_other = json.dumps(AwardSummary.objects.get(bid_id=bid_of(bench, 1)).content)
    assert "paid staff" not in told_other


def test_what_lies_above_a_cap_is_shown_as_it_counted():
    bench = published(asks=[Ask("PLB1", maximum=D(5000))], questions=(), quantitative=D(100))
    offered(bench, 0, {"PLB1": "10000"})
    opened(bench)
    ranked(bench)
    contract = awarded(bench, signed=False)
    told(bench, contract)
    (row,) = my_summary(bench.bidders[0], bench.tender.pk).summary.quantities
    assert (row.offered, row.worth) == ("£10,000", "£5,000")
    assert row.note == "Scored up to £5,000, the most the tender counts."


def test_a_bid_that_did_not_pass_is_told_why():
    bench = published(
        asks=[Ask("PLB1", is_mandatory=True), Ask("HSC1")], questions=(), quantitative=D(100)
    )
    offered(bench, 0, {"PLB1": "10", "HSC1": "1"})
    offered(bench, 1, {"PLB1": "99", "HSC1": "99"})
    opened(bench)
    ranked(bench)
    line = next(
        line
        for bid in opened_bids(bench.tender.pk)
        if bid.id == bid_of(bench, 1)
        for line in bid.lines
        if line.measure.code == "PLB1"
    )
    with clock.at(AFTER):
        rule_out(actor=bench.officer, offer_line_id=line.id, reason="No local firm is named.")
    contract = awarded(bench, signed=False)
    told(bench, contract)
    summary = my_summary(bench.bidders[1], bench.tender.pk).summary
    result = EvaluationResult.objects.order_by("round").filter(bid_id=bid_of(bench, 1)).last()
    assert not result.is_passed
    assert summary.result == f"Did not pass. {result.reason}"
    assert f"This bid did not: {result.reason}" in summary.advantages


def test_a_pass_or_fail_tender_has_no_points():
    bench = published(weighting=None, questions=())
    offered(bench, 0, {"PLB1": "10", "HSC1": "1"})
    offered(bench, 1, {"PLB1": "5", "HSC1": "1"})
    opened(bench)
    ranked(bench)
    contract = awarded(bench, signed=False)
    told(bench, contract)
    summary = my_summary(bench.bidders[1], bench.tender.pk).summary
    assert [(row.criterion, row.weight, row.own, row.winner) for row in summary.scores] == [
        ("Social value", "Pass or fail", "Passed", "Passed")
    ]
    assert summary.result == "Passed"


def test_the_winners_words_are_never_told(bench, contract):
    """Neither its method statements, nor its answers, nor what it offered of anything."""
    told(bench, contract)
    content = json.dumps(AwardSummary.objects.get(bid_id=bid_of(bench, 1)).content)
    # The loser offered PLB1 itself; HSC1 came from the winner only.
    assert "How we deliver" not in content
    assert "Answer to" not in content
    for amount in ("10,000", "100 hours", "100 staff", "11,345", "1,345"):
        assert amount not in content


def test_what_is_withheld_is_not_kept_for_the_bidder(bench, contract):
    write(
        bench,
        contract,
        1,
        advantages="Uses the Zebra machine every day.\n\nAnd the ZEBRA\nmachine again.",
        passages=["Zebra machine", "the panel agreed"],
    )
    told(bench, contract)
    row = AwardSummary.objects.get(bid_id=bid_of(bench, 1))
    content = json.dumps(row.content)
    assert "zebra" not in content.lower()
    assert "panel agreed" not in content
    assert content.count("[withheld]") == 4
    summary = my_summary(bench.bidders[1], bench.tender.pk).summary
    assert summary.advantages == "Uses the [withheld] every day.\n\nAnd the [withheld] again."


def test_a_passage_that_stands_nowhere_is_refused(bench, contract):
    with pytest.raises(RuleBroken, match="“Zebra” is not in this summary") as error:
        write(bench, contract, 1, passages=["Zebra"])
    assert [field for field, _ in error.value.errors] == ["passages"]
    with pytest.raises(RuleBroken) as error:
        write(bench, contract, 1, advantages="  ")
    assert [field for field, _ in error.value.errors] == ["advantages"]
    assert AwardSummary.objects.count() == 0


def test_what_two_people_write_at_once_is_a_conflict(bench, contract):
    assert write(bench, contract, 1).version == 1
    with pytest.raises(Conflict):
        write(bench, contract, 1)
    assert write(bench, contract, 1, expected_version=1).version == 2


def test_issued_once_and_never_changed(bench, contract):
    told(bench, contract)
    with pytest.raises(Conflict), clock.at(AFTER):
        issue_summaries(actor=bench.officer, award_id=contract.award_id)
    with pytest.raises(Conflict):
        write(bench, contract, 1, expected_version=1)
    for change in (
        {"advantages": "x"},
        {"content": {}},
        {"issued_at": None},
        {"redactions": ["x"]},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            AwardSummary.objects.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        AwardSummary.objects.all().delete()


def test_the_hash_is_that_of_the_content(bench, contract):
    told(bench, contract)
    for row in AwardSummary.objects.all():
        text = json.dumps(
            row.content, sort_keys=True, ensure_ascii=False, separators=(",", ":")
        ).encode()
        assert hashlib.sha256(text).hexdigest() == row.content_hash


def test_who_writes_issues_and_reads(bench, contract):
    bid_id = bid_of(bench, 1)
    strangers = [actor_for_role(Role.PROCUREMENT_OFFICER, organisation("coventry")), *bench.bidders]
    with clock.at(AFTER):
        for actor in (bench.approver, bench.manager, bench.evaluator):
            with pytest.raises(NotAllowed):
                issue_summaries(actor=actor, award_id=contract.award_id)
            with pytest.raises(NotAllowed):
                write(bench, contract, 1, actor=actor)
        for actor in strangers:
            with pytest.raises(NotVisible):
                issue_summaries(actor=actor, award_id=contract.award_id)
            for read in (summary_page, summary_to_write):
                with pytest.raises(NotVisible):
                    read(actor, contract.pk, bid_id)
            with pytest.raises(NotVisible):
                summary_sheet(actor, contract.pk)
        with pytest.raises(NotAllowed):
            summary_sheet(bench.manager, contract.pk)
        for actor in (bench.officer, bench.approver, bench.evaluator):
            assert len(summary_sheet(actor, contract.pk).rows) == 2
        other = evaluated()
        with pytest.raises(NotVisible):
            summary_page(bench.officer, contract.pk, bid_of(other, 0))
        with pytest.raises(NotVisible):
            write_summary(
                actor=bench.officer,
                award_id=contract.award_id,
                bid_id=bid_of(other, 1),
                advantages="x",
            )
    assert AwardSummary.objects.count() == 0


def test_every_bidder_is_written_to(
    bench, contract, mailoutbox, django_capture_on_commit_callbacks
):
    with run_inline(), django_capture_on_commit_callbacks(execute=True):
        told(bench, contract)
    people = {User.objects.get(pk=actor.user_id).email for actor in bench.bidders}
    assert {mail.to[0] for mail in mailoutbox} == people
    assert len(mailoutbox) == 2
    for mail in mailoutbox:
        is_winner = mail.to[0] == User.objects.get(pk=bench.bidders[0].user_id).email
        assert ("awarded to your organisation" in mail.body) is is_winner
        assert f"/bids/{bench.tender.pk}/summary/" in mail.body
        # Who won is told on the page, where only the bidder reads it.
        assert bench.bidders[0].organisation_name not in mail.body


def test_the_winner_reads_of_no_other_bidder_on_the_page_of_its_contract(bench, contract):
    write(bench, contract, 1)
    told(bench, contract)
    other = bench.bidders[1].organisation_name

    def history(actor):
        return [sentence for sentence, _, _ in contract_page(actor, contract.pk).history]

    assert [row for row in history(bench.officer) if other in row] == [
        f"Wrote the assessment summary of {other}."
    ]
    assert "Issued the assessment summaries to 2 bidders." in history(bench.officer)
    assert len(history(bench.bidders[0])) == 1
    assert other not in repr(contract_page(bench.bidders[0], contract.pk))
