"""The supervisor of ``make run``: a clear sentence when it cannot serve, nothing left behind."""

from __future__ import annotations

import os
import re
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from socialvalue.demo import serve

ROOT = Path(__file__).resolve().parents[2]
WITHIN_SECONDS = 20

# A site of three sleepers; the second has a grandchild that will not listen to SIGTERM.
SLEEPERS = """
import sys
from pathlib import Path
from socialvalue.demo.serve import CannotServe, Child, Supervisor

folder = Path(sys.argv[1])
sleep = "import signal; signal.pause()"
deaf = (
    "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "print('deaf', flush=True); signal.pause()"
)
parent = (
    "import subprocess, sys;"
    "p = subprocess.Popen([sys.executable, '-c', sys.argv[1]], stdout=subprocess.PIPE);"
    "p.stdout.readline(); open(sys.argv[2], 'w').write(str(p.pid)); " + sleep
)
grandchild = folder / "grandchild"
children = [
    Child("web server", [sys.executable, "-c", sleep]),
    Child("worker", [sys.executable, "-c", parent, deaf, str(grandchild)]),
    Child("clock", [sys.executable, "-c", sleep], waits=True),
]
supervisor = Supervisor(children, folder)
def ready():
    return grandchild.exists() and grandchild.read_text() != ""
def tell():
    print(*[p.pid for p in supervisor.processes], grandchild.read_text(), flush=True)
supervisor.run(ready, tell)
print("stopped", flush=True)
"""


class Site:
    """A running supervisor and the handles by which the end of each of its processes is seen."""

    def __init__(self, folder: Path) -> None:
        self.supervisor = subprocess.Popen(
            [sys.executable, "-c", SLEEPERS, folder], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert self.supervisor.stdout is not None
        self.pids = [int(pid) for pid in self.supervisor.stdout.readline().split()]
        self.handles = [os.pidfd_open(pid) for pid in self.pids]

    def running(self, within: float, first: int = 4) -> list[int]:
        """Which of the ``first`` processes have not ended ``within`` seconds."""
        return [
            pid
            for pid, handle in list(zip(self.pids, self.handles, strict=True))[:first]
            if not select.select([handle], [], [], within)[0]
        ]

    def close(self) -> None:
        for handle in self.handles:
            if not select.select([handle], [], [], 0)[0]:
                signal.pidfd_send_signal(handle, signal.SIGKILL)
            os.close(handle)
        self.supervisor.kill()
        self.supervisor.communicate()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    running = Site(tmp_path)
    yield running
    running.close()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_stop_ends_children_and_grandchildren(site: Site, number: signal.Signals) -> None:
    assert len(site.pids) == 4
    assert site.running(within=0) == site.pids
    site.supervisor.send_signal(number)
    said, _ = site.supervisor.communicate(timeout=WITHIN_SECONDS)
    assert (site.supervisor.returncode, said) == (0, "stopped\n")
    assert site.running(within=WITHIN_SECONDS) == []


def test_children_share_one_process_group_that_ctrl_c_does_not_reach(site: Site) -> None:
    groups = {os.getpgid(pid) for pid in site.pids}
    assert groups == {site.pids[0]}
    assert os.getpgid(site.supervisor.pid) not in groups


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's end")
def test_a_killed_supervisor_leaves_no_child(site: Site) -> None:
    site.supervisor.kill()
    assert site.running(within=WITHIN_SECONDS, first=3) == []


def test_a_child_that_ends_stops_all_with_one_sentence(tmp_path: Path) -> None:
    children = [
        serve.Child("web server", [sys.executable, "-c", "import signal; signal.pause()"]),
        serve.Child("worker", [sys.executable, "-c", "print('no broker'); raise SystemExit(3)"]),
    ]
    supervisor = serve.Supervisor(children, tmp_path)
    with pytest.raises(serve.CannotServe) as raised:
        supervisor.run(is_ready=lambda: False, when_ready=lambda: None)
    assert str(raised.value) == (
        "The worker stopped by itself (exit code 3), so everything was stopped. "
        f"Its log is {tmp_path}/worker.log and ends:\n  no broker"
    )
    assert [process.poll() is None for process in supervisor.processes] == [False, False]


def test_a_site_that_never_answers_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve, "READY_WITHIN_SECONDS", 0.0)
    children = [serve.Child("clock", [sys.executable, "-c", "import signal; signal.pause()"])]
    with pytest.raises(serve.CannotServe, match="did not answer within 0 seconds"):
        serve.Supervisor(children, tmp_path).run(lambda: False, lambda: None)


def test_what_waits_starts_only_when_the_site_answers(tmp_path: Path) -> None:
    children = [
        serve.Child("clock", [sys.executable, "-c", "pass"], waits=True),
        serve.Child("web server", [sys.executable, "-c", "import signal; signal.pause()"]),
    ]
    supervisor = serve.Supervisor(children, tmp_path)
    seen: list[list[str]] = []

    def is_ready() -> bool:
        seen.append([child.name for child in supervisor.started])
        return len(seen) == 3

    with pytest.raises(serve.CannotServe, match=r"^The clock stopped by itself \(exit code 0\)"):
        supervisor.run(is_ready, lambda: seen.append([child.name for child in supervisor.started]))
    assert seen == [["web server"]] * 3 + [["web server", "clock"]]


def test_handlers_of_the_caller_come_back(tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGTERM)
    children = [serve.Child("clock", [sys.executable, "-c", "pass"])]
    with pytest.raises(serve.CannotServe):
        serve.Supervisor(children, tmp_path).run(lambda: False, lambda: None)
    assert signal.getsignal(signal.SIGTERM) == before


@pytest.mark.parametrize("text", ["1", "8000", "65535"])
def test_a_port_is_a_number_in_range(text: str) -> None:
    assert serve.port_from(text) == int(text)


@pytest.mark.parametrize("text", ["", "0", "65536", "-1", "80.5", "http", "٨٠"])
def test_what_is_no_port_is_named(text: str) -> None:
    with pytest.raises(serve.CannotServe) as raised:
        serve.port_from(text)
    assert str(raised.value) == f"PORT must be a whole number from 1 to 65535, not {text!r}."


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind((serve.HOST, 0))
        listener.listen()
        yield listener.getsockname()[1]


def taken_sentence(port: int) -> str:
    return (
        f"Port {port} is already in use. Stop the program that uses it, "
        f"or choose another port: make run PORT={port + 1}"
    )


def test_a_taken_port_is_one_sentence(taken_port: int) -> None:
    with pytest.raises(serve.CannotServe, match=re.escape(taken_sentence(taken_port))):
        serve.require_free_port(taken_port)


def test_a_port_that_was_let_go_is_free(taken_port: int) -> None:
    with socket.socket() as free:
        free.bind((serve.HOST, 0))
        port = free.getsockname()[1]
    serve.require_free_port(port)


def test_make_run_says_so_before_it_installs_anything(taken_port: int, tmp_path: Path) -> None:
    done = subprocess.run(
        ["make", "run", f"PORT={taken_port}"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "SV_VENV": str(tmp_path / "venv")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert (done.stdout, done.stderr.splitlines()[0]) == ("", taken_sentence(taken_port))
    assert list(tmp_path.iterdir()) == []
