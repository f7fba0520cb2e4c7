"""The gate: what a bid must meet to be ranked. Pure.

* Every mandatory measure is offered above nought, at its minimum or more. A minimum on an optional measure is a guide
  and fails nobody. What was ruled out counts as nought, so a mandatory measure that was ruled out fails the bid.
* Every pass or fail question is met, and every marked answer has its minimum mark where one is set. An answer that is
  not applicable fails nothing.

A bid that does not pass has no points and no rank, and does not set the highest.
"""

from __future__ import annotations

from collections.abc import Sequence

from procurement.evaluations.rules.scoring import ScoredBid, Scoring
from socialvalue.core.money import quantity_text


def unmet(scoring: Scoring, bid: ScoredBid) -> str:
    """Why a bid does not pass, as far as is known, in sentences; empty when nothing stands against it."""
    reasons = (unmet_measures(scoring, bid), _unmet_answers(scoring, bid))
    return " ".join(reason for reason in reasons if reason)


def unmet_measures(scoring: Scoring, bid: ScoredBid, *, as_offered: bool = False) -> str:
    """The same for measures alone; ``as_offered``: whatever was ruled out since. A missing quantity is nought.

    ValueError for a negative quantity: no bid can hold one.
    """
    lines = {line.requirement_id: line for line in bid.lines}
    if any(line.quantity < 0 for line in bid.lines):
        raise ValueError("a quantity cannot be negative")
    reasons = []
    for asked in scoring.requirements:
        line = lines.get(asked.requirement_id)
        if not asked.is_mandatory:
            continue
        if line is None or line.quantity == 0:
            reasons.append(f"{asked.label} is mandatory and was not offered.")
        elif line.is_ruled_out and not as_offered:
            reasons.append(f"{asked.label} is mandatory and what was offered was ruled out.")
        elif asked.minimum_quantity is not None and line.quantity < asked.minimum_quantity:
            least = f"{quantity_text(asked.minimum_quantity)} {asked.unit}".strip()
            reasons.append(
                f"{asked.label} needs at least {least}; {quantity_text(line.quantity)} was offered."
            )
    return " ".join(reasons)


def unmarked(scoring: Scoring, bids: Sequence[ScoredBid]) -> dict[int, int]:
    """How many verdicts each bid still needs before ranking; bids that need none are left out.

    A bid that fails by its measures as they were offered needs none. One that fails by a ruling needs them all: the
    ruling may be lifted.
    """
    wanted = {row.question_id for row in scoring.to_mark}
    waiting = {
        bid.bid_id: len(wanted - set(bid.verdicts))
        for bid in bids
        if not unmet_measures(scoring, bid, as_offered=True)
    }
    return {bid: count for bid, count in waiting.items() if count}


def _unmet_answers(scoring: Scoring, bid: ScoredBid) -> str:
    reasons = []
    for asked in scoring.questions:
        verdict = bid.verdicts.get(asked.question_id)
        if verdict is None or verdict.not_applicable:
            continue
        if asked.is_pass_fail and not verdict.is_met:
            reasons.append(f"{asked.label} is pass or fail and was not met.")
        elif (
            asked.minimum_mark is not None
            and verdict.mark is not None
            and verdict.mark < asked.minimum_mark
        ):
            reasons.append(
                f"{asked.label} needs a mark of {asked.minimum_mark} or more; it has {verdict.mark}."
            )
    return " ".join(reasons)
