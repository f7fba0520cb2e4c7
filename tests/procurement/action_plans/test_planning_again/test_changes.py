"""After a change of the contract the plan is made again from its quarter on, and the past does not move."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from procurement.action_plans.models import ActionPlan
from procurement.action_plans.queries import commitment_to_plan, milestones_of, plan_of
from procurement.action_plans.services import change_milestones
from procurement.awards.models import Contract
from procurement.awards.queries import changes_of, commitments_of, contract_page
from procurement.ledger.models import LedgerEntry
from socialvalue.accounts.models import User
from socialvalue.audit.queries import history_of
from socialvalue.core import clock
from socialvalue.core.counts import SESSION_KEY
from socialvalue.core.errors import RuleBroken
from tests.factories.ledger import measure
from tests.procurement.action_plans.test_planning_again.steps import (
    NOW,
    QUARTERS,
    STARTS,
    THIS,
    D,
    changed,
    check,
    entries_before,
    one,
    plan,
    posted,
)
from toms.frameworks.vocabulary import MeasureKind

pytestmark = pytest.mark.django_db


def test_a_quantity_is_planned_again_from_its_quarter_on(bench, contract):
    before = one(contract)
    past = {q: n for q, n in plan(contract, before).items() if q < THIS}
    entries = entries_before(before, THIS)
    changed(bench, contract, quantity=D("6000"))
    after = one(contract)
    assert (after.quantity, after.value_pence) == (6000, 600_000)
    assert (after.awarded_quantity, after.awarded_value_pence) == (10_000, 1_000_000)
    assert (after.is_changed, after.is_added, after.is_given_up) == (True, False, False)
    quarters = plan(contract, after)
    # 3,333.332 lie behind; 2,666.668 are left for four quarters.
    assert past == {QUARTERS[0]: D("1666.666"), QUARTERS[1]: D("1666.666")}
    assert {q: n for q, n in quarters.items() if q < THIS} == past
    assert [quarters[q] for q in QUARTERS[2:]] == [D("666.667")] * 4
    assert entries_before(after, THIS) == entries
    reasons = LedgerEntry.objects.filter(corrects__isnull=False).values_list("reason", flat=True)
    assert set(reasons) == {"The contract changed: Fewer sites."}
    check(contract)


def test_both_agreements_are_gone_and_the_version_is_kept(bench, contract):
    changed(bench, contract, quantity=D("6000"))
    found = ActionPlan.objects.get(contract=contract)
    assert (found.status, found.version) == ("draft", 2)
    assert (found.authority_agreed_at, found.supplier_agreed_at) == (None, None)
    view = plan_of(bench.manager, contract.pk)
    assert view.revisions[0].reason == "The contract changed: Fewer sites."
    assert [line.label for line in view.revisions[0].lines] == [one(contract).measure.label]
    assert [row.sentence for row in view.changes] == [
        f"{one(contract).measure.label}: from £10,000 to £6,000."
    ]
    sentences = [row.sentence for row in history_of(target_type="contract", target_id=contract.pk)]
    assert sentences[0].startswith("Changed the contract, as both parties agreed. PLB1")


def test_other_commitments_do_not_move(bench, contract):
    other = one(contract, "HSC1")
    before, entries = plan(contract, other), posted(other)
    changed(bench, contract, quantity=D("6000"))
    assert (plan(contract, other), posted(other)) == (before, entries)


def test_given_up_is_what_the_past_holds_and_no_less(bench, contract):
    with pytest.raises(RuleBroken, match=r"hold 3,333\.332 already"):
        changed(bench, contract, quantity=D("0"))
    assert one(contract).quantity == 10_000
    changed(bench, contract, quantity=D("3333.332"))
    assert [plan(contract, one(contract))[q] for q in QUARTERS[2:]] == [0, 0, 0, 0]
    check(contract)


def test_given_up_whole_before_anything_was_due(bench, contract):
    early = datetime(2026, 7, 20, 9, tzinfo=UTC)
    changed(bench, contract, quantity=D(0), from_quarter=STARTS, at=early)
    found = one(contract)
    assert (found.is_given_up, found.value_pence, posted(found)) == (True, 0, {})
    check(contract)


def test_an_extension_adds_quarters_and_spreads_what_is_left(bench, contract):
    changed(bench, contract, kind="extension", ends_on=date(2028, 6, 15), reason="Extended.")
    found = one(contract)
    quarters = plan(contract, found)
    assert list(quarters) == [*QUARTERS, date(2028, 1, 1), date(2028, 4, 1)]
    assert quarters[THIS] == D("1111.111")
    rows = [row for row in milestones_of([contract.pk]) if row.commitment_id == found.id]
    assert rows[-1].due_on == date(2028, 6, 15)
    assert rows[-1].owner == rows[0].owner
    assert Contract.objects.get(pk=contract.pk).ends_on == date(2028, 6, 15)
    check(contract)


def test_a_shortened_end_moves_nothing_that_lies_before(bench, contract):
    found = one(contract)
    entries = entries_before(found, THIS)
    changed(bench, contract, kind="extension", ends_on=date(2027, 5, 20), reason="Ends early.")
    quarters = plan(contract, found)
    assert list(quarters) == QUARTERS[:4]
    assert quarters[QUARTERS[2]] == quarters[QUARTERS[3]] == D("3333.334")
    assert entries_before(found, THIS) == entries
    check(contract)


def test_an_added_commitment_is_valued_as_the_award_would_have(bench, contract):
    added = measure("GSE1", unit="£", kind=MeasureKind.POUND_FOR_POUND)
    changed(bench, contract, kind="added", measure_id=added.pk, quantity=D(4), reason="Two more.")
    found = one(contract, "GSE1")
    assert (found.is_added, found.offer_line_id, found.awarded_quantity) == (True, None, 0)
    assert (found.unit_value, found.value_pence) == (1, 400)
    quarters = plan(contract, found)
    assert [quarters[q] for q in QUARTERS] == [0, 0, 1, 1, 1, 1]
    assert (
        changes_of(contract.pk)[-1].sentence.endswith("added with 4 people.") or found.measure.unit
    )
    assert contract_page(bench.manager, contract.pk).committed == sum(
        (row.value or 0) for row in commitments_of(contract.pk)
    )
    check(contract)
    with pytest.raises(RuleBroken, match="promised already"):
        changed(bench, contract, kind="added", measure_id=added.pk, quantity=D(1))


def test_settled_quarters_stay_when_the_plan_is_changed_by_hand(bench, contract):
    changed(bench, contract, quantity=D("6000"))
    edit = commitment_to_plan(bench.manager, contract.pk, one(contract).id)
    assert edit.open_quarters == QUARTERS[2:]
    assert edit.plan.open_quantity == D("2666.668")
    now = plan(contract, one(contract))
    wrong = now | {QUARTERS[0]: now[QUARTERS[0]] - 1, THIS: now[THIS] + 1}
    facts = {
        "actor": bench.manager,
        "contract_id": contract.pk,
        "commitment_id": one(contract).id,
        "expected_version": 2,
        "owner": "Supplier",
        "evidence": "",
    }
    with clock.at(NOW):
        with pytest.raises(RuleBroken, match="is settled and stays"):
            change_milestones(quantities=wrong, **facts)
        right = now | {THIS: now[THIS] - 100, QUARTERS[5]: now[QUARTERS[5]] + 100}
        change_milestones(quantities=right, **facts)
    check(contract)


def test_a_quantity_of_money_has_no_pounds_sign_where_only_counts_are_shown(
    bench, contract, client
):
    changed(bench, contract, quantity=D("6000"))
    client.force_login(User.objects.get(pk=bench.bidders[0].user_id))
    session = client.session
    session[SESSION_KEY] = True
    session.save()
    page = client.get(reverse("procurement:action_plans:plan", args=[contract.pk]))
    assert "from 10,000 pounds to 6,000 pounds" in page.content.decode()
    assert "£" not in page.content.decode()
