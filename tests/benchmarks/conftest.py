"""Collects the ratios of one ``make bench`` and writes them to var/bench.json."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.benchmarks import ratios

REPORT = Path(__file__).resolve().parents[2] / "var" / "bench.json"


@pytest.fixture(scope="session")
def found() -> Iterator[list[ratios.Ratio]]:
    measured: list[ratios.Ratio] = []
    yield measured
    if measured:
        ratios.write(measured, REPORT)


@pytest.fixture
def measure_(
    found: list[ratios.Ratio], capsys: pytest.CaptureFixture[str]
) -> Callable[[ratios.Ratio], None]:
    """Keep a ratio for the report and print it. A missed target is said, not raised."""

    def keep(result: ratios.Ratio) -> None:
        found.append(result)
        with capsys.disabled():
            print(f"\n  {result}")

    return keep
