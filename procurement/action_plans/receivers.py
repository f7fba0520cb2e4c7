"""Hears that a contract was awarded and has its plan started once the award is committed."""

from __future__ import annotations

from typing import Any

from socialvalue.core.jobs import enqueue_on_commit


def contract_was_awarded(sender: Any, contract_id: int, **kwargs: Any) -> None:
    enqueue_on_commit("procurement.action_plans.tasks.start_plan", contract_id)
