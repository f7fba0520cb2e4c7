"""How far an offer is, in counts only, and when its supplier is warned of the deadline. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from procurement.bids.rules.offers import OfferInput
from procurement.bids.vocabulary import WarningKind
from socialvalue.core.money import count_text

BEFORE = {
    WarningKind.SEVEN_DAYS: timedelta(days=7),
    WarningKind.ONE_DAY: timedelta(hours=24),
    WarningKind.ONE_HOUR: timedelta(hours=1),
}
FIRST = max(BEFORE.values())


@dataclass(frozen=True, slots=True)
class Progress:
    """Counts of what is filled in. A measure is when a quantity above 0 and a method statement stand in it."""

    measures_done: int
    measures: int
    answers_done: int
    answers: int
    mandatory_missing: int
    has_price: bool

    @property
    def words(self) -> str:
        """``4 of 6 measures, 3 of 3 answers``."""
        parts = []
        if self.measures:
            parts.append(f"{self.measures_done} of {count_text(self.measures, 'measure')}")
        if self.answers:
            parts.append(f"{self.answers_done} of {count_text(self.answers, 'answer')}")
        return ", ".join(parts)

    @property
    def lacks(self) -> list[str]:
        """What keeps an offer like this from being submitted, as far as counts tell."""
        found = []
        if self.mandatory_missing:
            found.append(f"{count_text(self.mandatory_missing, 'mandatory measure')} not filled in")
        if self.answers > self.answers_done:
            found.append(f"{count_text(self.answers - self.answers_done, 'answer')} not written")
        if not self.has_price:
            found.append("no price")
        return found


def progress_of(
    offer: OfferInput,
    *,
    requirements: Collection[int],
    mandatory: Collection[int],
    questions: Collection[int],
) -> Progress:
    """How far this offer is, of what its tender asks."""
    done = {
        row.requirement_id
        for row in offer.lines
        if row.requirement_id in requirements and row.is_offered and row.method_statement.strip()
    }
    answered = {
        row.question_id
        for row in offer.answers
        if row.question_id in questions and row.text.strip()
    }
    return Progress(
        len(done),
        len(requirements),
        len(answered),
        len(questions),
        len(set(mandatory) - done),
        offer.price is not None,
    )


def warning_due(
    *, deadline_at: datetime, known_since: datetime, now: datetime
) -> WarningKind | None:
    """The warning of this moment: the nearest to the deadline whose time has come. None before the first, and from the
    deadline on.

    A warning whose time had come before the deadline was even told is left out: the invitation, or the letter about
    the amendment, has just said it.
    """
    if now >= deadline_at:
        return None
    due = [kind for kind, before in BEFORE.items() if now >= deadline_at - before]
    if not due:
        return None
    nearest = min(due, key=lambda kind: BEFORE[kind])
    return nearest if deadline_at - BEFORE[nearest] > known_since else None
