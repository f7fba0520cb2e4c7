"""One person proposes, another approves; the award makes the contract and fixes what was promised."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from procurement.action_plans.models import ActionPlan
from procurement.awards.models import Award, AwardProposal, Commitment, Contract
from procurement.awards.queries import commitments_of, proposals_awaiting, waiting_proposer
from procurement.awards.services import (
    approve_award,
    end_contract,
    refuse_award,
    withdraw_proposal,
)
from procurement.bids.queries import opened_bids
from procurement.evaluations.services import reopen_marking, rule_out
from procurement.procurements.queries import decisions_of, procurement_brief, procurement_for
from procurement.tenders.queries import tender_for
from socialvalue.accounts.models import User
from socialvalue.accounts.queries import organisation
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.queries import history_of
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from socialvalue.core.jobs import run_inline
from tests.factories.accounts import MembershipFactory, actor_for_role, actor_of, user_with_role
from tests.factories.awards import ENDS, STARTS, awarded, evaluated, proposed, winner_of
from tests.factories.evaluations import (
    AFTER,
    Ask,
    offered,
    opened,
    published,
    ranked,
    reference_data,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _reference(db):
    reference_data()


def award(bench, bid_id, *, actor=None, **more):
    return proposed(
        bench, actor=actor, bid_id=bid_id, reason=more.pop("reason", "The best."), **more
    )


def test_an_award_makes_the_contract():
    bench = evaluated()
    contract = awarded(bench, signed=False)
    assert contract.reference == f"{bench.procurement.reference}-C"
    assert contract.supplier_id == bench.bidders[0].organisation_id
    assert (contract.value, contract.starts_on, contract.ends_on) == (170000, STARTS, ENDS)
    assert contract.award.reason == "The best on price, quality and social value."
    assert procurement_brief(bench.procurement.pk).status == "awarded"
    assert tender_for(bench.officer, bench.tender.pk).status == "awarded"
    assert len(history_of(target_type="contract", target_id=contract.pk)) == 1
    assert (contract.status, contract.signed_on) == ("awarded", None)
    assert contract.award.decided_by_id == bench.officer.user_id
    assert contract.award.approved_by_id == bench.approver.user_id


def test_commitments_keep_what_was_offered():
    """£10,000 of local spend, and 100 hours of volunteering at the unit value published."""
    bench = evaluated()
    contract = awarded(bench)
    spend, hours = commitments_of(contract.pk)[::-1], commitments_of(contract.pk)
    by_code = {row.measure.code: row for row in [*spend, *hours]}
    requirement = bench.requirements["HSC1"]
    assert (by_code["PLB1"].quantity, by_code["PLB1"].value_pence) == (10_000, 1_000_000)
    assert by_code["PLB1"].unit_value == 1
    assert by_code["HSC1"].unit_value == requirement.unit_value.amount
    assert by_code["HSC1"].unit_value_source == requirement.unit_value.cited
    assert by_code["HSC1"].edition_id == requirement.measure.edition_id
    assert by_code["HSC1"].value_pence == by_code["HSC1"].working.value_pence
    assert by_code["HSC1"].method_statement == "How we deliver HSC1."


def test_the_commitments_are_worth_what_was_evaluated():
    bench = evaluated()
    bid = {bid.id: bid for bid in opened_bids(bench.tender.pk)}[winner_of(bench)]
    contract = awarded(bench)
    assert sum(row.value_pence for row in commitments_of(contract.pk)) == bid.social_value_pence


def test_localised_record_only_rate_and_negotiated_measures():
    bench = published(
        asks=[Ask("GSE1"), Ask("GSE1a"), Ask("GSE1b"), Ask("INN1")],
        questions=(),
        quantitative=Decimal(100),
        authority="birmingham",
    )
    offered(
        bench,
        0,
        {"GSE1": "2", "GSE1a": "3", "GSE1b": "55", "INN1": "2500"},
        proxies={"INN1": "0.8"},
    )
    opened(bench)
    ranked(bench)
    contract = awarded(bench)
    rows = {row.measure.code: row for row in commitments_of(contract.pk)}
    assert rows["GSE1"].place == "birmingham"
    assert rows["GSE1"].value_pence == 2 * int(rows["GSE1"].unit_value * 100)
    assert (rows["GSE1a"].unit_value, rows["GSE1a"].value_pence) == (None, 0)
    assert (rows["GSE1b"].quantity, rows["GSE1b"].unit_value) == (55, None)
    assert (rows["INN1"].unit_value, rows["INN1"].value_pence) == (Decimal("0.8"), 200_000)


def test_a_line_of_nought_is_no_commitment():
    bench = published(asks=[Ask("PLB1"), Ask("HSC1")], questions=(), quantitative=Decimal(100))
    offered(bench, 0, {"PLB1": "10", "HSC1": "0"})
    opened(bench)
    ranked(bench)
    contract = awarded(bench)
    assert [row.measure.code for row in commitments_of(contract.pk)] == ["PLB1"]


def test_the_route_is_decided_again_on_the_award_value():
    """An estimate of £150,000 is advised; an award of £230,000 crosses the statutory threshold."""
    bench = evaluated(estimate=Decimal("150000"))
    awarded(bench, value=Decimal("230000"))
    newest = decisions_of(bench.officer, bench.procurement.pk)[0]
    assert (newest.stage, newest.route, newest.crossed_line) == ("award", "toms_mandatory", True)
    assert procurement_for(bench.officer, bench.procurement.pk).award_value == 230_000


def test_an_award_on_the_same_side_crosses_nothing():
    bench = evaluated(estimate=Decimal("150000"))
    awarded(bench)
    newest = decisions_of(bench.officer, bench.procurement.pk)[0]
    assert (newest.stage, newest.route, newest.crossed_line) == ("award", "toms_advised", False)


def test_a_lower_ranked_bid_may_win_with_a_reason():
    bench = evaluated()
    second = next(
        bid
        for bid in opened_bids(bench.tender.pk)
        if bid.supplier_id == bench.bidders[1].organisation_id
    )
    assert awarded(bench, bid_id=second.id).supplier_id == second.supplier_id


def test_awarding_twice():
    bench = evaluated()
    awarded(bench)
    with pytest.raises(Conflict):
        awarded(bench)
    assert (Award.objects.count(), Contract.objects.count()) == (1, 1)


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


@pytest.mark.parametrize(
    "wrong",
    [{"reason": " "}, {"value": Decimal(0)}, {"ends_on": STARTS - timedelta(days=1)}],
)
def test_faulty_terms_award_nothing(wrong):
    bench = evaluated()
    with pytest.raises(RuleBroken):
        award(bench, opened_bids(bench.tender.pk)[0].id, **wrong)
    assert Contract.objects.count() == 0
    assert procurement_brief(bench.procurement.pk).status == "evaluating"


def test_a_commitment_never_changes():
    contract = awarded(evaluated())
    with pytest.raises(IntegrityError), transaction.atomic():
        Commitment.objects.filter(contract=contract).update(value_pence=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Award.objects.update(reason="Another.")


def test_the_plan_is_started_by_a_job_after_the_commit(
    django_capture_on_commit_callbacks, settings
):
    from celery import current_app

    current_app.conf.task_always_eager = True
    try:
        bench = evaluated()
        with django_capture_on_commit_callbacks(execute=False) as waiting:
            contract = awarded(bench, signed=False)
            assert not ActionPlan.objects.filter(contract=contract).exists()
        for callback in waiting:
            callback()
    finally:
        current_app.conf.task_always_eager = settings.CELERY_TASK_ALWAYS_EAGER
    assert ActionPlan.objects.filter(contract=contract).exists()


def test_a_contract_is_closed_after_its_end():
    bench = evaluated()
    contract = awarded(bench, ends_on=date(2026, 12, 31))
    with clock.at(AFTER), pytest.raises(RuleBroken, match="31 December 2026"):
        end_contract(actor=bench.manager, contract_id=contract.pk)
    later = AFTER.replace(year=2027)
    with clock.at(later):
        with pytest.raises(NotAllowed):
            end_contract(actor=bench.officer, contract_id=contract.pk)
        with pytest.raises(NotVisible):
            end_contract(
                actor=actor_for_role(Role.CONTRACT_MANAGER, organisation("coventry")),
                contract_id=contract.pk,
            )
        assert end_contract(actor=bench.manager, contract_id=contract.pk).status == "ended"
        with pytest.raises(Conflict):
            end_contract(actor=bench.manager, contract_id=contract.pk)
    assert procurement_brief(bench.procurement.pk).status == "complete"
