"""A report as PDF, and outputs packed together.

The PDF is made in a child process (``press.py``): WeasyPrint keeps the memory it took, and a page that never ends must
not hold a worker.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings

from reporting.cabinet.renderers import press
from reporting.cabinet.renderers.document import print_html
from reporting.cabinet.rules.content import ReportView
from socialvalue.core.errors import RuleBroken

SECONDS = 60
NO_PANGO = (
    "The PDF could not be made: the text library Pango is missing on the server. Ask the people who run this service "
    "to install it (on Debian: apt install libpango-1.0-0 libpangoft2-1.0-0), then try again. The report is safe."
)
TOO_LONG = (
    "The PDF took too long and was stopped. Try again in a few minutes. The report itself is safe, and its web page "
    "has the same content."
)
BROKEN = (
    "The PDF could not be made. The report itself is safe, and its web page has the same content. "
    "Tell the people who run this service."
)
ZIP_DATE = (1980, 1, 1, 0, 0, 0)


def fonts_folder() -> Path:
    return Path(settings.BASE_DIR) / "static" / "build" / "fonts"


def pdf(report: ReportView, *, seconds: int = SECONDS) -> bytes:
    """The report as a tagged PDF (PDF/UA-1). The same report gives the same bytes.

    RuleBroken with a sentence for people when Pango is missing or it takes longer than ``seconds``.
    """
    html = print_html(report)
    created = datetime.fromisoformat(report.created)
    try:
        # The fonts are unpacked here, and go with the folder however the child ends.
        with TemporaryDirectory(prefix="pdf-") as room:
            done = _printed(html, created, room, seconds)
    except subprocess.TimeoutExpired as error:
        raise RuleBroken(TOO_LONG) from error
    if done.returncode == press.EXIT_NO_PANGO:
        raise RuleBroken(NO_PANGO)
    if done.returncode or not done.stdout.startswith(b"%PDF"):
        sys.stderr.write(done.stderr.decode(errors="replace")[-2000:])
        raise RuleBroken(BROKEN)
    return done.stdout


def _printed(
    html: str, created: datetime, room: str, seconds: int
) -> subprocess.CompletedProcess[bytes]:
    # Font subsets carry a time; it must be the report's, not the clock's.
    environment = os.environ | {
        "SOURCE_DATE_EPOCH": str(int(created.timestamp())),
        "PYTHONHASHSEED": "0",
        "TMPDIR": room,
    }
    return subprocess.run(  # noqa: S603  # our own module, no words of a user among the arguments
        [sys.executable, "-P", press.__file__, str(fonts_folder())],
        input=html.encode(),
        capture_output=True,
        timeout=seconds,
        env=environment,
        check=False,
    )


def pack(files: dict[str, bytes]) -> bytes:
    """One ZIP of the outputs, the same bytes for the same files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, ZIP_DATE), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
