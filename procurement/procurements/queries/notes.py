"""The light-touch note."""

from __future__ import annotations

from collections.abc import Sequence

from procurement.policies import queries as policies
from procurement.procurements.models import LightTouchNote, Procurement
from procurement.procurements.queries.records import procurement_for
from socialvalue.core.actor import Actor
from socialvalue.core.errors import RuleBroken
from toms.priorities import queries as priorities


def light_touch_note(actor: Actor, procurement_id: int) -> LightTouchNote | None:
    """The finished note of a procurement the actor may see, if there is one."""
    procurement_for(actor, procurement_id)
    return (
        LightTouchNote.objects.filter(procurement_id=procurement_id)
        .select_related("finished_by", "procurement__authority")
        .first()
    )


def toolkit_of(procurement: Procurement) -> tuple[str, ...]:
    """What the policy of its day suggests for a light-touch purchase; empty when the policy has no toolkit.

    Takes no actor: the caller has shown that the procurement may be seen.
    """
    try:
        policy = policies.policy_in_force(procurement.authority_id, procurement.commenced_on)
    except RuleBroken:
        return ()
    return policy.toolkit


def objective_names(codes: Sequence[str]) -> list[str]:
    """What the codes of a note stand for; an unknown code as it is."""
    known = priorities.names()
    return [known.get(code, code) for code in codes]
