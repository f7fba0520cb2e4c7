"""Two people at once, really: threads with their own connections to PostgreSQL.

Each guard has a control beside it: the same race without the guard, which goes wrong. A race whose control does not
show the fault proves nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from socialvalue.core.errors import DomainError
from tests.races.crew import Crew

TIMEOUT = 30


@pytest.fixture(autouse=True)
def _on_postgres():
    if connection.vendor != "postgresql":
        pytest.skip("Races need PostgreSQL: SQLite lets one writer in at a time.")


@pytest.fixture
def together() -> Callable[..., list[Any]]:
    """Run the deeds at the same moment, each on its own connection; give what each returned or raised."""

    def run(*deeds: Callable[[], Any]) -> list[Any]:
        start = threading.Barrier(len(deeds), timeout=TIMEOUT)

        def one(deed: Callable[[], Any]) -> Any:
            try:
                connection.ensure_connection()
                start.wait()
                return deed()
            except (DomainError, threading.BrokenBarrierError) as error:
                return error
            finally:
                connection.close()

        with ThreadPoolExecutor(len(deeds)) as pool:
            return [
                done.result(timeout=TIMEOUT) for done in [pool.submit(one, deed) for deed in deeds]
            ]

    return run


@pytest.fixture
def crew(tmp_path: Path) -> Iterator[Crew]:
    """Celery processes of our own, on the database of these tests and the broker of this run."""
    crew = Crew(tmp_path)
    yield crew
    crew.stop()
