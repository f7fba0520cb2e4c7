"""From HTML on the input to a PDF on the output, within a cap of memory."""

from __future__ import annotations

import gc
import hashlib
import io
import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from socialvalue.core.press import EXIT_NO_MEMORY, EXIT_NO_PANGO, LONG_TABLE, TOOK

if TYPE_CHECKING:
    from weasyprint import HTML, Document
    from weasyprint.text.fonts import FontConfiguration

VARIANT = "pdf/ua-1"


class Layout:
    """Lays out HTML. Reads nothing but fonts of ``fonts`` and images inside the document itself.

    OSError when the text library Pango is missing.
    """

    def __init__(self, fonts: Path) -> None:
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import URLFetcher, URLFetcherResponse

        class OnlyOwnFiles(URLFetcher):
            def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
                if url.startswith("data:"):
                    return super().fetch(url, headers)
                name = url.rsplit("/", 1)[-1]
                if url == (fonts / name).as_uri() and name.endswith(".woff2"):
                    return super().fetch(url, headers)
                raise ValueError("Only fonts of this service may be read.")

        self._base = f"{fonts.as_uri()}/"
        self._fetcher = OnlyOwnFiles(allowed_protocols={"data", "file"})
        # One for all pieces of a document: its fonts are then read once and embedded once.
        self._fonts: FontConfiguration = FontConfiguration()

    def of(self, html: str, *, variant: str | None = VARIANT) -> Document:
        """The pages of a document, with tags unless there is no ``variant``."""
        from weasyprint import HTML

        parsed: HTML = HTML(string=html, base_url=self._base, url_fetcher=self._fetcher)
        return parsed.render(font_config=self._fonts, pdf_variant=variant)


def html_to_pdf(html: str, fonts: Path) -> bytes:
    """A tagged PDF (PDF/UA-1). OSError when the text library Pango is missing."""
    return _pdf(html, fonts)[0]


def _pdf(html: str, fonts: Path) -> tuple[bytes, int]:
    layout = Layout(fonts)
    identifier = hashlib.sha256(html.encode()).hexdigest()[:32].encode()
    if LONG_TABLE in html:
        from socialvalue.core.press.long import long_pdf

        return long_pdf(html, layout, identifier)
    from socialvalue.core.press.tags import mend

    document = layout.of(html)
    out = io.BytesIO()
    document.write_pdf(
        out,
        finisher=lambda _, pdf: mend(pdf),
        pdf_variant=VARIANT,
        pdf_identifier=identifier,
    )
    return out.getvalue(), len(document.pages)


def peak_megabytes() -> int:
    """The most memory this process has held. Its own: ``ru_maxrss`` begins with what the parent held."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) // 1024
    except (OSError, StopIteration):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main(arguments: list[str]) -> int:
    """The exit code: 0 with a PDF on the output, EXIT_NO_PANGO or EXIT_NO_MEMORY."""
    fonts, megabytes = Path(arguments[0]), int(arguments[1])
    html = sys.stdin.buffer.read().decode()
    if megabytes:
        resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    # One document and then the end: looking for cycles all the time costs a tenth of it and frees almost nothing.
    gc.disable()
    try:
        content, pages = _pdf(html, fonts)
    except MemoryError:
        return EXIT_NO_MEMORY
    except OSError as error:
        sys.stderr.write(str(error))
        return EXIT_NO_PANGO
    sys.stdout.buffer.write(content)
    took: dict[str, Any] = {
        "pages": pages,
        "seconds": round(time.process_time(), 2),
        "megabytes": peak_megabytes(),
    }
    sys.stderr.write(f"\n{TOOK}{json.dumps(took)}\n")
    return 0


def run(arguments: list[str]) -> None:
    code = main(arguments)
    sys.stdout.flush()
    sys.stderr.flush()
    # Taking down a hundred thousand objects one by one would take longer than a page of the report.
    os._exit(code)
