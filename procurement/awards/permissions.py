"""Who awards, and who reads a contract: the authority that made it and the supplier that holds it."""

from __future__ import annotations

from typing import Protocol

from socialvalue.accounts.permissions import acts_for, is_buyer, is_supplier
from socialvalue.accounts.vocabulary import Role
from socialvalue.core.access import Access
from socialvalue.core.actor import Actor

AWARD_REASON = "Only a procurement officer of the buying authority can award a contract."
END_REASON = "Only a contract manager of the buying authority can close a contract."

PARTY = Access(
    "buyer or supplier",
    lambda actor: is_buyer(actor) or is_supplier(actor),
    "This page is for people who work for a council, a combined authority or a supplier.",
)


class Parties(Protocol):
    """Anything between an authority and a supplier."""

    @property
    def authority_id(self) -> int: ...

    @property
    def supplier_id(self) -> int: ...


def can_award(actor: Actor, authority_id: int) -> bool:
    return acts_for(actor, authority_id) and actor.has(Role.PROCUREMENT_OFFICER)


def is_buying(actor: Actor, contract: Parties) -> bool:
    return acts_for(actor, contract.authority_id) and is_buyer(actor)


def is_supplying(actor: Actor, contract: Parties) -> bool:
    return acts_for(actor, contract.supplier_id) and is_supplier(actor)


def can_see_contract(actor: Actor, contract: Parties) -> bool:
    return is_buying(actor, contract) or is_supplying(actor, contract)


def can_end(actor: Actor, contract: Parties) -> bool:
    return acts_for(actor, contract.authority_id) and actor.has(Role.CONTRACT_MANAGER)
