"""A remedy is proposed, approved by another person, and ends what it answered."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from procurement.awards.models import ContractChange
from procurement.awards.queries import commitment_info, contract_brief
from procurement.remedies import queries, services
from procurement.remedies.models import Shortfall
from procurement.remedies.rules import Terms
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from tests.factories.remedies import ALL, raised, short, with_terms
from tests.procurement.remedies.test_shortfalls.steps import proposed

pytestmark = [pytest.mark.services, pytest.mark.django_db]


def test_a_service_credit_is_a_percentage_with_its_sum_kept(w):
    with_terms(w)
    decision = proposed(w, raised(w))
    assert decision.amount_pence == 2_500
    assert ["Service credit in the contract", "10% of it"] in decision.working
    services.approve_remedy(actor=w.approver, decision_id=decision.pk)
    row = Shortfall.objects.get()
    assert (row.status, row.outcome) == ("remedied", "A service credit of £25.")


def test_the_cap_is_over_the_life_of_the_contract(w):
    """£290,000: a cap of 0.1% leaves room for all of £250, one of 0.08% cuts it at £232."""
    whole = replace(ALL, service_credit_percent=Decimal(100))
    with_terms(w, replace(whole, service_credit_cap_percent=Decimal("0.1")))
    assert proposed(w, raised(w)).amount_pence == 25_000
    w2 = short()
    with_terms(w2, replace(whole, service_credit_cap_percent=Decimal("0.08")))
    assert proposed(w2, raised(w2)).amount_pence == 23_200


def test_a_payment_to_the_fund_is_the_whole_value(w):
    with_terms(w)
    decision = proposed(w, raised(w), "community_fund")
    assert decision.amount_pence == 25_000
    assert ["Due to The neighbourhood fund", "£250"] in decision.working


def test_a_substitution_of_at_least_equal_value_raises_another_commitment(w):
    with_terms(w)
    row = raised(w)
    with pytest.raises(
        RuleBroken, match=r"6 weeks more adds £240; .* worth £250. Enter 6.25 or more"
    ):
        proposed(w, row, "substitution", instead_id=w.weeks.pk, quantity=Decimal(6))
    decision = proposed(w, row, "substitution", instead_id=w.weeks.pk, quantity=Decimal("6.25"))
    services.approve_remedy(actor=w.approver, decision_id=decision.pk)
    decision.refresh_from_db()
    change = ContractChange.objects.get()
    assert decision.change_id == change.pk
    assert (change.quantity_before, change.quantity_after) == (16, Decimal("22.25"))
    assert (change.asked_by_id, change.agreed_by_id) == (w.manager.user_id, w.approver.user_id)
    assert commitment_info(w.weeks.pk).quantity == Decimal("22.25")
    assert commitment_info(w.hours.pk).quantity == 100  # what was promised stays promised


@pytest.mark.parametrize(
    ("name", "says"),
    [("hours", "more of the same"), ("counted", "counted and not valued")],
)
def test_what_cannot_take_the_place(w, name, says):
    with_terms(w)
    with pytest.raises(RuleBroken, match=says):
        proposed(w, raised(w), "substitution", instead_id=getattr(w, name).pk, quantity=Decimal(9))


def test_a_foreign_commitment_cannot_take_the_place(w):
    with_terms(w)
    with pytest.raises(NotVisible):
        proposed(w, raised(w), "substitution", instead_id=short().weeks.pk, quantity=Decimal(9))


def test_what_is_only_counted_has_no_price(w):
    with_terms(w)
    row = raised(w, w.counted)
    assert (row.gap, row.gap_pence) == (2, 0)
    with pytest.raises(RuleBroken, match="counted and not valued"):
        proposed(w, row)
    assert proposed(w, row, "termination").amount_pence is None


def test_a_remedy_is_decided_by_another_person_who_approves(w):
    with_terms(w)
    decision = proposed(w, raised(w))
    for actor in (w.manager, w.colleague, w.officer, w.claimant):
        with pytest.raises(NotAllowed):
            services.approve_remedy(actor=actor, decision_id=decision.pk)
    both = replace(w.manager, roles=w.manager.roles | w.approver.roles)
    with pytest.raises(NotAllowed, match="another person"):
        services.approve_remedy(actor=both, decision_id=decision.pk)
    with pytest.raises(RuleBroken, match="why you refuse"):
        services.refuse_remedy(actor=w.approver, decision_id=decision.pk, remark=" ")
    services.refuse_remedy(actor=w.approver, decision_id=decision.pk, remark="Talk first.")
    with pytest.raises(Conflict, match="refused already"):
        services.approve_remedy(actor=w.approver, decision_id=decision.pk)
    assert Shortfall.objects.get().status == "open"


def test_one_remedy_waits_at_a_time_and_can_be_withdrawn(w):
    with_terms(w)
    row = raised(w)
    first = proposed(w, row)
    with pytest.raises(Conflict, match="waits for a decision"):
        proposed(w, row, "termination")
    row.refresh_from_db()
    with pytest.raises(RuleBroken, match="waits for a decision"):
        services.close_shortfall(
            actor=w.manager, shortfall_id=row.pk, expected_version=row.version, outcome="Fine."
        )
    services.withdraw_remedy(actor=w.colleague, decision_id=first.pk)
    with pytest.raises(Conflict, match="withdrawn already"):
        services.withdraw_remedy(actor=w.manager, decision_id=first.pk)
    assert proposed(w, row, "termination").status == "proposed"


def test_a_remedy_the_terms_no_longer_provide_is_not_approved(w):
    with_terms(w)
    decision = proposed(w, raised(w))
    services.set_terms(
        actor=w.manager, contract_id=w.contract.pk, expected_version=1, terms=Terms()
    )
    with pytest.raises(RuleBroken, match="does not provide"):
        services.approve_remedy(actor=w.approver, decision_id=decision.pk)


def test_the_supplier_does_not_see_a_remedy_before_it_is_approved(w):
    with_terms(w)
    row = raised(w)
    decision = proposed(w, row)
    assert queries.shortfall_page(w.claimant, row.pk).decisions == ()
    with pytest.raises(NotVisible):
        queries.decision_for(w.claimant, decision.pk)
    services.approve_remedy(actor=w.approver, decision_id=decision.pk)
    assert len(queries.shortfall_page(w.claimant, row.pk).decisions) == 1


def test_an_approved_termination_closes_the_contract_before_its_end(w):
    with_terms(w)
    row = raised(w)
    with pytest.raises(RuleBroken, match="No termination is approved"):
        services.end_by_remedy(actor=w.manager, shortfall_id=row.pk)
    decision = proposed(w, row, "termination")
    services.approve_remedy(actor=w.approver, decision_id=decision.pk)
    assert queries.shortfall_page(w.manager, row.pk).may_end_contract
    services.end_by_remedy(actor=w.manager, shortfall_id=row.pk)
    assert contract_brief(w.contract.pk).has_ended
    with pytest.raises(Conflict):
        services.end_by_remedy(actor=w.manager, shortfall_id=row.pk)
