"""The import contracts of pyproject.toml hold, and each of them bites."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[2]
CONFIG = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_contract_is_kept():
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout[-4000:]
    assert f"{len(CONFIG['contracts'])} kept, 0 broken" in done.stdout


# One violation for each contract, planted alone in a copy: (contract number, file, line).
PLANTS = [
    (1, "socialvalue/audit/services/deeds.py", "import socialvalue.accounts.queries"),
    (2, "socialvalue/junk.py", ""),
    (3, "procurement/policies/queries.py", "import procurement.tenders.queries"),
    (3, "procurement/newroom/__init__.py", ""),
    (4, "toms/valuation/rules.py", "import toms.frameworks.queries"),
    (5, "reporting/figures/queries.py", "import reporting.dashboards.queries"),
    (6, "procurement/bids/services.py", "import procurement.bids.forms"),
    (7, "procurement/bids/queries.py", "import procurement.tenders.services"),
    (8, "procurement/bids/renderers.py", "import procurement.tenders.queries"),
    (9, "procurement/evaluations/queries.py", "import procurement.bids.models"),
    (9, "procurement/evaluations/services.py", "from procurement import bids"),
    (10, "procurement/bids/views.py", "import procurement.bids.models"),
    (11, "reporting/figures/queries.py", "import procurement.awards.services"),
    (12, "procurement/awards/services.py", "import toms.proxies.services"),
    (13, "reporting/home/queries.py", "import weasyprint"),
    (13, "procurement/ledger/services.py", "import celery"),
    (14, "toms/valuation/rules.py", "import django"),
    (15, "socialvalue/core/errors.py", "import socialvalue.core.views"),
]


@pytest.fixture(scope="module")
def copy_of_house(tmp_path_factory):
    folder = tmp_path_factory.mktemp("house")
    for name in ("socialvalue", "toms", "procurement", "reporting"):
        shutil.copytree(
            ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "data")
        )
    (folder / "tests/architecture").mkdir(parents=True)
    for name in ("tests", "tests/architecture"):
        (folder / name / "__init__.py").write_text("")
    shutil.copy(ROOT / "tests/architecture/contracts.py", folder / "tests/architecture")
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


@pytest.mark.parametrize(("number", "file", "line"), PLANTS)
def test_a_planted_violation_is_caught(copy_of_house, number, file, line):
    path = copy_of_house / file
    before = path.read_text() if path.exists() else None
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"{before or ''}\n{line}\n")
    try:
        done = lint(copy_of_house)
    finally:
        if before is None:
            path.unlink()
            if path.name == "__init__.py":
                path.parent.rmdir()
        else:
            path.write_text(before)
    assert done.returncode == 1, done.stdout[-2000:]
    name = CONFIG["contracts"][number - 1]["name"]
    # Long names are wrapped in the output.
    assert f"{name} BROKEN" in re.sub(r"\s+", " ", done.stdout), done.stdout[-3000:]


def _patterns(value):
    if isinstance(value, str):
        yield from re.findall(r"[\w*]+(?:\.[\w*]+)+", value)
    elif isinstance(value, list):
        for item in value:
            yield from _patterns(item)


@pytest.mark.parametrize("contract", CONFIG["contracts"], ids=lambda c: c["name"])
def test_no_wildcard_matches_nothing(contract):
    """A wildcard that matches nothing passes in silence: misspelling a file name would switch a contract off."""
    graph = grimp.build_graph(*CONFIG["root_packages"], include_external_packages=False)
    wanted = [
        pattern
        for key in (
            "source_modules",
            "forbidden_modules",
            "protected_modules",
            "rooms",
            "containers",
            "allowed_importers",
        )
        for pattern in _patterns(contract.get(key, []))
        if "*" in pattern
    ]
    empty = [pattern for pattern in wanted if not graph.find_matching_modules(pattern)]
    # Optional file names that no room needs yet are named here, so that the list shrinks and never grows unseen.
    assert set(empty) <= set(), empty
