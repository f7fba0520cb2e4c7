"""The arithmetic of ``make bench``, with a timer that answers what the test says."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.benchmarks.ratios import Ratio, ratio, write


class Sides:
    """Two sides that only say who was measured; ``seconds`` answers for each."""

    def __init__(self, ours: list[float], baseline: list[float]) -> None:
        self.seconds = {"ours": [9.0, *ours], "baseline": [9.0, *baseline]}
        self.order: list[str] = []

    def ours(self) -> str:
        return "ours"

    def baseline(self) -> str:
        return "baseline"

    def timer(self, deed: Callable[[], object]) -> float:
        side = str(deed())
        self.order.append(side)
        return self.seconds[side].pop(0)


def test_the_median_of_the_rounds_with_its_range() -> None:
    sides = Sides(ours=[2.0, 4.0, 2.0, 1.0], baseline=[1.0, 1.0, 2.0, 2.0])
    found = ratio("a", sides.ours, sides.baseline, target=0.75, rounds=4, timer=sides.timer)
    assert (found.median, found.lowest, found.highest) == (0.75, 0.25, 2.0)
    assert (found.ours_seconds, found.baseline_seconds) == (2.0, 1.5)
    assert found.is_met


def test_sides_take_turns_in_going_first_after_a_round_thrown_away() -> None:
    sides = Sides(ours=[1.0] * 4, baseline=[1.0] * 4)
    ratio("a", sides.ours, sides.baseline, target=1, rounds=4, timer=sides.timer)
    b, o = "baseline", "ours"
    assert sides.order == [b, o, b, o, o, b, b, o, o, b]


def test_three_rounds_are_too_few() -> None:
    with pytest.raises(ValueError, match="At least 4 rounds"):
        ratio("a", lambda: None, lambda: None, target=1, rounds=3)


@pytest.mark.parametrize(("median", "verdict"), [(0.9, "met"), (0.8999, "MISSED")])
def test_the_verdict_comes_from_the_unrounded_median(median: float, verdict: str) -> None:
    found = Ratio("drain", median, 0.5, 1.5, 6, 0.9, 1.0, 1.0)
    assert str(found) == f"drain: 0.90 (0.50 to 1.50, 6 rounds), target 0.90 {verdict}"


def test_the_report_is_json(tmp_path: Path) -> None:
    path = tmp_path / "var" / "bench.json"
    write([Ratio("drain", 1.0, 0.5, 1.5, 6, 0.9, 1.0, 1.0)], path)
    assert json.loads(path.read_text()) == [
        {
            "name": "drain",
            "median": 1.0,
            "lowest": 0.5,
            "highest": 1.5,
            "rounds": 6,
            "target": 0.9,
            "ours_seconds": 1.0,
            "baseline_seconds": 1.0,
            "is_met": True,
        }
    ]
    assert [p.name for p in path.parent.iterdir()] == ["bench.json"]
