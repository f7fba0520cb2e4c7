"""A proposal rests on the scores for price and quality too: once they are saved again it no longer stands."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from procurement.awards.models import AwardProposal, Contract
from procurement.awards.queries import (
    award_options,
    proposal_page,
    proposals_awaiting,
    waiting_proposer,
)
from procurement.awards.services import approve_award, propose_award, withdraw_proposal
from procurement.bids.queries import opened_bids
from procurement.evaluations.services import OtherScoreInput, set_other_scores
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, RuleBroken
from tests.factories.awards import ENDS, STARTS, evaluated, winner_of
from tests.factories.evaluations import AFTER, Bench

pytestmark = pytest.mark.django_db


def propose(bench: Bench, minutes: int) -> AwardProposal:
    with clock.at(AFTER + timedelta(minutes=minutes)):
        return propose_award(
            actor=bench.officer,
            procurement_id=bench.procurement.pk,
            bid_id=winner_of(bench),
            reason="The best.",
            value=Decimal("170000"),
            value_basis="excl",
            starts_on=STARTS,
            ends_on=ENDS,
        )


def score(bench: Bench, minutes: int, *, version: int = 0) -> None:
    with clock.at(AFTER + timedelta(minutes=minutes)):
        set_other_scores(
            actor=bench.officer,
            evaluation_id=bench.evaluation.pk,
            price_percent=Decimal(50),
            quality_percent=Decimal(30),
            scores=[
                OtherScoreInput(bid.id, Decimal(80), Decimal(70), version)
                for bid in opened_bids(bench.tender.pk)
            ],
        )


def test_a_proposal_on_earlier_scores_is_not_approved():
    bench = evaluated()
    stale = propose(bench, 0)
    assert [row.id for row in proposals_awaiting(bench.approver)] == [stale.pk]
    score(bench, 5)
    assert proposals_awaiting(bench.approver) == []
    assert waiting_proposer(bench.procurement.pk) is None
    assert not award_options(bench.officer, bench.procurement.pk).is_waiting
    page = proposal_page(bench.officer, bench.procurement.pk)
    assert "saved again after this award was proposed" in page.stale
    assert (page.may_propose, page.may_withdraw) == (True, True)
    with pytest.raises(RuleBroken, match="price and quality were saved again"):
        approve_award(actor=bench.approver, proposal_id=stale.pk)
    assert Contract.objects.count() == 0
    fresh = propose(bench, 7)
    stale.refresh_from_db()
    told = (stale.status, stale.remark)
    assert told == ("withdrawn", "The scores for price and quality were saved again.")
    with clock.at(AFTER + timedelta(minutes=8)):
        assert approve_award(actor=bench.approver, proposal_id=fresh.pk).value == 170_000


def test_a_proposal_on_the_scores_as_they_are_stands():
    bench = evaluated()
    score(bench, 5)
    proposal = propose(bench, 6)
    assert waiting_proposer(bench.procurement.pk) == proposal.proposed_by_id
    assert proposal_page(bench.approver, bench.procurement.pk).stale == ""
    with pytest.raises(Conflict, match="proposed already"):
        propose(bench, 7)
    with clock.at(AFTER + timedelta(minutes=8)):
        assert withdraw_proposal(actor=bench.officer, proposal_id=proposal.pk).remark == ""
