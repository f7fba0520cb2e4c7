"""The demonstration site as one process group: web server, worker, clock, stopped together.

Only the standard library is used here, so the port is checked before anything is installed.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

HOST = "127.0.0.1"
READY_WITHIN_SECONDS = 60.0
STOP_WITHIN_SECONDS = 10.0
LAST_WORDS = 8
PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of prctl(2)


class CannotServe(Exception):
    """The site cannot start or went down; the text is a sentence for the person who started it."""


@dataclass(frozen=True)
class Child:
    """One process of the site: what people call it, and how it is started.

    One that ``waits`` starts when the site answers, so that it does not slow the first page.
    """

    name: str
    command: Sequence[str]
    waits: bool = False


def port_from(text: str) -> int:
    """The port a person typed. Raises CannotServe when it is no port."""
    if text.isascii() and text.isdecimal() and 1 <= int(text) <= 65535:
        return int(text)
    raise CannotServe(f"PORT must be a whole number from 1 to 65535, not {text!r}.")


def require_free_port(port: int) -> None:
    """Raise CannotServe when the site could not listen on ``port``."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            raise CannotServe(
                f"Port {port} needs administrator rights. Choose one above 1023: make run PORT=8000"
            ) from None
        except OSError:
            other = port + 1 if port < 65535 else 8000
            raise CannotServe(
                f"Port {port} is already in use. Stop the program that uses it, "
                f"or choose another port: make run PORT={other}"
            ) from None


def site_children(port: int, var: Path) -> list[Child]:
    """The web server, the worker and the clock, listening and keeping their state where told."""
    celery = [sys.executable, "-m", "celery", "-A", "socialvalue.celery"]
    return [
        Child(
            "web server",
            [
                *[sys.executable, "-m", "gunicorn", "socialvalue.wsgi:application"],
                *["--bind", f"{HOST}:{port}", "--worker-class", "gthread"],
                # One process: SQLite has one writer, and threads share its page cache.
                *["--workers", "1", "--threads", "8", "--graceful-timeout", "5"],
                *["--no-control-socket", "--log-level", "warning"],
                *["--logger-class", "socialvalue.core.access_log.AccessLog"],
            ],
        ),
        Child(
            "worker",
            [
                *[*celery, "worker", "--pool", "threads", "--concurrency", "2"],
                *["--loglevel", "INFO"],
                # One worker has nobody to gossip with, and the filesystem broker cannot.
                *["--without-gossip", "--without-mingle", "--without-heartbeat"],
            ],
            waits=True,
        ),
        Child(
            "clock",
            [
                *[*celery, "beat", "--loglevel", "INFO"],
                *["--schedule", str(var / "beat-schedule"), "--pidfile", ""],
            ],
            waits=True,
        ),
    ]


def answers(url: str) -> bool:
    """Whether ``url`` answers 200 now."""
    try:
        with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310 - our own http address
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _end_with_parent() -> None:
    """In the child before it starts: be stopped when the supervisor is killed outright (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PARENT_DEATH_SIGNAL, signal.SIGTERM)


class Supervisor:
    """Starts the children in one process group of their own, watches them, and stops them all.

    Their own group, so that Ctrl+C reaches the supervisor only and the stop has one order.
    """

    def __init__(self, children: Sequence[Child], log_folder: Path) -> None:
        self.children = children
        self.log_folder = log_folder
        self.started: list[Child] = []
        self.processes: list[subprocess.Popen[bytes]] = []
        self.is_stopping = False

    def run(self, is_ready: Callable[[], bool], when_ready: Callable[[], None]) -> None:
        """Serve until SIGINT, SIGTERM or SIGHUP. Raises CannotServe when a child ends by itself."""
        former = {
            number: signal.signal(number, self._ask_to_stop)
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        }
        try:
            self.log_folder.mkdir(parents=True, exist_ok=True)
            self._start(waiting=False)
            if self._wait_until_ready(is_ready):
                self._start(waiting=True)
                when_ready()
            while not self.is_stopping:
                self._require_all_alive()
                time.sleep(0.2)
        finally:
            self._stop()
            for number, handler in former.items():
                signal.signal(number, handler)

    def log_of(self, child: Child) -> Path:
        return self.log_folder / f"{child.name.replace(' ', '-')}.log"

    def _ask_to_stop(self, number: int, frame: FrameType | None) -> None:
        self.is_stopping = True

    def _start(self, *, waiting: bool) -> None:
        for child in self.children:
            if child.waits != waiting:
                continue
            with self.log_of(child).open("wb") as log:
                process = subprocess.Popen(  # noqa: S603 - the commands above, no shell
                    child.command,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    process_group=self.processes[0].pid if self.processes else 0,
                    preexec_fn=_end_with_parent,
                )
            self.started.append(child)
            self.processes.append(process)

    def _wait_until_ready(self, is_ready: Callable[[], bool]) -> bool:
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        while not self.is_stopping:
            self._require_all_alive()
            if is_ready():
                return True
            if time.monotonic() > deadline:
                raise CannotServe(
                    f"The site did not answer within {READY_WITHIN_SECONDS:.0f} seconds; "
                    f"the logs are in {self.log_folder}."
                )
            time.sleep(0.1)
        return False

    def _require_all_alive(self) -> None:
        for child, process in zip(self.started, self.processes, strict=True):
            if process.poll() is not None and not self.is_stopping:
                log = self.log_of(child)
                last = log.read_text(errors="replace").splitlines()[-LAST_WORDS:]
                raise CannotServe(
                    f"The {child.name} stopped by itself (exit code {process.returncode}), "
                    f"so everything was stopped. Its log is {log}"
                    + (" and ends:\n" + "\n".join(f"  {line}" for line in last) if last else ".")
                )

    def _stop(self) -> None:
        if not self.processes:
            return
        self._signal_group(signal.SIGTERM)
        deadline = time.monotonic() + STOP_WITHIN_SECONDS
        for process in self.processes:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                break
        # Whatever is left, grandchildren too.
        self._signal_group(signal.SIGKILL)
        for process in self.processes:
            process.wait()

    def _signal_group(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.processes[0].pid, number)
