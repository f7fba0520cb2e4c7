"""The shape of one procurement of the demonstration. Values only; ``playing`` turns it into deeds."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Ending(StrEnum):
    """How far a procurement has come."""

    ROUTED = "routed"
    NOTED = "noted"
    CROSSED = "crossed"
    """A light-touch call-off that cost more than £50,000 in the end."""
    DRAFTED = "drafted"
    SEALED = "sealed"
    CLOSED = "closed"
    MARKING = "marking"
    RANKED = "ranked"
    AWARDED = "awarded"
    DELIVERING = "delivering"
    """In contract, or complete when its last day and the last claims have passed."""
    WITHDRAWN = "withdrawn"


class Course(StrEnum):
    """How a supplier delivers, quarter by quarter, against its plan."""

    STEADY = "steady"
    STRONG = "strong"
    SLIPPING = "slipping"
    SHORT = "short"


class Turn(StrEnum):
    """What becomes of one claim that does not simply go through."""

    MISSED = "missed"
    NOTHING = "nothing"
    """The supplier says that nothing was delivered."""
    LATE = "late"
    RETURNED = "returned"
    MENDED = "mended"
    REDUCED = "reduced"
    CORRECTED = "corrected"
    REJECTED = "rejected"
    TAKEN_BACK = "taken_back"


@dataclass(frozen=True, slots=True)
class Ask:
    """A measure asked for, and what the winner promises over the whole contract."""

    code: str
    quantity: Decimal
    minimum: Decimal | None = None
    """Set: the measure is mandatory, and this is its least."""
    attribution: Decimal = Decimal(100)
    negotiated: Decimal | None = None


def ask(
    code: str, quantity: str, least: str = "", attribution: str = "100", negotiated: str = ""
) -> Ask:
    return Ask(
        code,
        Decimal(quantity),
        Decimal(least) if least else None,
        Decimal(attribution),
        Decimal(negotiated) if negotiated else None,
    )


@dataclass(frozen=True, slots=True)
class Story:
    """One procurement. ``starts`` counts quarters from the running one, negative is past; the first bidder wins."""

    key: str
    authority: str
    title: str
    category: str
    estimate: str
    """Pounds excluding VAT, whole life."""
    ending: Ending
    cpv: str = ""
    directorate: str = ""
    description: str = ""
    starts: int = 1
    quarters: int = 8
    asks: tuple[Ask, ...] = ()
    bidders: tuple[str, ...] = ()
    invited: tuple[str, ...] = ()
    """Invited suppliers that do not bid, or only begin to."""
    price: str = ""
    """What the winner is paid, excluding VAT; 97% of the estimate when empty."""
    weighting: str = "15"
    """Per cent of the award; empty is pass or fail."""
    place: str = ""
    course: Course = Course.STEADY
    turns: tuple[tuple[str, int, Turn], ...] = ()
    """Measure, number of the quarter from 1, and what becomes of that claim."""
    days: int = 0
    """For what is under way: days since the last step, or until the deadline."""
    supplier: str = ""
    """For a light-touch note: who was chosen."""
    considered: str = ""
    agreed: str = ""
    objectives: tuple[str, ...] = ()
    local_quotations: int = 2
    moves_plan: bool = False
    """The contract manager moves quantities between quarters before agreeing the plan."""
    names_owners: bool = False
    """The plan names who answers for each commitment, on both sides, before it is agreed."""

    @property
    def contract_value(self) -> Decimal:
        return (
            Decimal(self.price)
            if self.price
            else (Decimal(self.estimate) * 97 / 100).quantize(Decimal(1))
        )
