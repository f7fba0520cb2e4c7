"""Who sees whose marks, what a panel lacks, and how far its marks lie apart. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from procurement.evaluations.rules.verdicts import Verdict
from procurement.evaluations.vocabulary import PanelRole

LEAST_EVALUATORS = 2
"""Nobody decides a mark alone."""

STANDARD_WORDING = (
    "An interest is anything that could sway your judgement of a supplier, or look to somebody outside as if it "
    "could: work for it now or in the last three years, shares or other money in it, a gift or hospitality from it, a "
    "relative, partner or close friend who works for it or owns part of it, a dispute with it, or a job you have "
    "asked it for. Say so even if you feel it would not sway you: somebody else decides. If one arises later, tell "
    "the procurement officer at once."
)


@dataclass(frozen=True, slots=True)
class Seat:
    """One person's place on a panel."""

    member_id: int
    person_id: int
    role: str
    is_recused: bool = False
    locked_at: datetime | None = None

    @property
    def is_evaluator(self) -> bool:
        """Whose marks count."""
        return self.role == PanelRole.EVALUATOR and not self.is_recused

    @property
    def is_moderator(self) -> bool:
        return self.role == PanelRole.MODERATOR and not self.is_recused


def all_locked(seats: Sequence[Seat]) -> bool:
    """Every evaluator whose marks count has finished them; false where there is none.

    False too where only one ever locked beside somebody recused: whoever comes in their place marks blind as well.
    """
    evaluators = [seat for seat in seats if seat.role == PanelRole.EVALUATOR]
    waiting = [seat.locked_at is None for seat in evaluators if seat.is_evaluator]
    ever_locked = sum(seat.locked_at is not None for seat in evaluators)
    return (
        bool(waiting) and not any(waiting) and ever_locked >= min(LEAST_EVALUATORS, len(evaluators))
    )


def marks_seen_by(person_id: int | None, seats: Sequence[Seat]) -> frozenset[int]:
    """The panel members whose marks this person may see, who has been shown to be a reader of the bids.

    One's own always. An evaluator: besides, after locking, those who locked too. Somebody recused: nobody else's.
    Everybody else: all or nothing, once every evaluator has locked.
    """
    own = next((seat for seat in seats if seat.person_id == person_id), None)
    seen = {own.member_id} if own else set()
    if own and own.is_recused:
        return frozenset(seen)
    everybody = {seat.member_id for seat in seats if seat.role == PanelRole.EVALUATOR}
    if all_locked(seats):
        return frozenset(seen | everybody)
    if own and own.is_evaluator and own.locked_at is not None:
        return frozenset(
            seen | {s.member_id for s in seats if s.is_evaluator and s.locked_at is not None}
        )
    return frozenset(seen)


def lacking(seats: Sequence[Seat]) -> list[str]:
    """What a panel lacks to be able to mark and moderate, each as a sentence that says how to mend it."""
    found = []
    evaluators = sum(seat.is_evaluator for seat in seats)
    if evaluators < LEAST_EVALUATORS:
        more = LEAST_EVALUATORS - evaluators
        found.append(
            "Name two evaluators: nobody is on the panel to mark."
            if not evaluators
            else f"Name {more} more evaluator: two people mark each answer."
        )
    if not any(seat.is_moderator for seat in seats):
        found.append("Name a moderator, who sets one mark from the evaluators' own.")
    return found


@dataclass(frozen=True, slots=True)
class Spread:
    """How far marks lie apart. ``mean`` to one decimal, half up; None where nobody gave a number."""

    lowest: int | None
    highest: int | None
    mean: Decimal | None
    met: int = 0
    not_met: int = 0
    not_applicable: int = 0
    is_agreed: bool = False
    """Everybody said the same, and it was more than one."""


def spread_of(verdicts: Sequence[Verdict]) -> Spread:
    """Lowest, highest and mean of the marks, and how many said what else. The order makes no difference."""
    marks = [verdict.mark for verdict in verdicts if verdict.mark is not None]
    mean = None
    if marks:
        mean = (Decimal(sum(marks)) / len(marks)).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    return Spread(
        lowest=min(marks, default=None),
        highest=max(marks, default=None),
        mean=mean,
        met=sum(verdict.is_met is True for verdict in verdicts),
        not_met=sum(verdict.is_met is False for verdict in verdicts),
        not_applicable=sum(verdict.not_applicable for verdict in verdicts),
        is_agreed=len(verdicts) >= LEAST_EVALUATORS and len(set(verdicts)) == 1,
    )


def agreed(verdicts: Sequence[Verdict]) -> tuple[Verdict, str] | None:
    """The verdict that all gave, with a reason in words; None where they differ or there is only one."""
    if not spread_of(verdicts).is_agreed:
        return None
    return verdicts[0], f"All evaluators {said(verdicts[0])}."


def said(verdict: Verdict) -> str:
    """What a verdict says, after a name: ``gave 4``, ``found it met``."""
    if verdict.not_applicable:
        return "found it not applicable"
    if verdict.is_met is not None:
        return "found it met" if verdict.is_met else "found it not met"
    return f"gave {verdict.mark}"


def shown(verdict: Verdict | None) -> str:
    """A verdict by itself: ``4 of 5``, ``Met``, ``Not applicable``; nothing where there is none."""
    if verdict is None:
        return ""
    if verdict.not_applicable:
        return "Not applicable"
    if verdict.is_met is not None:
        return "Met" if verdict.is_met else "Not met"
    return f"{verdict.mark} of 5"


def still_holds(
    set_at: datetime,
    set_by: int,
    shaken_at: Sequence[datetime],
    recused_at: Mapping[int, datetime],
) -> bool:
    """Whether a moderated verdict counts. ``shaken_at``: when marks it rested on were changed, or their evaluators
    recused; ``recused_at``: by person, for the moderator who set it."""
    return all(set_at >= at for at in shaken_at) and (
        set_by not in recused_at or set_at >= recused_at[set_by]
    )
