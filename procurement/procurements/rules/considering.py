"""When the Public Services (Social Value) Act 2012 asks for a record of what was considered. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from procurement.policies.vocabulary import Category
from socialvalue.core.errors import RuleBroken

SERVICES = frozenset({Category.SERVICES.value, Category.LIGHT_TOUCH.value})
"""Light-touch services are services. A mixed contract with a part that is services counts, to be on the safe side."""
MISSING = "Record what was considered under the Social Value Act"
MAX_WORDS = 5000
MAX_BY = 200
TEXTS = {
    "economic": "Say what was considered for economic well-being.",
    "social": "Say what was considered for social well-being.",
    "environmental": "Say what was considered for environmental well-being.",
    "process": "Say how the way it is bought might secure the improvement.",
    "consultation": "Say who was consulted and what they said, or why nobody was.",
    "considered_by": "Enter who considered it, as a role or team.",
}


def needs_consideration(
    category: str, parts: Iterable[str], compared: Decimal, threshold: Decimal
) -> bool:
    """Services, alone or as a part of a mixed contract, at or above the statutory threshold."""
    return bool(SERVICES & {category, *parts}) and compared >= threshold


def check_consideration(texts: dict[str, str], considered_on: date, today: date) -> None:
    """RuleBroken, with every field to mend, unless everything is said and the day has been."""
    wrong = [(name, said) for name, said in TEXTS.items() if not texts[name]]
    wrong += [
        (name, f"Use {MAX_WORDS:,} characters or fewer.")
        for name in TEXTS
        if name != "considered_by" and len(texts[name]) > MAX_WORDS
    ]
    if len(texts["considered_by"]) > MAX_BY:
        wrong.append(("considered_by", f"Who considered it must be {MAX_BY} characters or fewer."))
    if considered_on > today:
        wrong.append(("considered_on", "The day on which it was considered must be today or past."))
    if wrong:
        (field, message), *more = wrong
        raise RuleBroken(message, field=field, more=more)
