"""The child process that makes a PDF. The only place where WeasyPrint is known.

``python press.py FONTS`` reads HTML on its input and writes the PDF to its output. It is run as a script and knows
nothing of Django or the rooms, because what it imports is paid for with every PDF.
"""

from __future__ import annotations

import gc
import hashlib
import os
import sys
from pathlib import Path

EXIT_NO_PANGO = 3


def html_to_pdf(html: str, fonts: Path) -> bytes:
    """A tagged PDF (PDF/UA-1). Reads nothing but fonts of ``fonts`` and images inside the document itself.

    OSError when the text library Pango is missing.
    """
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OnlyOwnFiles(URLFetcher):
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
            if url.startswith("data:"):
                return super().fetch(url, headers)
            name = url.rsplit("/", 1)[-1]
            if url == (fonts / name).as_uri() and name.endswith(".woff2"):
                return super().fetch(url, headers)
            raise ValueError("Only fonts of this service may be read.")

    document = HTML(
        string=html,
        base_url=f"{fonts.as_uri()}/",
        url_fetcher=OnlyOwnFiles(allowed_protocols={"data", "file"}),
    )
    identifier = hashlib.sha256(html.encode()).digest()[:16]
    result: bytes = document.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=identifier)
    return result


def main(arguments: list[str]) -> int:
    """The exit code: 0 with a PDF on the output, or EXIT_NO_PANGO."""
    html = sys.stdin.buffer.read().decode()
    # One document and then the end: looking for cycles costs a tenth of the time and frees almost nothing.
    gc.disable()
    try:
        content = html_to_pdf(html, Path(arguments[0]))
    except OSError as error:
        sys.stderr.write(str(error))
        return EXIT_NO_PANGO
    sys.stdout.buffer.write(content)
    return 0


if __name__ == "__main__":
    code = main(sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    # Taking down a hundred thousand objects one by one would take longer than a page of the report.
    os._exit(code)
