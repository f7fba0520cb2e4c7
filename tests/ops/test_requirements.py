"""Pinned packages: every pin has its hashes, and no file says where it was fetched from."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKED = sorted((ROOT / "requirements").glob("*.txt"))
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==(\S+)")


def pins_of(path: Path) -> dict[str, int]:
    """How many hashes every pinned package has."""
    found: dict[str, int] = {}
    name = ""
    for line in path.read_text().splitlines():
        if pin := PIN.match(line):
            name = pin[1].lower()
            found[name] = 0
        elif line.strip().startswith("--hash=sha256:"):
            found[name] += 1
    return found


def test_every_input_has_its_locked_file() -> None:
    inputs = {path.stem for path in (ROOT / "requirements").glob("*.in")}
    assert inputs == {path.stem for path in LOCKED} == {"assets", "base", "test"}


@pytest.mark.parametrize("path", LOCKED, ids=lambda path: path.name)
def test_every_pin_has_a_hash(path: Path) -> None:
    pins = pins_of(path)
    assert pins
    assert [name for name, hashes in pins.items() if not hashes] == []


@pytest.mark.parametrize("path", LOCKED, ids=lambda path: path.name)
def test_no_line_names_a_place(path: Path) -> None:
    strange = [
        line
        for line in path.read_text().splitlines()
        if not (PIN.match(line) or re.match(r"^ +(--hash=sha256:[0-9a-f]{64}|#)", line))
    ]
    assert strange == []
    assert "://" not in path.read_text()


@pytest.mark.parametrize("name", ["base", "test"])
def test_what_is_asked_for_is_pinned(name: str) -> None:
    asked = [
        re.split(r"[\[<>=~ ]", line)[0].lower()
        for line in (ROOT / "requirements" / f"{name}.in").read_text().splitlines()
        if line and not line.startswith(("#", "-"))
    ]
    assert [n for n in asked if n not in pins_of(ROOT / "requirements" / f"{name}.txt")] == []


def test_tests_run_on_the_versions_that_the_site_runs_on() -> None:
    def versions(name: str) -> set[str]:
        text = (ROOT / "requirements" / f"{name}.txt").read_text()
        return {match[0] for line in text.splitlines() if (match := PIN.match(line))}

    assert versions("base") - versions("test") == set()


def test_npm_lock_names_no_registry() -> None:
    assert "omit-lockfile-registry-resolved=true" in (ROOT / ".npmrc").read_text().splitlines()
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()


def test_npm_lock_belongs_to_the_package_file() -> None:
    wanted = json.loads((ROOT / "package.json").read_text())
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    exact = wanted["dependencies"] | wanted["devDependencies"]
    assert {n: locked[f"node_modules/{n}"]["version"] for n in exact} == exact
    assert [n for n, row in locked.items() if n and not row.get("integrity")] == []
