"""The one door to a PDF. It is made in a child process (``press``): WeasyPrint keeps the memory it took, and a page
that never ends must not hold a worker."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings

from socialvalue.core import press
from socialvalue.core.documents import Document, html_of
from socialvalue.core.errors import RuleBroken

PDF = "application/pdf"
SECONDS = 60
# Of address space, of which a part is only promised and never taken.
MEGABYTES = 1000
# The time inside a file whose content names no time of its own: the same content gives the same bytes.
NO_TIME = datetime(2000, 1, 1, tzinfo=UTC)
NO_PANGO = (
    "The PDF could not be made: the text library Pango is missing on the server. Ask the people who run this service "
    "to install it (on Debian: apt install libpango-1.0-0 libpangoft2-1.0-0), then try again. Nothing is lost."
)
TOO_LONG = "The PDF took too long and was stopped. Nothing is lost. {instead}"
TOO_BIG = "The PDF needed more memory than it may take and was stopped. Nothing is lost. {instead}"
BROKEN = (
    "The PDF could not be made. Nothing is lost. {instead} Tell the people who run this service."
)
ON_THE_PAGE = "The same content is on the web page."
AS_WORD = "Download it as Word instead: it says the same."
# How a process ends that asked for memory in vain: libraries stop it themselves, the system kills it.
_NO_MEMORY = (press.EXIT_NO_MEMORY, -5, -6, -9)


@dataclass(frozen=True, slots=True)
class Printed:
    """A PDF with what it took: seconds of CPU and the most memory, in megabytes."""

    content: bytes
    pages: int
    seconds: float
    megabytes: int


def fonts_folder() -> Path:
    return Path(settings.BASE_DIR) / "static" / "build" / "fonts"


def pdf_of(document: Document) -> bytes:
    """The document as a tagged PDF (PDF/UA-1). The same document gives the same bytes. RuleBroken as ``printed``."""
    return printed(html_of(document), instead=AS_WORD).content


def printed(
    html: str,
    *,
    created: datetime = NO_TIME,
    seconds: int = SECONDS,
    megabytes: int = MEGABYTES,
    instead: str = ON_THE_PAGE,
) -> Printed:
    """A whole HTML file as a tagged PDF (PDF/UA-1). The same file gives the same bytes.

    RuleBroken with a sentence for people when Pango is missing, or it takes longer than ``seconds`` or more address
    space than ``megabytes``; ``instead`` says where the same can be read.
    """
    try:
        # The fonts are unpacked here, and go with the folder however the child ends.
        with TemporaryDirectory(prefix="pdf-") as room:
            done = _pressed(html, created, room, seconds, megabytes)
    except subprocess.TimeoutExpired as error:
        raise RuleBroken(TOO_LONG.format(instead=instead)) from error
    if done.returncode == press.EXIT_NO_PANGO:
        raise RuleBroken(NO_PANGO)
    if done.returncode in _NO_MEMORY:
        raise RuleBroken(TOO_BIG.format(instead=instead))
    said = done.stderr.decode(errors="replace")
    if done.returncode or not done.stdout.startswith(b"%PDF"):
        sys.stderr.write(said[-2000:])
        raise RuleBroken(BROKEN.format(instead=instead))
    return Printed(done.stdout, **json.loads(said.rpartition(press.TOOK)[2]))


def _pressed(
    html: str, created: datetime, room: str, seconds: int, megabytes: int
) -> subprocess.CompletedProcess[bytes]:
    # Font subsets carry a time; it must be the document's, not the clock's.
    environment = os.environ | {
        "SOURCE_DATE_EPOCH": str(int(created.timestamp())),
        "PYTHONHASHSEED": "0",
        "TMPDIR": room,
    }
    main = Path(press.__file__).with_name("__main__.py")
    return subprocess.run(  # noqa: S603  # our own module, no words of a user among the arguments
        [sys.executable, "-P", str(main), str(fonts_folder()), str(megabytes)],
        input=html.encode(),
        capture_output=True,
        timeout=seconds,
        env=environment,
        check=False,
    )
