"""Real processes for tests of failures: Celery workers and beat, and a PostgreSQL that may be stopped hard."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg2
from celery import current_app
from django.conf import settings
from django.db import Error, connection

ROOT = Path(__file__).resolve().parents[2]
LONGEST_SECONDS = 180
QUEUE = "celery"


def until(condition: Callable[[], Any], what: str) -> Any:
    """Ask again until it is so, and give the answer; fail with a sentence when it takes too long."""
    last = time.monotonic() + LONGEST_SECONDS
    while not (found := condition()):
        assert time.monotonic() < last, f"Waited {LONGEST_SECONDS} seconds for: {what}."
        pause(0.01)
    return found


def pause(seconds: float) -> None:
    """For attacks that strike at a random moment."""
    threading.Event().wait(seconds)


def database_url() -> str:
    """Where the connection of this process goes."""
    given = connection.settings_dict
    host = given["OPTIONS"].get("host") or given["HOST"]
    options = {"host": host} | ({"port": given["PORT"]} if given["PORT"] else {})
    secret = f":{given['PASSWORD']}" if given["PASSWORD"] else ""
    return f"postgres://{given['USER']}{secret}@/{given['NAME']}?{urlencode(options)}"


def broker() -> Any:
    """A client of the Redis that carries the messages."""
    return current_app.connection_for_write().default_channel.client


def waiting_messages() -> int:
    return broker().llen(QUEUE)


class Crew:
    """Celery processes on the database of these tests and the broker of this run. All are gone at the end."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.processes: list[Process] = []
        broker().flushdb()

    def worker(self, children: int = 1) -> Process:
        """A worker that is ready: it drains with so many processes of its own."""
        options = (
            "--pool=prefork",
            f"--concurrency={children}",
            "--without-gossip",
            "--without-mingle",
        )
        worker = self._start("worker", *options, "--loglevel=INFO")
        until(lambda: worker.is_ready, "a worker that is ready")
        return worker

    def beat(self) -> Process:
        """Whoever sends what runs by the clock."""
        schedule = self.folder / f"beat-{len(self.processes)}"
        return self._start("beat", f"--schedule={schedule}", "--pidfile=", "--loglevel=INFO")

    def _start(self, *words: str) -> Process:
        found = Process(self.folder / f"{words[0]}-{len(self.processes)}.log", words)
        self.processes.append(found)
        return found

    def stop(self) -> None:
        for process in self.processes:
            process.kill()
        broker().flushdb()


class Process:
    """One ``celery`` with its children, in a process group of its own."""

    def __init__(self, log: Path, words: tuple[str, ...]) -> None:
        self.log = log
        with log.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "celery", "-A", "socialvalue.celery", *words],
                cwd=ROOT,
                env=os.environ
                | {"DATABASE_URL": database_url(), "SV_VAR": str(settings.VAR), "SV_ENV": "test"},
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def is_ready(self) -> bool:
        assert self.process.poll() is None, f"It has ended: {self.said()[-2_000:]}"
        return " ready." in self.said()

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def received(self, task: str) -> int:
        """How many messages of a task have come in."""
        return self.said().count(f"Task {task}[")

    def children(self) -> list[int]:
        pid = self.process.pid
        with suppress(FileNotFoundError, ProcessLookupError):
            return [
                int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
            ]
        return []

    def kill_children(self) -> list[int]:
        """kill -9 to each process that drains. The worker starts others in their place."""
        killed = self.children()
        for pid in killed:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return killed

    def signal(self, number: int) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)

    def kill(self) -> None:
        """kill -9 to the whole of it."""
        self.signal(signal.SIGKILL)
        self.process.wait()


def holder_of_the_cube(lock: int) -> str | None:
    """The number of the transaction that changes the cells this moment; None while none has begun to write."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.backend_xid::text FROM pg_locks AS l JOIN pg_stat_activity AS a USING (pid) "
            "WHERE l.locktype = 'advisory' AND l.objid = %s AND l.granted AND a.datname = current_database()",
            [lock],
        )
        row = cursor.fetchone()
    return row[0] if row else None


def outcome(transaction: str) -> str:
    """``committed`` or ``aborted``, once the database knows: it finds out about a killed client late."""

    def ended() -> str | None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_xact_status(%s::text::xid8)", [transaction])
            status = cursor.fetchone()[0]
        return None if status == "in progress" else status

    return until(ended, "the end of a transaction")


def postgres_programs() -> Path:
    """Where initdb and pg_ctl are."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name)
    )
    if found:
        return found[-1]
    return Path(shutil.which("initdb") or "initdb").parent


class Cluster:
    """A PostgreSQL of its own with a copy of the tests' database, to which this process turns while it lives."""

    def __init__(self) -> None:
        self.bin = postgres_programs()
        # A short path: a unix socket's may have 107 characters.
        self.folder = Path(tempfile.mkdtemp(prefix="sv.", dir="/tmp"))
        self.before = {key: connection.settings_dict[key] for key in ("NAME", "HOST", "OPTIONS")}
        copied = database_url()
        if os.getuid() == 0:
            shutil.chown(self.folder, "postgres")
        self.folder.chmod(0o755)
        self._run(
            "initdb", "-U", "sv", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"
        )
        self.start()
        address = f"postgres://sv@/postgres?{urlencode({'host': str(self.folder)})}"
        rows = subprocess.run(
            [self.bin / "pg_dump", "--no-owner", copied], capture_output=True, check=True
        ).stdout
        subprocess.run(
            [self.bin / "psql", "-q", "-v", "ON_ERROR_STOP=1", address],
            input=rows, capture_output=True, check=True,
        )  # fmt: skip
        connection.close()
        connection.settings_dict.update(
            NAME="postgres", HOST="", OPTIONS={"host": str(self.folder)}
        )

    def _run(self, program: str, *words: str) -> None:
        command = [str(self.bin / program), "-D", str(self.folder / "data"), *words]
        if os.getuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        with (self.folder / f"{program}.log").open("ab") as log:
            subprocess.run(command, stdout=log, stderr=log, check=True, cwd="/")

    def start(self) -> None:
        """As it is started on a server, fsync on, but for the socket."""
        options = f"-c listen_addresses='' -k {self.folder}"
        self._run(
            "pg_ctl",
            "-w",
            "-t",
            "120",
            "-l",
            str(self.folder / "data" / "log"),
            "-o",
            options,
            "start",
        )

    def stop_at_once(self) -> None:
        """Without a word to its clients and without a checkpoint: it has to recover when it starts."""
        self._run("pg_ctl", "-m", "immediate", "stop")

    @property
    def is_up(self) -> bool:
        try:
            psycopg2.connect(f"host={self.folder} user=sv dbname=postgres").close()
        except psycopg2.OperationalError:
            return False
        return True

    def remove(self) -> None:
        connection.close()
        connection.settings_dict.update(self.before)
        with suppress(subprocess.CalledProcessError):
            self.stop_at_once()
        shutil.rmtree(self.folder, ignore_errors=True)


GONE = (Error, psycopg2.Error)
"""What a client hears from a database that was stopped under it."""
