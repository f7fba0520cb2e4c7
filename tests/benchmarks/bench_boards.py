"""Dashboards: what they read, and the page, over few rows and many."""

from __future__ import annotations

import http.client
import os
import socket
import statistics
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reporting.figures.queries.positions import positions
from reporting.figures.queries.scopes import Scope, council_scope, region_scope
from reporting.figures.rules.spans import Span
from socialvalue.core.actor import Actor
from socialvalue.core.periods import FinancialYear
from tests.benchmarks.generator import World
from tests.benchmarks.ratios import Ratio, ratio, seconds_of
from tests.benchmarks.worlds import Worlds
from tests.factories.reporting import browser
from tests.races.crew import database_url, until

pytestmark = [pytest.mark.benchmark, pytest.mark.django_db(transaction=True)]

ROOT = Path(__file__).resolve().parents[2]
SMALL = "100k"
SPAN = Span(FinancialYear(2025))
YEAR = "?year=2025-26"
READINGS = 15
AT_ONCE = 4
Measure = Callable[[Ratio], None]


def council(world: World) -> Scope:
    return council_scope(world.council, SPAN)


def region(world: World) -> Scope:
    return region_scope(world.region, SPAN)


@pytest.mark.parametrize("scope_of", [council, region])
def test_reading_is_flat(
    worlds: Worlds, measure_: Measure, scope_of: Callable[[World], Scope]
) -> None:
    """The median of readings of a year and the year before, small against large.

    The target is 1 / 1.2: the large one may take a fifth longer.
    """
    if worlds.large == SMALL:
        pytest.skip("There is nothing larger to compare with: SIZE=1m or SIZE=10m.")

    def reading(size: str) -> Callable[[], float]:
        def read() -> float:
            with worlds.inside(size) as world:
                scope = scope_of(world)
                for _ in range(3):
                    positions(scope)
                return statistics.median(
                    seconds_of(lambda: positions(scope)) for _ in range(READINGS)
                )

        return read

    measure_(
        ratio(
            f"{scope_of.__name__} figures, median reading, {SMALL} against {worlds.large}",
            reading(worlds.large), reading(SMALL), target=1 / 1.2, rounds=4, timer=lambda deed: deed(),
        )
    )  # fmt: skip


@dataclass(frozen=True)
class Requests:
    """So many requests of one page by four people at once. Called, it gives seconds a request."""

    port: int
    path: str
    cookie: str
    count: int

    def __call__(self) -> float:
        def person() -> None:
            wire = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
            for _ in range(self.count // AT_ONCE):
                wire.request("GET", self.path, headers={"Cookie": self.cookie})
                answer = wire.getresponse()
                assert answer.status == 200, (self.path, answer.status)
                answer.read()
            wire.close()

        people = [threading.Thread(target=person) for _ in range(AT_ONCE)]

        def all_of_them() -> None:
            for one in people:
                one.start()
            for one in people:
                one.join()

        return seconds_of(all_of_them) / self.count


@contextmanager
def served(*, cache: bool, log: Path) -> Iterator[int]:
    """The site on this process's database, with or without its cache; gives the port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with log.open("wb") as out:
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-b", f"127.0.0.1:{port}", "-w", "2", "--threads", "2",
             "--worker-class", "gthread", "tests.benchmarks.served:application"],
            cwd=ROOT,
            env=os.environ | {"DATABASE_URL": database_url(), "SV_VAR": str(settings.VAR),
                              "SV_BENCH_CACHE": "on" if cache else "off"},
            stdout=out,
            stderr=out,
        )  # fmt: skip

    def answers() -> bool:
        assert server.poll() is None, log.read_text()[-2_000:]
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            return False
        return True

    try:
        until(answers, "a server that answers")
        yield port
    finally:
        server.terminate()
        server.wait(20)


def cookie_of(actor: Actor) -> str:
    return f"{settings.SESSION_COOKIE_NAME}={browser(actor).cookies[settings.SESSION_COOKIE_NAME].value}"


@pytest.mark.parametrize(
    ("path", "who"), [("/dashboard/", "council"), ("/region/", "region")], ids=["council", "region"]
)
@pytest.mark.parametrize(("cache", "times"), [(False, 10), (True, 2.5)], ids=["uncached", "cached"])
def test_page_against_hello(
    worlds: Worlds,
    measure_: Measure,
    say: Callable[[str], None],
    tmp_path: Path,
    path: str,
    who: str,
    cache: bool,
    times: float,
) -> None:
    """Four people at once, signed in; the baseline is a view that says hello, through the same middleware."""
    with worlds.inside() as world, served(cache=cache, log=tmp_path / "served.log") as port:
        cookie = cookie_of(getattr(world, who))
        page = Requests(port, path + YEAR, cookie, 12 if not cache else 40)
        hello = Requests(port, "/hello/", cookie, 80)
        found = ratio(
            f"hello against the {who} page, c={AT_ONCE}, {'cached' if cache else 'uncached'}, {world.size.name}",
            page, hello, target=1 / times, rounds=4, timer=lambda deed: deed(),
        )  # fmt: skip
        measure_(found)
        ours, base = found.ours_seconds * 1_000, found.baseline_seconds * 1_000
        say(f"  a page {ours:.1f} ms, hello {base:.1f} ms: {ours / base:.1f} times")


PAGES = {
    "council": (
        "/dashboard/" + YEAR,
        "/ledger/" + YEAR,
        "/contracts/",
        "/",
        "/verify/",
        "/procurements/",
    ),
    "region": ("/region/" + YEAR, "/ledger/", "/"),
}


def test_query_counts(worlds: Worlds, measure_: Measure) -> None:
    """Of each page, over one row and over many."""
    with worlds.inside() as world:
        for who, paths in PAGES.items():
            for path in paths:
                one = _queries(getattr(world, f"lone_{who}"), path)
                many = _queries(getattr(world, who), path)
                measure_(
                    Ratio(f"queries of {path} as {who}, one row ({one}) against many ({many})",
                          one / many, one / many, one / many, 1, 1.0, many, one)
                )  # fmt: skip


def _queries(actor: Actor, path: str) -> int:
    """Of the second time: the first finds out what stays the same."""
    client = browser(actor)
    assert client.get(path).status_code == 200, path
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    return len(queries)
