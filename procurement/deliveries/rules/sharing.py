"""How one real delivery is shared out over claims: never more than the whole. Pure: today is an argument."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from socialvalue.core.errors import RuleBroken
from socialvalue.core.money import measured
from socialvalue.core.periods import uk_date

MAX_TITLE = 200
MAX_WHAT = 150
PERSON = re.compile(r"@|\b(mr|mrs|ms|miss|mx|dr)\b\.?", re.IGNORECASE)
"""What gives a person away: an address, or the title before a name."""
NAMES_SOMEBODY = (
    "Do not name a person. Write the role, for example Apprentice, and tell them apart by number"
)
OTHER_UNIT = "This delivery is counted in {theirs}, and the claim in {ours}. Choose a delivery counted in {ours}"
SHARED_DECIDED = "Parts are changed while a claim waits or is returned. This one is {status}"
SHARED_APART = (
    "The figures of this measure are not added up, so a delivery cannot be shared out over them"
)

Fault = tuple[str | None, str]


@dataclass(frozen=True, slots=True)
class Part:
    """What a claim wants to count of a shared delivery."""

    delivery_id: int
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Whole:
    """A delivery, and how much of it is counted by all claims together, ``by_this`` claim among them."""

    title: str
    unit: str
    quantity: Decimal
    allocated: Decimal
    by_this: Decimal = Decimal(0)

    @property
    def left(self) -> Decimal:
        """What nobody else counts."""
        return self.quantity - (self.allocated - self.by_this)


def shared_title(what: str, number: int) -> str:
    """``Apprentice, bricklaying 17``: the role and a number, never a name."""
    return f"{what.strip()} {number}"


def check_recorded(
    *, what: str, number: int, quantity: Decimal, unit: str, delivered_on: date, today: date
) -> None:
    """RuleBroken with every fault of a delivery that is to be recorded, each under its field."""
    faults: list[Fault] = []
    if not what.strip():
        faults.append(("what", "Enter what was delivered, for example Apprentice"))
    elif len(what.strip()) > MAX_WHAT:
        faults.append(("what", f"What was delivered must be {MAX_WHAT} characters or less"))
    elif PERSON.search(what):
        faults.append(("what", NAMES_SOMEBODY))
    if number < 1:
        faults.append(("number", "Enter a number from 1"))
    if quantity <= 0:
        faults.append(("quantity", "Enter more than 0"))
    if not unit.strip():
        faults.append(("unit", "Select the unit it is counted in"))
    if delivered_on > today:
        faults.append(
            ("delivered_on", f"The day must be today, {uk_date(today)}, or before: it is done")
        )
    _refuse(faults)


def check_part(whole: Whole, part: Decimal, *, unit: str, adds_up: bool) -> None:
    """RuleBroken when a claim counted in ``unit`` cannot count this part. 0 takes the part back."""
    if not adds_up:
        raise RuleBroken(SHARED_APART, field="delivery")
    if unit != whole.unit:
        raise RuleBroken(OTHER_UNIT.format(theirs=whole.unit, ours=unit), field="delivery")
    if part < 0:
        raise RuleBroken("Enter 0 or more", field="quantity")
    if part > whole.left:
        raise RuleBroken(too_much(whole), field="quantity")


def too_much(whole: Whole) -> str:
    """Why no more of a delivery can be counted, and how much can."""
    if whole.left <= 0:
        return f"All of {whole.title} is counted by other claims already, so nothing of it is left"
    left = measured(whole.left, whole.unit)
    return f"Enter {left} or less: the rest of {whole.title} is counted by other claims already"


def check_claim_holds(claimed: Decimal, parts: Decimal, unit: str) -> None:
    """RuleBroken when a claim says less than the parts of shared deliveries that it counts."""
    if parts > claimed:
        raise RuleBroken(
            f"The claim counts {measured(parts, unit)} of shared deliveries, which is more than the"
            f" {measured(claimed, unit)} it claims. Lower the parts, or claim more",
            field="quantity",
        )


def rest_in_words(quantity: Decimal, allocated: Decimal, part: Decimal, unit: str) -> str:
    """Where the rest of a delivery is, for somebody who sees one claim of it: never whose the others are."""
    elsewhere, free = allocated - part, quantity - allocated
    told = []
    if elsewhere > 0:
        told.append(f"{measured(elsewhere, unit)} is counted elsewhere")
    if free > 0:
        told.append(f"{measured(free, unit)} is not counted yet")
    return "; ".join(told) or "nothing of it is counted elsewhere"


def _refuse(faults: list[Fault]) -> None:
    if faults:
        (field, message), *more = faults
        raise RuleBroken(message, field=field, more=more)
