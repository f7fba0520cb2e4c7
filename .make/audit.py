"""Hold the pinned packages against the public lists of known faults. Usage: python .make/audit.py

Ends with 1 when a fault is known that requirements/faults-accepted does not name. Where the list cannot be
reached it says so and ends with 0: a machine without the network can still run the tests.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

SECONDS = 60
ROOT = Path(__file__).resolve().parents[1]
REQUIREMENTS = Path("requirements")
ACCEPTED = REQUIREMENTS / "faults-accepted"
LINE = re.compile(r"(\S+) (\d{4}-\d{2}-\d{2}) (\S.+)")


def accepted(text: str) -> dict[str, str]:
    """Identifier of a fault and why it is lived with. ValueError for a line without a day or a reason."""
    found = {}
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            match = LINE.fullmatch(line.strip())
            if match is None:
                raise ValueError(f"{ACCEPTED}: {line!r} is not IDENTIFIER YYYY-MM-DD REASON.")
            found[match[1]] = f"{match[2]}: {match[3]}"
    return found


def faults(report: dict[str, Any]) -> list[tuple[str, set[str]]]:
    """Each known fault as a line to print, with every name it goes by."""
    return [
        (
            f"{package['name']} {package['version']}: {fault['id']}, "
            f"mended in {', '.join(fault['fix_versions']) or 'no version yet'}",
            {fault["id"], *fault.get("aliases", [])},
        )
        for package in report["dependencies"]
        for fault in package.get("vulns", [])
    ]


def asked() -> dict[str, Any] | None:
    """What pip-audit says of all pinned packages; None when it could not ask within the time."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [
            sys.executable,
            "-m",
            "pip_audit",
            "--require-hashes",
            "--disable-pip",
            "--timeout",
            "15",
        ]
        command += ["--progress-spinner", "off", "--format", "json", "--output", str(report)]
        for path in sorted(REQUIREMENTS.glob("*.txt")):
            command += ["--requirement", str(path)]
        try:
            subprocess.run(command, cwd=ROOT, timeout=SECONDS, capture_output=True, check=False)  # noqa: S603
            found: dict[str, Any] = json.loads(report.read_text())
        except (subprocess.TimeoutExpired, OSError, ValueError):
            return None
        return found


def main() -> int:
    lived_with = accepted((ROOT / ACCEPTED).read_text())
    report = asked()
    if report is None:
        print(f"Not checked: the list of known faults could not be asked within {SECONDS} seconds.")
        return 0
    known = faults(report)
    new = [line for line, names in known if not names & set(lived_with)]
    for line, names in known:
        reasons = [lived_with[name] for name in names & set(lived_with)]
        print(f"{line} (accepted {reasons[0]})" if reasons else line)
    print(
        f"{len(report['dependencies'])} packages, {len(known)} known faults, {len(new)} not accepted."
    )
    return 1 if new else 0


if __name__ == "__main__":
    sys.exit(main())
