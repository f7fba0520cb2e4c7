"""``make run`` as a person meets it: SQLite, the filesystem broker, a real worker and clock."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from socialvalue.demo import serve

ROOT = Path(__file__).resolve().parents[2]
SECOND_START_SECONDS = 5.0
WORK_SECONDS = 60
STOP_SECONDS = 30

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(not os.environ.get("SV_FULL"), reason="runs in make test only"),
]


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind((serve.HOST, 0))
        return int(free.getsockname()[1])


@contextmanager
def running_site(port: int, var: Path) -> Iterator[tuple[list[str], float]]:
    """``make run`` until it says where the site is; gives what it said and how long that took."""
    theirs = ("DATABASE_URL", "CELERY_BROKER_URL", "SV_ENV", "SV_FULL", "SITE_URL")
    environment = {name: text for name, text in os.environ.items() if name not in theirs}
    start = time.monotonic()
    site = subprocess.Popen(
        ["make", "run", f"PORT={port}"],
        cwd=ROOT,
        env={**environment, "SV_VAR": str(var)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert site.stdout is not None
    said: list[str] = []
    try:
        for line in site.stdout:
            said.append(line.rstrip())
            if "is running at" in line:
                break
        took = time.monotonic() - start
        assert said, "make run said nothing"
        assert "is running at" in said[-1], "\n".join(said)
        yield said, took
    finally:
        # Make hands the signal on; whatever does not stop within the time is killed with its group.
        site.terminate()
        late = threading.Timer(STOP_SECONDS, kill, [site.pid])
        late.start()
        said += [line.rstrip() for line in site.stdout]
        site.wait()
        late.cancel()
        site.stdout.close()
        kill(site.pid)


def kill(group: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


def wait_for(path: Path, text: str, seconds: float) -> bool:
    """Whether ``text`` stands in the file before ``seconds`` are over."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if path.exists() and text in path.read_text():
            return True
        time.sleep(0.1)
    return False


def test_it_is_set_up_once_serves_works_and_stops(port: int, tmp_path: Path) -> None:
    with running_site(port, tmp_path) as (said, _):
        assert said[-1].split()[5] == f"http://localhost:{port}/", "passkeys need a name"
        with urllib.request.urlopen(f"http://localhost:{port}/healthz", timeout=10) as answer:
            assert answer.status == 200
        drained = "Task reporting.rollups.tasks.drain"
        assert wait_for(tmp_path / "log" / "worker.log", drained, WORK_SECONDS)
        assert " raised unexpected" not in (tmp_path / "log" / "worker.log").read_text()
    assert "Stopped." in said
    people = said[said.index(next(row for row in said if "password" in row)) + 1 : -2]
    assert [row for row in people if "@" not in row] == []
    assert people
    serve.require_free_port(port)

    with running_site(port, tmp_path) as (said, took):
        assert [line for line in said if "demonstration data" in line or "database" in line] == []
        assert took < SECOND_START_SECONDS
    serve.require_free_port(port)
