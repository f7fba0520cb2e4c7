"""The award makes the contract, with the commitments as they were offered."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from procurement.action_plans.models import ActionPlan
from procurement.awards.models import Award, Commitment, Contract
from procurement.awards.queries import commitments_of
from procurement.awards.services import end_contract
from procurement.bids.queries import opened_bids
from procurement.procurements.queries import decisions_of, procurement_brief, procurement_for
from procurement.tenders.queries import tender_for
from socialvalue.accounts.queries import organisation
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.queries import history_of
from socialvalue.core import clock
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import actor_for_role
from tests.factories.awards import ENDS, STARTS, awarded, evaluated, winner_of
from tests.factories.evaluations import AFTER, Ask, offered, opened, published, ranked
from tests.procurement.awards.test_services.steps import award

pytestmark = pytest.mark.django_db


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


@pytest.mark.owner
def test_a_commitment_never_changes():
    contract = awarded(evaluated())
    with pytest.raises(IntegrityError), transaction.atomic():
        Commitment.objects.filter(contract=contract).update(value_pence=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Award.objects.update(reason="Another.")


def test_the_plan_is_started_by_a_job_after_the_commit(
    django_capture_on_commit_callbacks, jobs_at_once
):
    bench = evaluated()
    with django_capture_on_commit_callbacks(execute=False) as waiting:
        contract = awarded(bench, signed=False)
        assert not ActionPlan.objects.filter(contract=contract).exists()
    for callback in waiting:
        callback()
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
