"""One quarter of one contract, reported in one go."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from procurement.deliveries.rules.places import check_no_full_postcode
from socialvalue.core.errors import RuleBroken

KEY_LENGTH = 40
"""Of the form of an update: each of its claims has it with the commitment behind it, in 64 characters."""
CHANGED = "Claims for this quarter were sent, mended or taken back after you opened the page. See what stands now."
MAX_REASON = 500
"""Characters of why nothing was delivered."""
NOTHING_ENTERED = (
    "Enter a figure for at least one commitment, or say that there is nothing this period"
)


@dataclass(frozen=True, slots=True)
class UpdateLine:
    """What was delivered of one commitment. ``is_nil``: nothing was, ``narrative`` may say why, and the
    figures are not read."""

    commitment_id: int
    quantity: Decimal
    denominator: Decimal | None = None
    narrative: str = ""
    postcode_district: str = ""
    evidence_ids: Sequence[int] = ()
    is_nil: bool = False


def box_name(commitment_id: int, name: str) -> str:
    """What a box of a line is called in the form, and where a fault of that line is shown."""
    return f"c{commitment_id}-{name}"


def line_key(submission_key: str, commitment_id: int | str) -> str:
    """The key of one claim of an update; for an empty commitment what the keys of all its claims begin with."""
    return f"{submission_key}:{commitment_id}"


def gathered(faults: Iterable[tuple[int, RuleBroken]]) -> RuleBroken | None:
    """The first fault of each line as one, each under the box of its line. None without any."""
    found: list[tuple[str | None, str]] = []
    for commitment_id, error in faults:
        field, message = error.errors[0]
        found.append((box_name(commitment_id, field or "quantity"), message))
    if not found:
        return None
    return RuleBroken(found[0][1], field=found[0][0], more=found[1:])


def check_lines(lines: Sequence[UpdateLine], submission_key: str) -> None:
    """RuleBroken for an update that says nothing, or the same commitment twice."""
    if not lines:
        raise RuleBroken(NOTHING_ENTERED)
    if len({line.commitment_id for line in lines}) != len(lines):
        raise RuleBroken("A commitment stands twice in this update. Open the page again.")
    if not 0 < len(submission_key) <= KEY_LENGTH:
        raise RuleBroken("This form is not complete. Open the page again.")


def check_reason(words: str) -> None:
    """RuleBroken for words beside "nothing this period" that are too long, or hold a whole postcode."""
    if len(words.strip()) > MAX_REASON:
        raise RuleBroken(
            f"The words beside nothing this period must be {MAX_REASON} characters or less",
            field="narrative",
        )
    check_no_full_postcode(words)


def total_after(claimed: Decimal | None, entered: Decimal) -> Decimal:
    """What stands claimed once this is sent."""
    return (claimed or Decimal(0)) + entered


def doubts_about(
    *, entered: Decimal, planned: Decimal, promised: Decimal, after: Decimal, claims: int = 0
) -> tuple[str, ...]:
    """What to look at again before it is sent. Nothing is refused for it: more than was promised can be true.

    ``claims`` is how many there are for the quarter already.
    """
    found = []
    if claims:
        stands = "1 claim stands" if claims == 1 else f"{claims} claims stand"
        found.append(f"{stands} for this quarter already. This comes on top.")
    if planned and entered >= planned * 10:
        found.append("This is ten times what was planned for the quarter, or more.")
    if after > promised:
        found.append("With this, more is claimed than was promised in all.")
    return tuple(found)
