"""Who may write and read an offer: people of the supplier that makes it. Nobody else before the deadline."""

from __future__ import annotations

from socialvalue.accounts.permissions import acts_for, allowed, is_buyer, is_supplier
from socialvalue.accounts.rules import Sight, people_of
from socialvalue.accounts.vocabulary import Deed
from socialvalue.core.actor import Actor

WHY_NOT_OPEN = "Opening bids is for procurement officers and approvers of the buying authority."
WHY_NOT_TWICE = (
    "You started the opening, so another person confirms it: a procurement officer or an approver."
)


def can_offer(actor: Actor, supplier_id: int | None) -> bool:
    """Write, read and submit the offer of this supplier."""
    may = allowed(actor, Deed.WRITE_OFFER)
    return is_supplier(actor) and acts_for(actor, supplier_id) and may


def can_read(actor: Actor, authority_id: int) -> bool:
    """Read the bids of this authority's tender, once they are open: those who decide or audit."""
    return acts_for(actor, authority_id) and is_buyer(actor) and allowed(actor, Deed.READ_BIDS)


def can_open(actor: Actor, authority_id: int) -> bool:
    """Be one of the two people who open the bids of this authority's tender, once the deadline has passed."""
    return acts_for(actor, authority_id) and allowed(actor, Deed.OPEN_BIDS)


def who_sees_bid(
    *, authority: tuple[int, str], supplier: tuple[int, str] | None, is_open: bool
) -> tuple[Sight, ...]:
    """What ``can_offer`` and ``can_read`` ask, in words. ``supplier`` is None where more than one bid is spoken of.

    Each side reads a bid at an address of its own; ``is_here`` is that of the authority.
    """
    place, name = authority
    bidders = (
        people_of(
            supplier[1], supplier[0], Deed.READ_SUPPLIER, what="its own bid, always", is_here=False
        )
        if supplier
        else Sight(
            "The people of each bidder",
            "its own bid, always, and never another’s",
            deeds=frozenset({Deed.READ_SUPPLIER}),
            is_here=False,
        )
    )
    judges = people_of(
        name,
        place,
        Deed.READ_BIDS,
        what="the bids"
        if is_open
        else "how far the tender is, and nothing of a bid before two people have opened them",
    )
    return (bidders, judges)


def who_sees_offer(
    *, supplier: tuple[int, str], authority: tuple[int, str], deadline: str
) -> tuple[Sight, ...]:
    """The same for a bidder, on the pages of its own offer. ``deadline`` as people read it."""
    return (
        people_of(
            supplier[1],
            supplier[0],
            Deed.WRITE_OFFER,
            what="your offer, always; people of other bidders never do",
        ),
        people_of(
            authority[1],
            authority[0],
            Deed.READ_BIDS,
            what=f"nothing before {deadline}, not even that you have bid. Your offer is stored encrypted until two of "
            "their people have opened it after that; then they see it",
            is_here=False,
        ),
    )
