"""Say how many tests ran on what, and end as the whole run ended.

Usage: tally.py FOLDER SECONDS FAILED...
"""

from __future__ import annotations

import sys
import xml.etree.ElementTree as ET
from pathlib import Path

RUNS = (
    ("sqlite", "SQLite"),
    ("postgres", "PostgreSQL with row-level security"),
    ("full", "PostgreSQL, Redis, worker, browser"),
)


def counts(report: Path) -> tuple[int, int, int]:
    """Passed, failed (errors too) and skipped of one junit report; zeros when there is none."""
    if not report.exists():
        return 0, 0, 0
    suites = ET.parse(report).getroot().iter("testsuite")  # noqa: S314 - pytest wrote it just now
    total = failed = skipped = 0
    for suite in suites:
        total += int(suite.get("tests", 0))
        failed += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        skipped += int(suite.get("skipped", 0))
    return total - failed - skipped, failed, skipped


def main(folder: str, seconds: str, *failures: str) -> int:
    sums = [0, 0, 0]
    for name, title in RUNS:
        found = counts(Path(folder) / f"{name}.xml")
        sums = [a + b for a, b in zip(sums, found, strict=True)]
        passed, failed, skipped = found
        print(
            f"{title}: {passed + failed} tests ran, "
            f"{passed} passed, {failed} failed, {skipped} skipped"
        )
    print(f"It took {int(seconds) // 60} min {int(seconds) % 60} s.")
    for failure in failures:
        print(f"FAILED: {failure}")
    print(f"{sums[0]} passed, {sums[1]} failed, {sums[2]} skipped")
    return 1 if failures or not sums[0] else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
