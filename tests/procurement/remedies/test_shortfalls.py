"""From a commitment that is behind to a plan, a remedy or an end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from procurement.awards.models import ContractChange
from procurement.awards.queries import commitment_info, contract_brief
from procurement.remedies import queries, services
from procurement.remedies.models import (
    RectificationPlan,
    RectificationStep,
    RemedyDecision,
    RemedyTerms,
    Shortfall,
)
from procurement.remedies.rules import Terms
from socialvalue.audit.models import AuditRecord
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from tests.factories.deliveries import claim
from tests.factories.remedies import ALL, a_plan, a_step, raised, short, with_terms

pytestmark = [pytest.mark.services, pytest.mark.django_db]


def proposed(w, row, kind="service_credit", **more):
    row.refresh_from_db()
    return services.propose_remedy(
        actor=w.manager,
        shortfall_id=row.pk,
        expected_version=row.version,
        kind=kind,
        reason="Nothing moved for two quarters.",
        **more,
    )


# --- terms ---


def test_every_remedy_is_off_unless_the_contract_provides_it(w):
    row = raised(w)
    for kind in ("substitution", "service_credit", "community_fund", "termination"):
        with pytest.raises(RuleBroken, match="does not provide this remedy"):
            proposed(w, row, kind, instead_id=w.weeks.pk, quantity=Decimal(10))
    assert RemedyDecision.objects.count() == 0


def test_terms_are_set_by_the_contract_manager_and_kept_in_the_history(w):
    with_terms(w)
    services.set_terms(
        actor=w.colleague,
        contract_id=w.contract.pk,
        expected_version=1,
        terms=Terms(termination=True, clause="Clause 9"),
    )
    row = RemedyTerms.objects.get()
    assert (row.substitution, row.termination, row.service_credit_percent) == (False, True, None)
    kept = AuditRecord.objects.filter(deed="remedy_terms_set").order_by("id")
    assert [one.before["substitution"] for one in kept] == [False, True]


@pytest.mark.parametrize("who", ["officer", "approver", "claimant"])
def test_nobody_else_sets_terms(w, who):
    with pytest.raises(NotAllowed):
        services.set_terms(
            actor=getattr(w, who), contract_id=w.contract.pk, expected_version=0, terms=ALL
        )


def test_terms_set_twice_from_the_same_page_is_a_conflict(w):
    with_terms(w)
    with pytest.raises(Conflict):
        with_terms(w)


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        (Terms(service_credit=True, clause="x"), "service_credit_percent"),
        (Terms(community_fund=True, clause="x"), "fund_name"),
        (Terms(termination=True), "clause"),
    ],
)
def test_terms_need_their_figures(w, terms, field):
    with pytest.raises(RuleBroken) as caught:
        with_terms(w, terms)
    assert caught.value.errors[0][0] == field


# --- raising ---


def test_a_shortfall_holds_what_was_planned_verified_and_missing_at_the_frozen_value(w):
    row = raised(w)
    assert (row.planned, row.verified, row.gap, row.gap_pence) == (25, 5, 20, 25_000)
    assert row.as_at == date(2025, 11, 15)
    shown = queries.shortfall_page(w.claimant, row.pk).row
    assert [line.text for line in shown.lines][:3] == [
        "Planned by 15 November 2025: 25 hours",
        "Less what is verified: 5 hours",
        "Missing: 20 hours",
    ]
    assert "20 × £12.50 = £250" in "".join(line.text for line in shown.lines)


def test_pressing_twice_raises_once(w):
    raised(w)
    with pytest.raises(Conflict, match="open already"):
        raised(w)
    assert Shortfall.objects.count() == 1


def test_what_is_on_track_is_not_raised():
    w = short(verified=23)
    with pytest.raises(RuleBroken, match="on track: 23 hours of 25 hours"):
        raised(w)


def test_just_below_the_line_is_raised():
    w = short(verified=22)
    assert raised(w).gap == 3


def test_a_stale_figure_is_a_conflict_that_says_both(w):
    with pytest.raises(Conflict) as caught:
        services.raise_shortfall(
            actor=w.manager,
            contract_id=w.contract.pk,
            commitment_id=w.hours.pk,
            seen_missing=Decimal(25),
        )
    assert caught.value.changed == {"Missing": ("20 hours", "25 hours")}


def test_a_foreign_commitment_or_contract_is_not_there(w):
    other = short()
    with pytest.raises(NotVisible):
        services.raise_shortfall(
            actor=w.manager, contract_id=w.contract.pk, commitment_id=other.hours.pk
        )
    with pytest.raises(NotVisible):
        services.raise_shortfall(
            actor=w.manager, contract_id=other.contract.pk, commitment_id=other.hours.pk
        )
    row = raised(other)
    for actor in (w.manager, w.claimant, w.approver):
        with pytest.raises(NotVisible):
            queries.shortfall_page(actor, row.pk)
        with pytest.raises(NotVisible):
            services.say(actor=actor, shortfall_id=row.pk, text="Hello")


# --- conversation and plan ---


def test_both_parties_write_and_nobody_after_the_end(w):
    row = raised(w)
    services.say(actor=w.manager, shortfall_id=row.pk, text="What happened?")
    services.say(actor=w.claimant, shortfall_id=row.pk, text="The hall was closed.")
    said = queries.shortfall_page(w.manager, row.pk).messages
    assert [one.organisation for one in said] == [w.authority.name, w.supplier.name]
    services.close_shortfall(
        actor=w.manager, shortfall_id=row.pk, expected_version=1, outcome="Caught up."
    )
    with pytest.raises(Conflict, match="Caught up"):
        services.say(actor=w.claimant, shortfall_id=row.pk, text="Thank you")


def test_the_supplier_proposes_the_authority_agrees_and_steps_are_ticked_once(w):
    row = raised(w)
    with pytest.raises(NotAllowed):
        services.propose_plan(
            actor=w.manager, shortfall_id=row.pk, expected_version=1, cause="x",
            recover_by=date(2026, 3, 31), steps=[a_step()],
        )  # fmt: skip
    with pytest.raises(RuleBroken, match="has not proposed"):
        services.agree_plan(actor=w.manager, shortfall_id=row.pk, expected_version=1)
    a_plan(w, row)
    with pytest.raises(NotAllowed):
        services.agree_plan(actor=w.claimant, shortfall_id=row.pk, expected_version=2)
    with pytest.raises(RuleBroken, match="not agreed yet"):
        services.mark_step(actor=w.claimant, shortfall_id=row.pk, number=1)
    with pytest.raises(Conflict):  # a stale tab
        services.agree_plan(actor=w.manager, shortfall_id=row.pk, expected_version=1)
    services.agree_plan(actor=w.manager, shortfall_id=row.pk, expected_version=2)
    row.refresh_from_db()
    assert row.status == "rectifying"
    services.mark_step(actor=w.claimant, shortfall_id=row.pk, number=1)
    with pytest.raises(Conflict, match="15 November 2025"):
        services.mark_step(actor=w.manager, shortfall_id=row.pk, number=1)
    with pytest.raises(NotVisible):
        services.mark_step(actor=w.manager, shortfall_id=row.pk, number=2)
    with pytest.raises(Conflict, match="agreed already"):
        services.agree_plan(actor=w.manager, shortfall_id=row.pk, expected_version=row.version)


def test_another_plan_takes_the_agreement_away_and_keeps_what_is_done(w):
    row = raised(w)
    a_plan(w, row)
    services.agree_plan(actor=w.manager, shortfall_id=row.pk, expected_version=2)
    services.mark_step(actor=w.claimant, shortfall_id=row.pk, number=1)
    facts = {
        "actor": w.claimant, "shortfall_id": row.pk, "cause": "Staff left too.",
        "recover_by": date(2026, 6, 30), "steps": [a_step(date(2026, 2, 1))],
    }  # fmt: skip
    with pytest.raises(Conflict):  # a stale tab
        services.propose_plan(**facts, expected_version=2)
    services.propose_plan(**facts, expected_version=3)
    page = queries.shortfall_page(w.manager, row.pk)
    assert (page.row.status, page.plan.agreed_at, page.may_agree_plan) == ("open", None, True)
    assert [(step.number, step.status) for step in page.plan.steps] == [(1, "done"), (2, "not_due")]
    assert "instead of the plan that was agreed, by 31 March 2026" in page.history[0][0]
    services.agree_plan(actor=w.manager, shortfall_id=row.pk, expected_version=4)
    assert queries.shortfall_page(w.claimant, row.pk).row.status == "rectifying"


def test_a_second_proposal_takes_the_place_of_the_first_and_both_are_on_record(w):
    row = raised(w)
    a_plan(w, row)
    row.refresh_from_db()
    services.propose_plan(
        actor=w.claimant, shortfall_id=row.pk, expected_version=row.version, cause="Staff left.",
        recover_by=date(2026, 6, 30), steps=[a_step(), a_step(date(2026, 2, 1))],
    )  # fmt: skip
    assert RectificationPlan.objects.get().cause == "Staff left."
    assert RectificationStep.objects.count() == 2
    kept = AuditRecord.objects.filter(deed="rectification_proposed").order_by("id")
    assert [one.before.get("cause") for one in kept] == [None, "The hall was closed."]


@pytest.mark.parametrize(
    ("recover_by", "steps", "says"),
    [
        (date(2025, 11, 14), [a_step()], "today or later"),
        (date(2026, 3, 31), [], "at least one step"),
        (date(2025, 12, 30), [a_step()], "after the day you catch up by"),
        (date(2026, 3, 31), [a_step(date(2025, 11, 14))], "14 November 2025, which is over"),
        (date(2027, 4, 1), [a_step()], "The contract ends on 31 March 2027"),
    ],
)
def test_a_plan_that_cannot_be(w, recover_by, steps, says):
    row = raised(w)
    with pytest.raises(RuleBroken, match=says):
        services.propose_plan(
            actor=w.claimant, shortfall_id=row.pk, expected_version=1, cause="x",
            recover_by=recover_by, steps=steps,
        )  # fmt: skip


# --- remedies ---


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


def test_what_a_remedy_answered_is_not_raised_again_but_what_is_more_is(w):
    with_terms(w)
    row = raised(w)
    services.approve_remedy(actor=w.approver, decision_id=proposed(w, row).pk)
    with pytest.raises(RuleBroken, match="answered by an earlier remedy"):
        raised(w)


def test_more_of_one_measure_does_not_make_up_for_another(w):
    """Over-delivery of the weeks leaves the shortfall of the hours as it is."""
    claim(w.claimant, w.weeks, quantity=Decimal(50))
    assert raised(w).gap == 20
