"""Collects the ratios of one ``make bench`` and writes them to var/bench.json."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection

from tests.benchmarks import ratios
from tests.benchmarks.generator import SIZES
from tests.benchmarks.worlds import Worlds

REPORT = Path(__file__).resolve().parents[2] / "var" / "bench.json"


@pytest.fixture(scope="session")
def found() -> list[ratios.Ratio]:
    return []


@pytest.fixture
def measure_(
    found: list[ratios.Ratio], capsys: pytest.CaptureFixture[str]
) -> Callable[[ratios.Ratio], None]:
    """Keep a ratio for the report and print it. A missed target is said, not raised."""

    def keep(result: ratios.Ratio) -> None:
        found.append(result)
        # At once: a run over ten million rows may be stopped before its end.
        ratios.write(found, REPORT)
        with capsys.disabled():
            print(f"\n  {result}")

    return keep


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Print what has no target."""

    def aloud(sentence: str) -> None:
        with capsys.disabled():
            print(f"\n  {sentence}")

    return aloud


@pytest.fixture(scope="session")
def all_worlds(django_db_setup: None, django_db_blocker: pytest.FixtureDef) -> Iterator[Worlds]:
    """``make bench SIZE=1m`` says how large the large one is."""
    size = os.environ.get("SV_BENCH_SIZE") or "100k"
    if size not in SIZES:
        pytest.exit(f"SIZE is {size!r}. Use one of {', '.join(SIZES)}.", returncode=2)
    worlds = Worlds(size)
    yield worlds
    with django_db_blocker.unblock():
        worlds.remove()


@pytest.fixture
def worlds(transactional_db: None, all_worlds: Worlds) -> Worlds:
    """Databases full of data. What a benchmark leaves in one stays there."""
    if connection.vendor != "postgresql":
        pytest.skip("A database a size: PostgreSQL only.")
    return all_worlds
