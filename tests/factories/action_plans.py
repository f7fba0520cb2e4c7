"""A contract with its plan started."""

from __future__ import annotations

from procurement.action_plans.models import ActionPlan
from procurement.action_plans.services import agree_plan, start_plan
from procurement.awards.models import Contract
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from tests.factories.evaluations import AFTER, Bench


def planned(contract: Contract) -> ActionPlan:
    """The plan, as the job after the award starts it."""
    with clock.at(AFTER):
        return start_plan(actor=SYSTEM, contract_id=contract.pk)


def agreed(bench: Bench, contract: Contract) -> ActionPlan:
    """Both parties agree the plan that stands."""
    winner = next(row for row in bench.bidders if row.organisation_id == contract.supplier_id)
    with clock.at(AFTER):
        agree_plan(actor=bench.manager, contract_id=contract.pk)
        return agree_plan(actor=winner, contract_id=contract.pk)
