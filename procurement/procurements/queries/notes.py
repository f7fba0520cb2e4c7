"""The light-touch note."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from procurement.policies import queries as policies
from procurement.policies.vocabulary import Route
from procurement.procurements.models import LightTouchNote, Procurement
from procurement.procurements.queries.decisions import latest_decision, route_now
from procurement.procurements.queries.records import procurement_for
from procurement.procurements.vocabulary import EstimateBasis
from socialvalue.core.actor import Actor
from socialvalue.core.errors import RuleBroken
from socialvalue.core.money import MAX_POUNDS, pounds
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


def objective_names(codes: Sequence[str], authority_id: int) -> list[str]:
    """What the codes of an authority's note stand for; an unknown code as it is."""
    known = priorities.names(authority_id)
    return [known.get(code, code) for code in codes]


def beyond_light_touch(actor: Actor, procurement_id: int, value: Decimal) -> str:
    """What to say of a chosen quotation, in pounds excluding VAT, that the policy sends another way; else nothing."""
    procurement = procurement_for(actor, procurement_id)
    decision = latest_decision(procurement_id)
    if decision is None or decision.route != Route.LIGHT_TOUCH or not 0 < value <= MAX_POUNDS:
        return ""
    try:
        found = route_now(procurement, amount=value, basis=EstimateBasis.EXCL)
    except RuleBroken:
        return ""
    if found.route in (decision.route, decision.replaced_route):
        return ""
    return (
        f"At {pounds(value)} excluding VAT the policy says {found.route_label}. "
        "Say why it is finished with a note, or cancel and change the estimate to start a tender."
    )
