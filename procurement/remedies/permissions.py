"""Who raises, answers and decides what happens when a contract falls short; who changes it; who sees what it costs."""

from __future__ import annotations

from procurement.awards.permissions import (
    CHANGE_REASON,
    PARTY,
    Parties,
    can_agree_change,
    can_see_contract,
    is_buying,
    is_supplying,
)
from socialvalue.accounts.permissions import BUYER, SUPPLIER, acts_for, allowed, for_deed, is_buyer
from socialvalue.accounts.vocabulary import Deed
from socialvalue.core.actor import Actor

__all__ = [
    "BUYER",
    "DECIDER",
    "MANAGER",
    "OVERSEER",
    "PARTY",
    "SUPPLIER",
    "can_ask",
    "can_decide",
    "can_manage",
    "can_oversee",
    "can_see_contract",
    "can_speak",
    "can_supply",
    "is_buying",
    "side_of",
    "why_not_agree_plan",
    "why_not_answer",
    "why_not_decide",
]

MANAGE_REASON = "Only a contract manager of the buying authority can do this."
SPEAK_REASON = "Contract managers, officers and approvers of the authority and people of the supplier can write here."
SUPPLY_REASON = "Only the supplier of the contract can propose a rectification plan."
DECIDE_REASON = "Only an approver of the buying authority can decide on a remedy."
OWN_REASON = "You proposed this remedy, so another person must decide it."
OWN_PLAN_REASON = "You proposed this plan, so another person must agree it."
ASK_REASON = CHANGE_REASON
ANSWER_REASON = "The other party answers a request: the authority's contract manager, or the supplier's administrator."
OVERSEE_REASON = "Only a contract manager or directorate manager of the authority can record what overseeing costs."

MANAGER = for_deed(Deed.MANAGE_CONTRACT)
DECIDER = for_deed(Deed.DECIDE_REMEDY)
OVERSEER = for_deed(Deed.RECORD_OVERSIGHT)


def can_manage(actor: Actor, contract: Parties) -> bool:
    """Set terms, raise and close shortfalls, agree plans, propose remedies, rate KPIs."""
    return acts_for(actor, contract.authority_id) and MANAGER.allows(actor) and is_buyer(actor)


def can_supply(actor: Actor, contract: Parties) -> bool:
    return is_supplying(actor, contract)


def can_speak(actor: Actor, contract: Parties) -> bool:
    """Write in the conversation on a shortfall."""
    of_party = can_supply(actor, contract) or is_buying(actor, contract)
    return of_party and allowed(actor, Deed.SPEAK_ON_SHORTFALL)


def can_decide(actor: Actor, contract: Parties) -> bool:
    return is_buying(actor, contract) and DECIDER.allows(actor)


def why_not_agree_plan(actor: Actor, contract: Parties, proposed_by_id: int) -> str:
    """Why the actor cannot agree a rectification plan; empty when it can."""
    if not can_manage(actor, contract):
        return MANAGE_REASON
    return OWN_PLAN_REASON if actor.user_id == proposed_by_id else ""


def why_not_decide(actor: Actor, contract: Parties, proposed_by_id: int) -> str:
    """Why the actor cannot approve or refuse this remedy; empty when it can."""
    if not can_decide(actor, contract):
        return DECIDE_REASON
    return OWN_REASON if actor.user_id == proposed_by_id else ""


def can_ask(actor: Actor, contract: Parties) -> bool:
    """Ask for a change of the contract, or answer one that the other party asked for."""
    return can_agree_change(actor, contract)


def why_not_answer(actor: Actor, contract: Parties, asking_id: int) -> str:
    """Why the actor cannot agree or refuse a request; empty when it is of the other party."""
    if not can_ask(actor, contract) or acts_for(actor, asking_id):
        return ANSWER_REASON
    return ""


def can_oversee(actor: Actor, authority_id: int) -> bool:
    return acts_for(actor, authority_id) and is_buyer(actor) and OVERSEER.allows(actor)


def side_of(actor: Actor, contract: Parties) -> str:
    """``authority`` or ``supplier``."""
    return "authority" if is_buying(actor, contract) else "supplier"
