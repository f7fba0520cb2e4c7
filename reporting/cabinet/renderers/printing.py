"""A report as PDF, and outputs packed together."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime

from reporting.cabinet.renderers.document import print_html
from reporting.cabinet.rules.content import ReportView
from socialvalue.core.pdf import SECONDS, printed

ZIP_DATE = (1980, 1, 1, 0, 0, 0)


def pdf(report: ReportView, *, seconds: int = SECONDS) -> bytes:
    """The report as a tagged PDF (PDF/UA-1). The same report gives the same bytes.

    RuleBroken with a sentence for people when Pango is missing or it takes longer than ``seconds``.
    """
    created = datetime.fromisoformat(report.created)
    return printed(print_html(report), created=created, seconds=seconds)


def pack(files: dict[str, bytes]) -> bytes:
    """One ZIP of the outputs, the same bytes for the same files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, ZIP_DATE), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
