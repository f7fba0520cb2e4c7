"""The site on a port of its own, real Chromium, people, and a real worker. PostgreSQL only, as make test has it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from celery import current_app
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.test.utils import setup_databases, teardown_databases
from django.utils import timezone
from playwright.sync_api import Browser, sync_playwright
from pytest_django.live_server_helper import LiveServer

from socialvalue.core import clock
from socialvalue.demo import people as demo_people
from socialvalue.demo import seed as demo_seed
from socialvalue.demo.stories import STORIES
from tests.browser.hands import LONGEST_SECONDS, WIDTH, Person
from tests.factories.demonstration import enter_demonstration

ROOT = Path(__file__).resolve().parents[2]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PLAYED = {
    "highways", "home-care", "cleaning", "bridge-repairs", "extra-care", "tree-works",
    "occupational-health", "school-catering-next", "library-furniture", "respite", "depot-roof",
    "transport-advice", "minibus-hire", "museum-chairs", "street-lighting", "skills-study",
}  # fmt: skip
"""Of the demonstration's stories: every ending once, and contracts of three authorities."""


@pytest.fixture(autouse=True)
def _on_postgres():
    if connection.vendor != "postgresql":
        pytest.skip("The browser tests run once, on PostgreSQL with a real worker: make test.")


def is_test_database() -> bool:
    return str(connection.settings_dict["NAME"]).startswith("test_")


@pytest.fixture(scope="session")
def database(django_db_setup, django_db_blocker) -> Iterator[None]:
    """The test database, also when no test of this run has a mark that makes pytest-django set one up."""
    if is_test_database():
        yield
        return
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False, aliases=["default"])
        assert is_test_database()
        yield
        teardown_databases(made, verbosity=0)


@pytest.fixture(scope="session")
def site(database, media_of_tests) -> Iterator[str]:
    """The address of the running site. Tests of one module may share what they entered, unlike ``live_server``."""
    # A request leaves no connection behind: the database is emptied and dropped under the running site.
    connection.settings_dict["CONN_MAX_AGE"] = 0
    server = LiveServer("127.0.0.1")
    try:
        yield server.url
    finally:
        server.stop()


@pytest.fixture(scope="session")
def chromium(site) -> Iterator[Browser]:
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright's loop runs in this thread, so Django takes every query of a test for an asynchronous one.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=FLAGS
        )
        yield browser
        browser.close()
        # Beside its loop this thread has a connection of its own.
        connections.close_all()


@pytest.fixture
def somebody(chromium, site) -> Iterator[Callable[..., Person]]:
    """Make a person with a browser of their own: ``somebody(email)``, closed at the end."""
    made: list[Person] = []

    def make(
        email: str,
        password: str = demo_people.PASSWORD,
        *,
        width: int = WIDTH,
        script: bool = True,
    ) -> Person:
        made.append(Person(chromium, site, email, password, width, script=script))
        return made[-1]

    yield make
    for person in made:
        person.close()


class Calendar:
    """Moves the day of the whole site; time goes on from there."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._patch = patch

    def go_to(self, moment: datetime) -> None:
        ahead = moment - timezone.now()
        self._patch.setattr(clock, "now", lambda: clock._fixed.get() or timezone.now() + ahead)

    def come_back(self) -> None:
        self._patch.undo()


@pytest.fixture
def calendar() -> Iterator[Calendar]:
    with pytest.MonkeyPatch.context() as patch:
        yield Calendar(patch)


@pytest.fixture
def worker(tmp_path) -> Iterator[subprocess.Popen]:
    """A Celery worker on the database of these tests and the broker of this run."""
    name = connection.settings_dict["NAME"]
    head, _, query = os.environ["DATABASE_URL"].partition("?")
    address = head.rpartition("/")[0] + f"/{name}" + (f"?{query}" if query else "")
    log = tmp_path / "worker.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "socialvalue.celery", "worker",
             "--pool=solo", "--loglevel=INFO", "--without-gossip", "--without-mingle"],
            cwd=ROOT,
            env=os.environ
            | {
                "DATABASE_URL": address,
                "SV_VAR": str(settings.VAR),
                # What it makes is downloaded here.
                "SV_MEDIA": str(settings.MEDIA_ROOT),
                "SV_ENV": "test",
            },
            stdout=out,
            stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            last = time.monotonic() + LONGEST_SECONDS
            while b" ready." not in log.read_bytes():
                assert process.poll() is None, log.read_text()
                assert time.monotonic() < last, "The worker is not ready: " + log.read_text()
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_sleep(0.02)")
            yield process
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@pytest.fixture(scope="module")
def demo(site, django_db_blocker) -> Iterator[None]:
    """A part of the demonstration, entered once for a module; jobs run at once in the site."""
    with (
        django_db_blocker.unblock(),
        pytest.MonkeyPatch.context() as patch,
    ):
        if connection.vendor != "postgresql":
            yield
            return
        # What is entered here is emptied at the end.
        assert is_test_database()
        current_app.conf.task_always_eager = True
        patch.setattr(
            demo_seed, "STORIES", tuple(story for story in STORIES if story.key in PLAYED)
        )
        try:
            enter_demonstration()
            yield
        finally:
            current_app.conf.task_always_eager = False
            call_command("flush", interactive=False, verbosity=0)
