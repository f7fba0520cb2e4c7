"""What people write, checked: never empty where it is read by somebody else, never endless."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from socialvalue.core.errors import RuleBroken
from socialvalue.core.periods import uk_date

MAX_TEXT = 2_000
MAX_STEPS = 20


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a rectification plan: what is done, who does it, by when."""

    what: str
    owner: str
    due_on: date


def check_text(text: str, message: str, *, field: str) -> str:
    """The text without blanks around it. RuleBroken with ``message`` when there is none, or when it is too long."""
    cleaned = text.strip()
    if not cleaned:
        raise RuleBroken(message, field=field)
    if len(cleaned) > MAX_TEXT:
        raise RuleBroken(f"Use {MAX_TEXT:,} characters or fewer", field=field)
    return cleaned


def check_reason(reason: str, message: str) -> str:
    return check_text(reason, message, field="reason")


def check_steps(
    steps: Sequence[Step], recover_by: date, today: date, ends_on: date, done: int = 0
) -> None:
    """RuleBroken unless there is a step, every one is due between today and the day of recovery, and not too many.

    ``ends_on`` is the contract's end: nothing is caught up after it while it is still to come. ``done`` is how many
    steps of a plan that is revised are done already: they are numbered first.
    """
    if recover_by < today:
        raise RuleBroken(
            "The day you catch up by must be today or later. Enter a day that is still to come",
            field="recover_by",
        )
    if today <= ends_on < recover_by:
        raise RuleBroken(
            f"The contract ends on {uk_date(ends_on)}. Enter a day until then, or ask for a later end first",
            field="recover_by",
        )
    if not steps:
        raise RuleBroken("Add at least one step: what is done, who does it, by when")
    if done + len(steps) > MAX_STEPS:
        raise RuleBroken(f"Use {MAX_STEPS} steps or fewer. Put small ones together")
    for number, step in enumerate(steps, done + 1):
        if not step.what.strip() or not step.owner.strip():
            raise RuleBroken(f"Step {number} needs what is done and who does it")
        if step.due_on < today:
            raise RuleBroken(
                f"Step {number} is due on {uk_date(step.due_on)}, which is over. Enter a day that is still to come"
            )
        if step.due_on > recover_by:
            raise RuleBroken(
                f"Step {number} is due on {uk_date(step.due_on)}, after the day you catch up by, "
                f"{uk_date(recover_by)}. Make one of the two fit the other"
            )
