"""One verdict on one answer: a mark 0 to 5, or met or not met, or not applicable."""

from __future__ import annotations

from dataclasses import dataclass

from socialvalue.core.errors import RuleBroken

HIGHEST_MARK = 5


@dataclass(frozen=True, slots=True)
class Verdict:
    """Exactly one of the three is said."""

    mark: int | None = None
    is_met: bool | None = None
    not_applicable: bool = False


def check_mark(mark: int) -> None:
    """RuleBroken for a mark outside 0 to 5."""
    if not 0 <= mark <= HIGHEST_MARK:
        raise RuleBroken(f"A mark must be a whole number from 0 to {HIGHEST_MARK}.", field="mark")


def check_verdict(verdict: Verdict, *, is_pass_fail: bool) -> None:
    """RuleBroken unless the verdict fits its question: a mark for a marked one, met or not for a pass/fail one."""
    if verdict.not_applicable:
        if verdict.mark is not None or verdict.is_met is not None:
            raise RuleBroken(
                "An answer that is not applicable has no mark. Clear one of the two.", field="mark"
            )
        return
    if is_pass_fail:
        if verdict.is_met is None or verdict.mark is not None:
            raise RuleBroken("Select whether the answer meets the question.", field="mark")
        return
    if verdict.mark is None or verdict.is_met is not None:
        raise RuleBroken("Select a mark from 0 to 5.", field="mark")
    check_mark(verdict.mark)
