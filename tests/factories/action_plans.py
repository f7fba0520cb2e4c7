"""A contract with its plan started."""

from __future__ import annotations

from procurement.action_plans.models import ActionPlan
from procurement.action_plans.services import start_plan
from procurement.awards.models import Contract
from socialvalue.core import clock
from socialvalue.core.actor import SYSTEM
from tests.factories.evaluations import AFTER


def planned(contract: Contract) -> ActionPlan:
    """The plan, as the job after the award starts it."""
    with clock.at(AFTER):
        return start_plan(actor=SYSTEM, contract_id=contract.pk)
