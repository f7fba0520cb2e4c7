"""What may be said and changed after publication: differences in words, short notice, names that give away. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from cryptography.fernet import Fernet

from procurement.tenders.rules.asking import beyond_unit, plain
from socialvalue.core.errors import RuleBroken
from socialvalue.core.money import MAX_QUANTITY

Change = tuple[str, str, str]
"""What, before, after: as people read it."""

DRAFT_LINK_DAYS = 30
"""How long a link lives while its tender has no deadline yet."""
SHORT_NOTICE = timedelta(days=3)
MOST_IN_GUIDANCE = 500
MOST_IN_A_QUESTION = 2000
NONE = "None"


# --- amendments ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RequirementChange:
    """What a requirement is to say from now on. ``minimum_quantity`` is in the measure's unit; None for no minimum."""

    is_mandatory: bool = False
    minimum_quantity: Decimal | None = None
    guidance: str = ""


@dataclass(frozen=True, slots=True)
class QuestionChange:
    """What a question is to say from now on."""

    text: str
    guidance: str = ""


def check_requirement_change(
    change: RequirementChange, *, label: str, unit: str, maximum: Decimal | None
) -> None:
    """RuleBroken for a minimum that is not above zero, or above the most that is scored or can be offered, or for
    guidance too long.
    """
    least = change.minimum_quantity
    if least is not None and not 0 < least <= MAX_QUANTITY:
        raise RuleBroken(
            f"{label}: the minimum must be more than 0. Leave it empty for no minimum."
        )
    if wrong := beyond_unit(unit, least):
        raise RuleBroken(f"{label}: {wrong[:1].lower()}{wrong[1:]}")
    if least is not None and maximum is not None and least > maximum:
        raise RuleBroken(
            f"{label}: the most that is scored is {plain(maximum)}, so the minimum cannot be {plain(least)}."
        )
    _check_length(change.guidance, f"{label}: the guidance")


def check_question_change(change: QuestionChange, *, label: str) -> None:
    """RuleBroken for a question without words, or one that is too long."""
    if not change.text.strip():
        raise RuleBroken(f"{label}: enter its text. A published question cannot be taken away.")
    _check_length(change.text, f"{label}: the text")
    _check_length(change.guidance, f"{label}: the guidance")


def _check_length(text: str, what: str) -> None:
    if len(text.strip()) > MOST_IN_GUIDANCE:
        raise RuleBroken(f"{what} must be {MOST_IN_GUIDANCE} characters or fewer.")


def requirement_changes(
    label: str, unit: str, before: RequirementChange, after: RequirementChange
) -> list[Change]:
    """Only what differs."""
    return _differing(
        (label, _mandatory(before), _mandatory(after)),
        (f"{label}: minimum", _amount(before, unit), _amount(after, unit)),
        (f"{label}: guidance", before.guidance.strip(), after.guidance.strip()),
    )


def question_changes(label: str, before: QuestionChange, after: QuestionChange) -> list[Change]:
    """Only what differs."""
    return _differing(
        (label, before.text.strip(), after.text.strip()),
        (f"{label}: a good answer covers", before.guidance.strip(), after.guidance.strip()),
    )


def _differing(*rows: Change) -> list[Change]:
    return [(what, old or NONE, new or NONE) for what, old, new in rows if old != new]


def _mandatory(change: RequirementChange) -> str:
    return "Every bid must offer it" if change.is_mandatory else "May be left out"


def _amount(change: RequirementChange, unit: str) -> str:
    least = change.minimum_quantity
    return "" if least is None else f"{plain(least)} {unit}".strip()


def is_short_notice(now: datetime, deadline_before: datetime, deadline_after: datetime) -> bool:
    """Less than three days are left for what changed, and the deadline was not moved for it."""
    return deadline_after == deadline_before and deadline_after - now < SHORT_NOTICE


# --- clarifications --------------------------------------------------------------------------------

_FORMS = {"ltd", "limited", "plc", "llp", "lp", "cic", "cio", "co", "company", "inc", "the", "group"}  # fmt: skip
_SHORTEST_BY_ITSELF = 5
"""A single word shorter than this is looked for with its legal form only: "Care" stands in any question."""


def named_bidder(text: str, names: Iterable[str]) -> str:
    """The first of these organisations that the text names, by its full name or without its legal form; or nothing."""
    padded = f" {' '.join(_words(text))} "
    for name in names:
        whole = _words(name)
        core = [word for word in whole if word not in _FORMS]
        forms = [whole]
        if len(core) > 1 or (core and len(core[0]) >= _SHORTEST_BY_ITSELF):
            forms.append(core)
        if any(form and f" {' '.join(form)} " in padded for form in forms):
            return name
    return ""


def _words(text: str) -> list[str]:
    """Lower case, "&" as "and", possessives and punctuation away."""
    plain_text = re.sub(r"['’]s\b", "", text.casefold().replace("&", " and "))
    return re.findall(r"\w+", plain_text)


def seal_asker(key: bytes, *, organisation_id: int, person_id: int) -> str:
    """Who asked, under the tender's key. Every sealed text is equally long and tells no time."""
    told = f"asker {organisation_id:020d} {person_id:020d}".encode()
    return Fernet(key).encrypt_at_time(told, 0).decode()


def asker_of(key: bytes, sealed: str) -> tuple[int, int]:
    """Organisation and person. ``cryptography.fernet.InvalidToken`` under another tender's key."""
    _, organisation, person = Fernet(key).decrypt(sealed.encode()).decode().split(" ")
    return int(organisation), int(person)
