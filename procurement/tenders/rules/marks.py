"""The scale of marks that answers are judged by. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from socialvalue.core.errors import RuleBroken

TOP_MARK = 5
MARKS = range(TOP_MARK + 1)
MOST_IN_A_MARK = 200
"""Characters: a mark is explained in a line."""
STANDARD_MARKS = (
    "Not answered, or nothing that addresses the question",
    "Poor: addresses little of the question, serious doubts",
    "Limited: addresses part of the question, some doubts",
    "Satisfactory: addresses the question, small gaps",
    "Good: addresses the whole question, with evidence",
    "Excellent: addresses the whole question, with strong evidence and added benefit",
)
"""What the marks 0 to 5 mean where the tender does not say it in its own words."""


def own_marks(texts: Sequence[str]) -> tuple[str, ...]:
    """A tender's own scale as it is kept: six texts, or nothing where none was written or all say the usual.

    RuleBroken where some are missing or too long.
    """
    said = tuple(" ".join(text.split()) for text in texts)
    if not any(said) or said == STANDARD_MARKS:
        return ()
    if len(said) != len(STANDARD_MARKS):
        raise RuleBroken(
            f"Say what each of the {len(STANDARD_MARKS)} marks means, 0 to {TOP_MARK}."
        )
    for mark, text in enumerate(said):
        if not text:
            raise RuleBroken(f"Say what the mark {mark} means", field=f"mark_{mark}")
        if len(text) > MOST_IN_A_MARK:
            raise RuleBroken(
                f"What the mark {mark} means must be {MOST_IN_A_MARK} characters or fewer",
                field=f"mark_{mark}",
            )
    return said


def marks_meaning(own: Sequence[str]) -> tuple[str, ...]:
    """What the marks 0 to 5 mean: the tender's own six texts, or the usual ones."""
    return tuple(own) or STANDARD_MARKS
