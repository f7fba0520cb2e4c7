"""One person proposes an award and another approves or refuses it, on the ranking that holds."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from procurement.awards.models import Award, AwardProposal, Contract
from procurement.awards.queries import commitments_of, proposals_awaiting, waiting_proposer
from procurement.awards.services import approve_award, refuse_award, withdraw_proposal
from procurement.bids.queries import opened_bids
from procurement.evaluations.services import reopen_marking, rule_out
from procurement.procurements.queries import procurement_brief
from procurement.tenders.queries import tender_for
from socialvalue.accounts.models import User
from socialvalue.accounts.queries import organisation
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from socialvalue.core.jobs import run_inline
from tests.factories.accounts import MembershipFactory, actor_for_role, actor_of, user_with_role
from tests.factories.awards import evaluated, proposed
from tests.factories.evaluations import AFTER, offered, opened, published
from tests.procurement.awards.test_services.steps import award

pytestmark = pytest.mark.django_db


def test_nothing_is_awarded_by_a_proposal():
    bench = evaluated()
    proposal = proposed(bench)
    assert proposal.status == "proposed"
    assert (Award.objects.count(), Contract.objects.count()) == (0, 0)
    assert procurement_brief(bench.procurement.pk).status == "evaluating"
    assert waiting_proposer(bench.procurement.pk) == proposal.proposed_by_id
    assert [row.id for row in proposals_awaiting(bench.approver)] == [proposal.pk]
    assert proposals_awaiting(bench.officer) == []


def test_one_proposal_waits_at_a_time():
    bench = evaluated()
    proposed(bench)
    with pytest.raises(Conflict, match="waits for approval"):
        proposed(bench)
    assert AwardProposal.objects.count() == 1


def test_the_approvers_are_written_to_and_not_the_proposer(
    mailoutbox, django_capture_on_commit_callbacks
):
    bench = evaluated()
    both = both_hats(bench)
    with run_inline(), django_capture_on_commit_callbacks(execute=True):
        proposed(bench, actor=both)
    people = {bench.approver.user_id: User.objects.get(pk=bench.approver.user_id).email}
    assert [mail.to for mail in mailoutbox] == [[email] for email in people.values()]
    assert mailoutbox[0].subject == f"An award waits for you: {bench.procurement.title}"
    assert f"/procurements/{bench.procurement.pk}/award/proposal/" in mailoutbox[0].body


def both_hats(bench):
    """Somebody who is procurement officer and approver at once."""
    user = user_with_role(Role.PROCUREMENT_OFFICER, bench.authority)
    MembershipFactory(user=user, organisation=bench.authority, role=Role.APPROVER)
    return actor_of(user, bench.authority)


def test_nobody_approves_or_refuses_their_own_proposal():
    bench = evaluated()
    both = both_hats(bench)
    proposal = proposed(bench, actor=both)
    with clock.at(AFTER):
        for decide in (approve_award, refuse_award):
            with pytest.raises(NotAllowed, match="another person"):
                decide(actor=both, proposal_id=proposal.pk, remark="Mine.")
        assert Contract.objects.count() == 0
        contract = approve_award(actor=bench.approver, proposal_id=proposal.pk)
    assert contract.award.decided_by_id == both.user_id


def test_plain_sql_cannot_approve_ones_own_proposal_either():
    bench = evaluated()
    proposal = proposed(bench)
    table = AwardProposal._meta.db_table
    for status in ("approved", "refused"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {table} SET status = %s, decided_by_id = proposed_by_id, "  # noqa: S608
                "decided_at = proposed_at, remark = 'x' WHERE id = %s",
                [status, proposal.pk],
            )
    contract = awarded_of(bench, proposal)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procurement_award (procurement_id, bid_id, supplier_id, reason, "
            "decided_at, decided_by_id, approved_by_id) SELECT %s, bid_id, supplier_id, reason, "
            "decided_at, decided_by_id, decided_by_id FROM procurement_award WHERE id = %s",
            [evaluated().procurement.pk, contract.award_id],
        )


def awarded_of(bench, proposal):
    with clock.at(AFTER):
        return approve_award(actor=bench.approver, proposal_id=proposal.pk)


@pytest.mark.owner
def test_a_decided_proposal_never_changes():
    bench = evaluated()
    proposal = proposed(bench)
    awarded_of(bench, proposal)
    with pytest.raises(IntegrityError), transaction.atomic():
        AwardProposal.objects.update(reason="Another.")
    with pytest.raises(IntegrityError), transaction.atomic():
        AwardProposal.objects.update(status="proposed", decided_by=None, decided_at=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        AwardProposal.objects.all().delete()
    with pytest.raises(Conflict):
        awarded_of(bench, proposal)


def test_who_approves():
    bench = evaluated()
    proposal = proposed(bench)
    with clock.at(AFTER):
        for actor in (bench.officer, bench.evaluator, bench.manager):
            with pytest.raises(NotAllowed):
                approve_award(actor=actor, proposal_id=proposal.pk)
        stranger = actor_for_role(Role.APPROVER, organisation("coventry"))
        for actor in (stranger, bench.bidders[0]):
            with pytest.raises(NotVisible):
                approve_award(actor=actor, proposal_id=proposal.pk)
            with pytest.raises(NotVisible):
                withdraw_proposal(actor=actor, proposal_id=proposal.pk)
        with pytest.raises(NotVisible):
            approve_award(actor=bench.approver, proposal_id=proposal.pk + 999)
    assert Contract.objects.count() == 0


def test_a_proposal_on_an_earlier_ranking_is_not_approved():
    """Ruling out a claim ranks again: what was proposed before does not stand any more."""
    bench = evaluated()
    stale = proposed(bench)
    line = next(
        line
        for bid in opened_bids(bench.tender.pk)
        if bid.id == stale.bid_id
        for line in bid.lines
        if line.measure.code == "HSC1"
    )
    with clock.at(AFTER):
        rule_out(actor=bench.officer, offer_line_id=line.id, reason="Hours of paid staff.")
        with pytest.raises(RuleBroken, match="ranked again after this award was proposed"):
            approve_award(actor=bench.approver, proposal_id=stale.pk)
    assert Contract.objects.count() == 0
    assert tender_for(bench.officer, bench.tender.pk).status == "opened"
    fresh = proposed(bench)
    stale.refresh_from_db()
    assert (stale.status, stale.remark) == ("withdrawn", "The bids were ranked again.")
    contract = awarded_of(bench, fresh)
    # What was ruled out is no commitment.
    assert [row.measure.code for row in commitments_of(contract.pk)] == ["PLB1"]


def test_a_proposal_is_not_approved_while_marking_is_open_again():
    bench = evaluated()
    proposal = proposed(bench)
    with clock.at(AFTER):
        reopen_marking(actor=bench.officer, evaluation_id=bench.evaluation.pk)
        with pytest.raises(RuleBroken, match="Marking was reopened"):
            approve_award(actor=bench.approver, proposal_id=proposal.pk)
    assert Contract.objects.count() == 0


def test_a_refusal_has_a_reason_and_leaves_room_for_another_proposal(
    mailoutbox, django_capture_on_commit_callbacks
):
    bench = evaluated()
    proposal = proposed(bench)
    with clock.at(AFTER):
        with pytest.raises(RuleBroken) as error:
            refuse_award(actor=bench.approver, proposal_id=proposal.pk, remark=" ")
        assert [field for field, _ in error.value.errors] == ["remark"]
        with run_inline(), django_capture_on_commit_callbacks(execute=True):
            refuse_award(actor=bench.approver, proposal_id=proposal.pk, remark="Too dear.")
    assert [mail.to for mail in mailoutbox] == [[User.objects.get(pk=bench.officer.user_id).email]]
    assert "Why: Too dear." in mailoutbox[0].body
    assert Contract.objects.count() == 0
    again = proposed(bench, value=Decimal("160000"))
    assert awarded_of(bench, again).value == 160_000


def test_a_proposal_is_withdrawn_once():
    bench = evaluated()
    proposal = proposed(bench)
    with clock.at(AFTER):
        with pytest.raises(NotAllowed):
            withdraw_proposal(actor=bench.approver, proposal_id=proposal.pk)
        assert withdraw_proposal(actor=bench.officer, proposal_id=proposal.pk).status == "withdrawn"
        for decide in (withdraw_proposal, approve_award):
            actor = bench.approver if decide is approve_award else bench.officer
            with pytest.raises(Conflict, match="withdrawn already"):
                decide(actor=actor, proposal_id=proposal.pk)
    assert Contract.objects.count() == 0


def test_not_before_the_ranking():
    bench = published(questions=(), quantitative=Decimal(100))
    offered(bench, 0, {"PLB1": "10"})
    with pytest.raises(RuleBroken, match="Rank"):
        award(bench, 1)
    opened(bench)
    with pytest.raises(RuleBroken, match="Rank"):
        award(bench, opened_bids(bench.tender.pk)[0].id)


def test_a_bid_of_another_tender_is_not_there():
    bench, other = evaluated(), evaluated()
    with pytest.raises(NotVisible):
        award(bench, opened_bids(other.tender.pk)[0].id)
    assert Contract.objects.count() == 0


def test_who_proposes():
    bench = evaluated()
    bid_id = opened_bids(bench.tender.pk)[0].id
    for actor in (bench.evaluator, bench.manager, bench.approver):
        with pytest.raises(NotAllowed):
            award(bench, bid_id, actor=actor)
    stranger = actor_for_role(Role.PROCUREMENT_OFFICER, organisation("coventry"))
    for actor in (stranger, bench.bidders[0]):
        with pytest.raises(NotVisible):
            award(bench, bid_id, actor=actor)
    assert Contract.objects.count() == 0
