"""Is a commitment on track? Verified to date against planned to date, on unrounded numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from socialvalue.core.money import from_pence
from toms.frameworks.vocabulary import Aggregation

ON_TRACK_FROM = Decimal(90)
AT_RISK_FROM = Decimal(60)
RULE = (
    "Verified to date is compared with what was planned to be delivered by today. On track: 90% or more. "
    "At risk: 60% or more. Behind: less than 60%. Not yet due: nothing was planned by today. "
    "Complete: all of the commitment is verified. Missed: the contract is over and less was verified. "
    "Percentages are compared before they are rounded. A contract has the status of its worst commitment: "
    "more of one measure does not make up for too little of another."
)


class Track(StrEnum):
    MISSED = "missed"
    BEHIND = "behind"
    AT_RISK = "at_risk"
    ON_TRACK = "on_track"
    COMPLETE = "complete"
    NOT_DUE = "not_due"


WORST_FIRST = (
    Track.MISSED,
    Track.BEHIND,
    Track.AT_RISK,
    Track.ON_TRACK,
    Track.COMPLETE,
    Track.NOT_DUE,
)


def track(verified: Decimal, planned: Decimal) -> Track:
    """The status to date of one commitment, quantities in its unit."""
    if planned <= 0:
        return Track.NOT_DUE
    if verified * 100 >= planned * ON_TRACK_FROM:
        return Track.ON_TRACK
    if verified * 100 >= planned * AT_RISK_FROM:
        return Track.AT_RISK
    return Track.BEHIND


def standing(
    verified: Decimal, planned: Decimal, promised: Decimal, *, is_over: bool, adds_up: bool
) -> Track:
    """Where one commitment stands, quantities in its unit.

    Complete once all that is promised is verified: what adds up at any time, a rate only when the contract is over
    (``is_over``), because until then it can still fall. Missed when the contract is over and less is verified.
    A commitment the parties gave up (``promised`` 0) is never missed.
    """
    if promised <= 0:
        return Track.NOT_DUE
    if verified >= promised and (adds_up or is_over):
        return Track.COMPLETE
    return Track.MISSED if is_over else track(verified, planned)


def worst(tracks: Sequence[Track]) -> Track:
    """The status of a contract from those of its commitments."""
    return min(tracks, key=WORST_FIRST.index, default=Track.NOT_DUE)


def needs_attention(track: Track) -> bool:
    return track in (Track.MISSED, Track.BEHIND, Track.AT_RISK)


def can_be_tracked(aggregation: str) -> bool:
    """Only what adds up or is a rate can be compared with a plan to date."""
    return aggregation in (Aggregation.SUM, Aggregation.RATIO)


def delivered(aggregation: str, quantity: Decimal, denominator: Decimal) -> Decimal:
    """Verified to date in the measure's unit: a sum, or the percentage of two sums."""
    if aggregation != Aggregation.RATIO:
        return quantity
    return Decimal(0) if denominator == 0 else quantity * 100 / denominator


def planned(aggregation: str, due: Sequence[Decimal]) -> Decimal:
    """Planned to date from the milestones due, oldest first: their sum; for a rate the latest target."""
    if aggregation == Aggregation.RATIO:
        return due[-1] if due else Decimal(0)
    return sum(due, Decimal(0))


class CommitmentProgress(NamedTuple):
    commitment_id: int
    measure_label: str
    unit: str
    planned: Decimal
    verified: Decimal
    planned_pence: int
    track: Track


@dataclass(frozen=True)
class ContractProgress:
    """Where one contract stands today. Pence are to date; ``committed_pence`` is the whole promise."""

    contract_id: int
    title: str
    reference: str
    supplier_name: str
    committed_pence: int
    planned_pence: int
    verified_pence: int
    commitment_count: int
    commitments: tuple[CommitmentProgress, ...]

    @cached_property
    def track(self) -> Track:
        return worst([row.track for row in self.commitments])

    @property
    def planned(self) -> Decimal:
        """Pounds planned to date."""
        return from_pence(self.planned_pence)

    @property
    def verified(self) -> Decimal:
        """Pounds verified to date."""
        return from_pence(self.verified_pence)

    @property
    def on_track(self) -> int:
        return sum(
            row.track in (Track.ON_TRACK, Track.COMPLETE, Track.NOT_DUE) for row in self.commitments
        )

    @property
    def needs_attention(self) -> bool:
        return needs_attention(self.track)
