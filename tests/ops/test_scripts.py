"""The scripts behind make: runnable, well formed, and the same on every machine."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = sorted(
    path
    for folder in (".make", ".ci")
    for path in (ROOT / folder).iterdir()
    if path.is_file() and path.suffix != ".py"
)


def first_line(path: Path) -> str:
    return path.read_text().splitlines()[0]


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_script_parses(path: Path) -> None:
    shell = "bash" if first_line(path) == "#!/bin/bash" else "sh"
    done = subprocess.run([shell, "-n", path], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    "path", [p for p in SCRIPTS if p.suffix != ".sh"], ids=lambda path: path.name
)
def test_script_is_executable_and_stops_on_errors(path: Path) -> None:
    assert first_line(path) in ("#!/bin/sh", "#!/bin/bash")
    assert path.stat().st_mode & 0o111 == 0o111
    assert re.search(r"^(set -eu|set -euo pipefail|exec .*)$", path.read_text(), re.MULTILINE)


def test_ci_runs_make_test_and_nothing_more() -> None:
    assert (ROOT / ".ci" / "run").read_text() == "#!/bin/sh\nexec make test\n"


def test_make_alone_lists_every_target() -> None:
    shown = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    targets = re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert re.findall(r"^  make (\w+)", shown, re.MULTILINE) == targets
    assert {"help", "run", "test", "lint", "bench", "clean"} <= set(targets)


def test_every_target_has_its_script() -> None:
    named = re.findall(r"exec (\.make/\w+)", (ROOT / "Makefile").read_text())
    assert named
    assert [name for name in named if not (ROOT / name).is_file()] == []


def committed_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


# Written in halves, so that this file does not find itself.
PLACES = [
    *["/wo" + "rk/", "/ro" + "ot/", "/opt/" + "pypi", "/opt/" + "wheels"],
    *["py" + "pi.org", "python" + "hosted.org", "registry." + "npmjs", "deb." + "debian.org"],
]


def test_no_file_names_this_machine_or_a_registry() -> None:
    found = []
    for path in committed_files():
        content = path.read_bytes()
        found += [
            (str(path.relative_to(ROOT)), place)
            for place in PLACES
            if re.search(rb"(?<![\w.])" + re.escape(place.encode()), content)
        ]
    assert found == []


def test_nothing_third_party_is_committed() -> None:
    third_party = re.compile(r"(^|/)(node_modules|vendor|dist)/|\.min\.(js|css)$|\.woff2?$")
    names = [path.relative_to(ROOT).as_posix() for path in committed_files()]
    assert [name for name in names if third_party.search(name)] == []
