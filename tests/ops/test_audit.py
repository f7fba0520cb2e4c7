"""Known faults of packages: found, lived with for a stated reason, or said not to have been looked for."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FAULT = {"id": "PYSEC-2026-1", "aliases": ["CVE-2026-0001"], "fix_versions": ["2.0"]}


@pytest.fixture
def audit(tmp_path, monkeypatch):
    """The script in a repository of its own, with a pip-audit that does what it is told."""
    spec = importlib.util.spec_from_file_location("audit", ROOT / ".make" / "audit.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "base.txt").write_text("thing==1.0\n")
    (tmp_path / "requirements" / "faults-accepted").write_text("")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return module


def pip_audit(code):
    """What stands in for pip-audit; ``report`` is where it writes."""
    head = "import sys, json, time\nreport = sys.argv[sys.argv.index('--output') + 1]\n"
    Path("pip_audit.py").write_text(head + textwrap.dedent(code))


def reports(*vulns):
    rows = [{"name": "thing", "version": "1.0", "vulns": list(vulns)}]
    pip_audit(f"open(report, 'w').write({json.dumps({'dependencies': rows})!r})\nsys.exit(1)")


def test_a_known_fault_fails_and_says_what_mends_it(audit, capsys):
    reports(FAULT)
    assert audit.main() == 1
    assert "thing 1.0: PYSEC-2026-1, mended in 2.0" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["PYSEC-2026-1", "CVE-2026-0001"])
def test_a_fault_with_a_stated_reason_is_lived_with(audit, capsys, name):
    reports(FAULT)
    Path("requirements/faults-accepted").write_text(f"# why\n{name} 2026-11-01 Never called.\n")
    assert audit.main() == 0
    assert "(accepted 2026-11-01: Never called.)" in capsys.readouterr().out


def test_a_reason_for_one_fault_is_none_for_another(audit):
    reports(FAULT, {"id": "PYSEC-2026-2", "aliases": [], "fix_versions": []})
    Path("requirements/faults-accepted").write_text("PYSEC-2026-1 2026-11-01 Never called.\n")
    assert audit.main() == 1


@pytest.mark.parametrize("line", ["PYSEC-2026-1", "PYSEC-2026-1 2026-11-01", "PYSEC-2026-1 why"])
def test_an_exception_without_a_day_or_a_reason_is_none(audit, line):
    Path("requirements/faults-accepted").write_text(line)
    with pytest.raises(ValueError, match="IDENTIFIER YYYY-MM-DD REASON"):
        audit.main()


@pytest.mark.parametrize("code", ["sys.exit('no network')", "time.sleep(30)"])
def test_a_list_that_cannot_be_asked_is_said_and_does_not_hang(audit, capsys, monkeypatch, code):
    monkeypatch.setattr(audit, "SECONDS", 2)
    pip_audit(code)
    assert audit.main() == 0
    assert capsys.readouterr().out.startswith("Not checked: ")


def test_every_locked_file_is_looked_at_and_nothing_is_installed(audit):
    (Path("requirements") / "other.txt").write_text("")
    pip_audit("open(report, 'w').write(json.dumps({'dependencies': [], 'argv': sys.argv}))")
    argv = audit.asked()["argv"]
    named = [argv[n + 1] for n, word in enumerate(argv) if word == "--requirement"]
    assert named == ["requirements/base.txt", "requirements/other.txt"]
    assert {"--require-hashes", "--disable-pip"} <= set(argv)


def test_the_tests_run_it_and_no_file_of_it_names_a_place():
    assert 'check "Known faults of packages" python .make/audit.py' in (
        (ROOT / ".make" / "test").read_text()
    )
    for path in (".make/audit.py", "requirements/faults-accepted"):
        assert "://" not in (ROOT / path).read_text()


def test_the_real_exceptions_can_be_read():
    done = subprocess.run(
        [sys.executable, "-c", "import runpy; m = runpy.run_path('.make/audit.py'); "
         "m['accepted'](open('requirements/faults-accepted').read())"],
        cwd=ROOT, check=False,
    )  # fmt: skip
    assert done.returncode == 0
