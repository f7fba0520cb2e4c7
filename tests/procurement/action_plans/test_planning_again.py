"""After a change of the contract: the past never moves, the plan adds up to the penny, the ledger says the plan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from procurement.action_plans.models import ActionPlan, Milestone
from procurement.action_plans.queries import commitment_to_plan, milestones_of, plan_of
from procurement.action_plans.services import change_milestones, plan_again
from procurement.awards.models import Contract, ContractChange
from procurement.awards.queries import (
    changes_of,
    commitments_of,
    contract_brief,
    contract_page,
    contracts_for,
)
from procurement.awards.services import apply_change
from procurement.ledger.models import LedgerEntry
from procurement.ledger.queries import commitment_sums, standing_entries
from procurement.ledger.vocabulary import Basis
from socialvalue.accounts.models import Organisation, User
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.queries import history_of
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM, Actor
from socialvalue.core.counts import SESSION_KEY
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from tests.factories.accounts import AuthorityFactory, SupplierFactory, actor_for_role
from tests.factories.action_plans import agreed, planned
from tests.factories.ledger import Promise, contract_with, measure
from toms.frameworks.queries import current_edition, measures_of
from toms.frameworks.vocabulary import MeasureKind
from toms.imports.services import load_measure_set

pytestmark = pytest.mark.django_db
STARTS, ENDS = date(2026, 7, 1), date(2027, 12, 31)
QUARTERS = [
    date(2026, 7, 1), date(2026, 10, 1), date(2027, 1, 1), date(2027, 4, 1), date(2027, 7, 1), date(2027, 10, 1),
]  # fmt: skip
NOW = datetime(2027, 2, 10, 9, tzinfo=UTC)
THIS = QUARTERS[2]
D = Decimal


@dataclass(frozen=True)
class People:
    authority: Organisation
    manager: Actor
    officer: Actor
    approver: Actor
    bidders: list[Actor]
    """The supplier's administrator, and that of another supplier."""


@pytest.fixture
def bench(db):
    authority = AuthorityFactory()
    return People(
        authority,
        actor_for_role(Role.CONTRACT_MANAGER, authority),
        actor_for_role(Role.PROCUREMENT_OFFICER, authority),
        actor_for_role(Role.APPROVER, authority),
        [actor_for_role(Role.SUPPLIER_ADMIN, SupplierFactory()) for _ in range(2)],
    )


@pytest.fixture
def contract(bench):
    found, _ = contract_with(
        Promise(measure("PLB1", unit="£"), D(10_000), D(1)),
        Promise(measure("HSC1"), D(100), D("13.45")),
        authority=bench.authority,
        supplier=Organisation.objects.get(pk=bench.bidders[0].organisation_id),
        starts_on=STARTS,
        ends_on=ENDS,
    )
    planned(found)
    agreed(bench, found)
    return found


def one(contract, code="PLB1"):
    return next(row for row in commitments_of(contract.pk) if row.measure.code == code)


def changed(bench, contract, *, asker=None, agreer=None, at=NOW, **facts):
    facts = {"kind": "quantity", "reason": "Fewer sites.", "from_quarter": THIS} | facts
    if facts["kind"] == "quantity":
        facts.setdefault("commitment_id", one(contract).id)
    with clock.at(at), transaction.atomic():
        actor = agreer or bench.bidders[0]
        change = apply_change(
            actor=actor,
            contract_id=contract.pk,
            asked_by_id=(asker or bench.manager).user_id,
            **facts,
        )
        plan_again(actor=actor, contract_id=contract.pk, change=change)
        return change


def plan(contract, commitment):
    rows = Milestone.objects.filter(commitment_id=commitment.id).order_by("quarter")
    return {row.quarter: row.quantity for row in rows}


def posted(commitment):
    found = standing_entries(basis=Basis.COMMITTED, commitment_id=commitment.id)
    return {row.period: (row.quantity, row.value_pence) for row in found}


def entries_before(commitment, quarter):
    rows = LedgerEntry.objects.filter(commitment_id=commitment.id, period__lt=quarter)
    return list(rows.order_by("pk").values_list("pk", "quantity", "value_pence"))


def check(contract):
    """What holds after every deed, whatever it was."""
    brief = contract_brief(contract.pk)
    for commitment in commitments_of(contract.pk):
        quarters = plan(contract, commitment)
        ledger = posted(commitment)
        assert sum(quarters.values()) == commitment.quantity
        assert sum(pence for _, pence in ledger.values()) == commitment.value_pence
        assert {q: n for q, n in quarters.items() if n} == {
            q: n for q, (n, _) in ledger.items() if n
        }
        assert max(quarters) <= brief.ends_on
        sums = commitment_sums([commitment.id], basis=Basis.COMMITTED).values()
        assert sum(row.value_pence for row in sums) == commitment.value_pence
        assert sum(row.quantity for row in sums) == commitment.quantity
    shown = contracts_for(organisation_actor(contract)).get(pk=contract.pk)
    assert shown.committed_pence == sum(row.value_pence for row in commitments_of(contract.pk))


def organisation_actor(contract):
    return actor_for_role(Role.AUDITOR, contract.authority)


# --- by hand ------------------------------------------------------------------------------------


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


def test_who_changes_a_contract(bench, contract):
    supplier = bench.bidders[0]
    wrong = [
        bench.officer,
        bench.approver,
        actor_for_role(Role.SUPPLIER_CONTRIBUTOR, contract.supplier),
    ]
    for actor in wrong:
        with pytest.raises(NotAllowed):
            changed(bench, contract, quantity=D(6000), agreer=actor, asker=supplier)
    for actor in (
        bench.bidders[1],
        actor_for_role(Role.CONTRACT_MANAGER, AuthorityFactory()),
    ):
        with pytest.raises(NotVisible):
            changed(bench, contract, quantity=D(6000), agreer=actor)
    with pytest.raises(NotAllowed, match="the other party agrees"):
        changed(bench, contract, quantity=D(6000), asker=supplier)
    assert not ContractChange.objects.exists()
    change = changed(bench, contract, quantity=D(6000), asker=supplier, agreer=bench.manager)
    with clock.at(NOW), pytest.raises(NotAllowed):
        plan_again(actor=supplier, contract_id=contract.pk, change=change)


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"quantity": D(6000), "from_quarter": QUARTERS[1]}, "What is over stays as it was"),
        ({"quantity": D(6000), "from_quarter": date(2027, 2, 1)}, "Choose a quarter"),
        ({"quantity": D(6000), "from_quarter": date(2028, 1, 1)}, "No quarter is left"),
        ({"quantity": D(10000)}, "stands at this quantity already"),
        ({"quantity": D("1.0001")}, "at most 3 decimal places"),
        ({"quantity": D(6000), "reason": " "}, "Enter the reason"),
        ({"kind": "extension", "ends_on": ENDS}, "ends on this day already"),
        ({"kind": "extension", "ends_on": date(2027, 2, 9)}, "today or later"),
        ({"kind": "extension"}, "Enter the new end date"),
        ({"kind": "added", "quantity": D(1)}, "Choose the measure"),
    ],
)
def test_what_cannot_be(bench, contract, facts, message):
    with pytest.raises(RuleBroken, match=message):
        changed(bench, contract, **facts)
    assert not ContractChange.objects.exists()


def test_a_measure_of_another_edition_is_not_added(bench, contract):
    load_measure_set(actor=SYSTEM)
    foreign = measures_of(current_edition(STARTS).pk)[0]
    assert foreign.edition_id != one(contract).edition_id
    with pytest.raises(RuleBroken, match="edition of its tender"):
        changed(bench, contract, kind="added", measure_id=foreign.id, quantity=D(1))


def test_a_closed_contract_no_longer_changes(bench, contract):
    Contract.objects.filter(pk=contract.pk).update(status="ended")
    with pytest.raises(Conflict):
        changed(bench, contract, quantity=D(6000))


# --- any sequence ---------------------------------------------------------------------------------

moves = st.one_of(
    st.tuples(
        st.just("quantity"), st.integers(0, 5), st.decimals(0, 20_000, places=3), st.booleans()
    ),
    st.tuples(st.just("extension"), st.integers(0, 5), st.integers(-400, 700), st.booleans()),
)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    days=st.lists(st.integers(0, 200), min_size=1, max_size=5),
    deeds=st.lists(moves, min_size=1, max_size=5),
)
def test_any_sequence_of_changes(bench, contract, days, deeds):
    """Time goes on, changes come from either side; what is refused changes nothing."""
    day = date(2026, 7, 5)
    with transaction.atomic():
        for wait, (kind, ahead, amount, by_supplier) in zip(days, deeds, strict=False):
            day = date.fromordinal(day.toordinal() + wait)
            brief = contract_brief(contract.pk)
            index = (day.year * 12 + day.month - 1) // 3 + ahead
            from_quarter = date(index // 4, index % 4 * 3 + 1, 1)
            facts = {"kind": kind, "from_quarter": from_quarter}
            if kind == "quantity":
                facts["quantity"] = amount
            else:
                facts["ends_on"] = date.fromordinal(brief.ends_on.toordinal() + amount)
            infos = commitments_of(contract.pk)
            before = {row.id: entries_before(row, from_quarter) for row in infos}
            plans = {row.id: plan(contract, row) for row in infos}
            sides = (bench.manager, bench.bidders[0])
            asker, agreer = sides if by_supplier else sides[::-1]
            try:
                changed(
                    bench, contract, asker=asker, agreer=agreer,
                    at=datetime(day.year, day.month, day.day, 9, tzinfo=UTC), **facts,
                )  # fmt: skip
            except RuleBroken:
                assert {row.id: plan(contract, row) for row in infos} == plans
            else:
                for row in infos:
                    assert entries_before(row, from_quarter) == before[row.id]
                    now = plan(contract, row)
                    was = plans[row.id]
                    past = {q: n for q, n in now.items() if q < from_quarter}
                    assert {q: past[q] for q in was if q < from_quarter} == {
                        q: n for q, n in was.items() if q < from_quarter
                    }
                    # An end moved beyond a quarter that is not planned again brings it in with nothing due.
                    if row.measure.adds_up:
                        assert {past[q] for q in set(past) - set(was)} <= {0}
            check(contract)
        transaction.set_rollback(True)


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
