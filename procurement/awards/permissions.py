"""Who awards, and who reads a contract: the authority that made it and the supplier that holds it."""

from __future__ import annotations

from typing import Protocol

from procurement.bids.permissions import can_read
from socialvalue.accounts.permissions import acts_for, allowed, for_deed, is_buyer, is_supplier
from socialvalue.accounts.rules import Sight, people_of
from socialvalue.accounts.vocabulary import Deed
from socialvalue.core.access import Access
from socialvalue.core.actor import Actor

AWARD_REASON = "Only a procurement officer of the buying authority can propose an award."
APPROVE_REASON = "Only an approver of the buying authority can approve or refuse an award."
OWN_REASON = "You proposed this award, so another person must decide it."
WITHDRAW_REASON = "Only a procurement officer of the buying authority can withdraw a proposal."
READ_REASON = (
    "Only the people who evaluate, award or audit a tender can read how its bids were judged."
)
TELL_REASON = (
    "Only a procurement officer of the buying authority can write and issue assessment summaries."
)
STANDSTILL_REASON = "Only a procurement officer of the buying authority can record a standstill."
SIGN_REASON = (
    "Only a procurement officer or contract manager of the buying authority can record a signature."
)
END_REASON = "Only a contract manager of the buying authority can close a contract."
CHANGE_REASON = (
    "A contract is changed by the authority's contract manager and the supplier's administrator, one asking and the "
    "other agreeing."
)
OWN_CHANGE_REASON = "You asked for this change, so the other party agrees it."

PARTY = Access(
    "buyer or supplier",
    lambda actor: is_buyer(actor) or is_supplier(actor),
    "This page is for people who work for a council, a combined authority or a supplier.",
)

OFFICER = for_deed(Deed.PROPOSE_AWARD)
SIGNER = for_deed(Deed.RECORD_SIGNATURE)
JUDGES = for_deed(Deed.READ_BIDS)
"""Those who may read the bids of their authority, once they are open."""


class Parties(Protocol):
    """Anything between an authority and a supplier."""

    @property
    def authority_id(self) -> int: ...

    @property
    def supplier_id(self) -> int: ...


def can_award(actor: Actor, authority_id: int) -> bool:
    return acts_for(actor, authority_id) and allowed(actor, Deed.PROPOSE_AWARD)


def can_approve(actor: Actor, authority_id: int) -> bool:
    """Decide a proposal. Never one's own: see ``why_not_decide``."""
    return acts_for(actor, authority_id) and allowed(actor, Deed.APPROVE_AWARD)


def why_not_decide(actor: Actor, authority_id: int, proposed_by_id: int) -> str:
    """Why the actor cannot approve or refuse this proposal; empty when it can."""
    if not can_approve(actor, authority_id):
        return APPROVE_REASON
    return OWN_REASON if actor.user_id == proposed_by_id else ""


def can_read_judgement(actor: Actor, authority_id: int) -> bool:
    """Read proposals and summaries: those who may read the bids."""
    return can_read(actor, authority_id)


def can_sign(actor: Actor, authority_id: int) -> bool:
    return acts_for(actor, authority_id) and allowed(actor, Deed.RECORD_SIGNATURE)


def is_buying(actor: Actor, contract: Parties) -> bool:
    return acts_for(actor, contract.authority_id) and is_buyer(actor)


def is_supplying(actor: Actor, contract: Parties) -> bool:
    return acts_for(actor, contract.supplier_id) and is_supplier(actor)


def can_see_contract(actor: Actor, contract: Parties) -> bool:
    return is_buying(actor, contract) or is_supplying(actor, contract)


def can_end(actor: Actor, contract: Parties) -> bool:
    return acts_for(actor, contract.authority_id) and allowed(actor, Deed.MANAGE_CONTRACT)


def can_agree_change(actor: Actor, contract: Parties) -> bool:
    """Speak for one of the two parties while the contract runs: its contract manager, its supplier's administrator."""
    return can_end(actor, contract) or (
        is_supplying(actor, contract) and allowed(actor, Deed.AGREE_FOR_SUPPLIER)
    )


Party = tuple[int, str]
"""An organisation as a page names it: its id and its name."""


def who_sees_contract(
    *, authority: Party, supplier: Party, what: str, supplier_waits: bool = False
) -> tuple[Sight, ...]:
    """What ``can_see_contract`` asks, in words: the two parties, and of a region its totals alone.

    ``supplier_waits`` while neither its assessment summary is issued nor the contract signed.
    """
    waits = (
        "nothing yet: it opens once the assessment summaries are issued or the contract is signed"
    )
    return (
        people_of(authority[1], authority[0], Deed.READ_AUTHORITY, what=what),
        people_of(
            supplier[1],
            supplier[0],
            Deed.READ_SUPPLIER,
            what=waits if supplier_waits else what,
            is_here=not supplier_waits,
        ),
    )


def who_sees_procurement(
    *, authority: Party, supplier: Party | None = None, has_tender: bool = False
) -> tuple[Sight, ...]:
    """The authority with all its stages; who won sees its own part at addresses of its own."""
    found = [people_of(authority[1], authority[0], Deed.READ_AUTHORITY, what="every stage")]
    if has_tender:
        found.append(
            people_of(
                authority[1], authority[0], Deed.READ_BIDS, what="its bids, once they are open"
            )
        )
    if supplier is not None:
        found.append(
            people_of(
                supplier[1],
                supplier[0],
                Deed.READ_SUPPLIER,
                what="the contract, its plan and its own claims, not this page",
                is_here=False,
            )
        )
    return tuple(found)
