"""The route of a sign-off: steps in order, each for the words as they stand. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from reporting.cabinet.vocabulary import SignOffAnswer, SignOffStep


@dataclass(frozen=True, slots=True)
class Words:
    """What a signature is for: the title, the period, and each section's heading and text, in their order."""

    title: str
    period: str
    sections: tuple[tuple[str, str], ...]

    @property
    def hash(self) -> str:
        """SHA-256, in hexadecimal. Figures are not part of it: they follow the ledger until the freeze."""
        text = json.dumps(
            [self.title, self.period, self.sections], ensure_ascii=False, separators=(",", ":")
        )
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Signature:
    """What a step said, of which words, in the order it was said."""

    step: str
    answer: str
    note: str
    words_hash: str
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class StepState:
    """One step of the route. ``last`` is the latest answer, whatever words it was for."""

    step: SignOffStep
    last: Signature | None
    is_current: bool
    """Whether the latest answer is for the words as they stand."""
    is_open: bool
    """It may be answered now: every step before it has agreed to the words as they stand."""

    @property
    def has_agreed(self) -> bool:
        return (
            self.is_current and self.last is not None and self.last.answer == SignOffAnswer.AGREED
        )

    @property
    def is_returned(self) -> bool:
        return (
            self.is_current and self.last is not None and self.last.answer == SignOffAnswer.RETURNED
        )

    @property
    def is_stale(self) -> bool:
        """Answered once, for words that have changed since."""
        return self.last is not None and not self.is_current


def route(
    steps: Iterable[str], signatures: Sequence[Signature], words_hash: str
) -> list[StepState]:
    """The steps in their order. A step that the vocabulary does not know is left out."""
    found: list[StepState] = []
    is_turn = True
    for name in steps:
        if name not in SignOffStep.values:
            continue
        said = [one for one in signatures if one.step == name]
        last = said[-1] if said else None
        is_current = last is not None and last.words_hash == words_hash
        agreed = is_current and last is not None and last.answer == SignOffAnswer.AGREED
        found.append(StepState(SignOffStep(name), last, is_current, is_turn and not agreed))
        is_turn = is_turn and agreed
    return found


def missing(states: Iterable[StepState]) -> list[StepState]:
    """The steps that have not agreed to the words as they stand."""
    return [state for state in states if not state.has_agreed]


def missing_sentence(states: Iterable[StepState]) -> str:
    """What the freeze waits for; empty when everybody has agreed."""
    names = [state.step.label for state in missing(states)]
    if not names:
        return ""
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    have = "has" if len(names) == 1 else "have"
    return (
        f"{listed} {have} not agreed to the words as they stand. "
        "The report can be frozen once every step of its sign-off has."
    )
