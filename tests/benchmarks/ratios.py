"""Ratios: what ours does in one run against a baseline, both sides in turns.

Times move between runs of one machine, so only a ratio of neighbours says something. A ratio is
baseline seconds / our seconds: 1.0 is as fast as the baseline, 0.5 takes twice as long.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Ratio:
    """The median of the rounds with its range, and the target it was measured for."""

    name: str
    median: float
    lowest: float
    highest: float
    rounds: int
    target: float
    ours_seconds: float
    baseline_seconds: float

    @property
    def is_met(self) -> bool:
        return self.median >= self.target

    def __str__(self) -> str:
        verdict = "met" if self.is_met else "MISSED"
        places = 2 if self.target > 0.2 else 3
        median, lowest, highest, target = (
            f"{value:.{places}f}" for value in (self.median, self.lowest, self.highest, self.target)
        )
        return f"{self.name}: {median} ({lowest} to {highest}, {self.rounds} rounds), target {target} {verdict}"


def seconds_of(deed: Callable[[], object]) -> float:
    """How long one call of ``deed`` takes."""
    start = time.perf_counter()
    deed()
    return time.perf_counter() - start


def ratio(
    name: str,
    ours: Callable[[], object],
    baseline: Callable[[], object],
    *,
    target: float,
    rounds: int = 6,
    timer: Callable[[Callable[[], object]], float] = seconds_of,
) -> Ratio:
    """Measure both sides ``rounds`` times in turns, after one round that is thrown away.

    Who goes first changes every round, so that neither side always meets a warm cache.
    Raises ValueError for fewer than four rounds: a median of three says little.
    """
    if rounds < 4:
        raise ValueError("At least 4 rounds are needed.")
    timer(baseline)
    timer(ours)
    pairs: list[tuple[float, float]] = []
    for number in range(rounds):
        if number % 2:
            our_time = timer(ours)
            pairs.append((our_time, timer(baseline)))
        else:
            base_time = timer(baseline)
            pairs.append((timer(ours), base_time))
    ratios = [base / our for our, base in pairs]
    return Ratio(
        name=name,
        median=statistics.median(ratios),
        lowest=min(ratios),
        highest=max(ratios),
        rounds=rounds,
        target=target,
        ours_seconds=statistics.median(our for our, _ in pairs),
        baseline_seconds=statistics.median(base for _, base in pairs),
    )


def write(found: list[Ratio], path: Path) -> None:
    """Write the ratios as JSON, replacing the file at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".part")
    draft.write_text(
        json.dumps([{**asdict(r), "is_met": r.is_met} for r in found], indent=2) + "\n"
    )
    draft.replace(path)
