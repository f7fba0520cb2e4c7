"""20,000 measure rows: a checked import, and one that is stored too, against python-calamine reading the file."""

from __future__ import annotations

import io
import itertools
import time
from collections.abc import Callable

import pytest
from python_calamine import CalamineWorkbook

from tests.benchmarks.ratios import Ratio, ratio
from tests.factories.imports import apply, owner, ready
from tests.factories.workbooks import HEADINGS, measure_rows, xlsx
from toms.frameworks import queries as frameworks
from toms.imports import queries
from toms.imports import services as imports
from toms.imports.models import FrameworkImport

pytestmark = pytest.mark.django_db(transaction=True)

ROWS = 20_000
# The whole import may take this many times as long as the reading that it cannot do without.
TIMES_READING = 3
labels = itertools.count(2000)


def seconds_of_cpu(deed: Callable[[], object]) -> float:
    """CPU seconds of this process: a busy machine moves them less than the clock on the wall."""
    start = time.process_time()
    deed()
    return time.process_time() - start


def read(content: bytes) -> int:
    """What python-calamine takes for the file: open it and take the values of its sheet."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return len(book.get_sheet_by_index(0).to_python(skip_empty_area=False))


def test_checking_20000_measures(measure_: Callable[[Ratio], None]) -> None:
    """Read, interpreted, checked cell by cell, counted and checksummed: what the preview shows."""
    content = xlsx({"Measures": [list(HEADINGS), *measure_rows(ROWS)]})
    actor = owner()
    kept = ready(actor, content)
    assert read(content) == ROWS + 1

    def ours() -> None:
        found = queries.preview(actor, kept)
        assert (found.measure_count, found.errors) == (ROWS, ())

    found = ratio(
        f"Reading {ROWS:,} measure rows, against a checked import of them",
        ours, lambda: read(content), target=1 / TIMES_READING, timer=seconds_of_cpu,
    )  # fmt: skip
    measure_(found)


def test_importing_20000_measures(
    measure_: Callable[[Ratio], None], capsys: pytest.CaptureFixture[str]
) -> None:
    """The same and stored: 20,000 measures and 15,000 values in a published edition, guards on."""
    content = xlsx({"Measures": [list(HEADINGS), *measure_rows(ROWS)]})
    actor = owner()
    waiting: list[FrameworkImport] = []

    def fresh() -> None:
        waiting.append(ready(actor, content, framework=f"Lantern {next(labels)}"))

    for _ in range(7):
        fresh()
    checksums = {kept.pk: queries.preview(actor, kept).checksum for kept in waiting}
    done: list[FrameworkImport] = []

    def ours() -> None:
        kept = waiting.pop()
        done.append(apply(actor, kept, checksum=checksums[kept.pk]))

    found = ratio(
        f"Reading {ROWS:,} measure rows, against importing them whole",
        ours, lambda: read(content), target=1 / TIMES_READING, timer=seconds_of_cpu,
    )  # fmt: skip
    measure_(found)
    edition = frameworks.edition_info(actor, done[-1].edition_slug)
    assert frameworks.measure_count(edition.id) == ROWS
    with capsys.disabled():
        print(f"  {found.ours_seconds:.2f} CPU seconds, reading alone {found.baseline_seconds:.2f}")
    imports.undo_import(actor=actor, import_id=done[-1].pk)
