"""Which quarters of a plan no longer move by hand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from procurement.action_plans.models import ActionPlan
from procurement.action_plans.vocabulary import PlanDeed, PlanStatus
from procurement.awards import queries as awards
from socialvalue.audit.queries import was_done
from socialvalue.core.periods import quarter_start


def settled_of(plan: ActionPlan, commitment_ids: Iterable[int], on: date) -> dict[int, date]:
    """By commitment: the first quarter that may still move on a day. Left out: all of them may.

    What lies before the last change of the contract is settled. Once both parties have agreed a plan, so is every
    quarter that is over, also while they agree it anew: otherwise a shortfall could be planned away afterwards.
    """
    changed = awards.settled_before(plan.contract_id)
    if not _was_agreed(plan):
        return changed
    this = quarter_start(on)
    return {pk: max(this, changed.get(pk, this)) for pk in commitment_ids}


def _was_agreed(plan: ActionPlan) -> bool:
    return plan.status == PlanStatus.AGREED or was_done(
        target_type="actionplan", target_id=plan.pk, deed=PlanDeed.AGREED
    )
