"""What these tests share: the quarters, a change, the plan and what the ledger holds."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from django.db import transaction

from procurement.action_plans.models import Milestone
from procurement.action_plans.services import plan_again
from procurement.awards.queries import commitments_of, contract_brief, contracts_for
from procurement.awards.services import apply_change
from procurement.ledger.models import LedgerEntry
from procurement.ledger.queries import commitment_sums, standing_entries
from procurement.ledger.vocabulary import Basis
from socialvalue.accounts.vocabulary import Role
from socialvalue.core import clock
from tests.factories.accounts import actor_for_role

STARTS, ENDS = date(2026, 7, 1), date(2027, 12, 31)
QUARTERS = [
    date(2026, 7, 1), date(2026, 10, 1), date(2027, 1, 1), date(2027, 4, 1), date(2027, 7, 1), date(2027, 10, 1),
]  # fmt: skip
NOW = datetime(2027, 2, 10, 9, tzinfo=UTC)
THIS = QUARTERS[2]
D = Decimal


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
