"""The one door to a PDF. It is made in a child process (``press.py``): WeasyPrint keeps the memory it took, and a page
that never ends must not hold a worker."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings

from socialvalue.core import press
from socialvalue.core.documents import Document, html_of
from socialvalue.core.errors import RuleBroken

PDF = "application/pdf"
SECONDS = 60
# The time inside a file whose content names no time of its own: the same content gives the same bytes.
NO_TIME = datetime(2000, 1, 1, tzinfo=UTC)
NO_PANGO = (
    "The PDF could not be made: the text library Pango is missing on the server. Ask the people who run this service "
    "to install it (on Debian: apt install libpango-1.0-0 libpangoft2-1.0-0), then try again. Nothing is lost."
)
TOO_LONG = "The PDF took too long and was stopped. Nothing is lost. {instead}"
BROKEN = (
    "The PDF could not be made. Nothing is lost. {instead} Tell the people who run this service."
)
ON_THE_PAGE = "The same content is on the web page."
AS_WORD = "Download it as Word instead: it says the same."


def fonts_folder() -> Path:
    return Path(settings.BASE_DIR) / "static" / "build" / "fonts"


def pdf_of(document: Document) -> bytes:
    """The document as a tagged PDF (PDF/UA-1). The same document gives the same bytes. RuleBroken as ``printed``."""
    return printed(html_of(document), instead=AS_WORD)


def printed(
    html: str, *, created: datetime = NO_TIME, seconds: int = SECONDS, instead: str = ON_THE_PAGE
) -> bytes:
    """A whole HTML file as a tagged PDF (PDF/UA-1).

    RuleBroken with a sentence for people when Pango is missing or it takes longer than ``seconds``; ``instead`` says
    where the same can be read.
    """
    try:
        # The fonts are unpacked here, and go with the folder however the child ends.
        with TemporaryDirectory(prefix="pdf-") as room:
            done = _pressed(html, created, room, seconds)
    except subprocess.TimeoutExpired as error:
        raise RuleBroken(TOO_LONG.format(instead=instead)) from error
    if done.returncode == press.EXIT_NO_PANGO:
        raise RuleBroken(NO_PANGO)
    if done.returncode or not done.stdout.startswith(b"%PDF"):
        sys.stderr.write(done.stderr.decode(errors="replace")[-2000:])
        raise RuleBroken(BROKEN.format(instead=instead))
    return done.stdout


def _pressed(
    html: str, created: datetime, room: str, seconds: int
) -> subprocess.CompletedProcess[bytes]:
    # Font subsets carry a time; it must be the document's, not the clock's.
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
