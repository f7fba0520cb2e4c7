"""A report as PDF, and outputs packed together."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import datetime

from reporting.cabinet.renderers.document import press_html
from reporting.cabinet.rules.content import ReportView
from reporting.cabinet.vocabulary import ReportKind
from socialvalue.core.pdf import Printed, printed

SECONDS = 300
"""A long annex takes minutes on a busy machine; it is made in the background."""
TIGHTEST = 3
ZIP_DATE = (1980, 1, 1, 0, 0, 0)


def pdf(report: ReportView, *, seconds: int = SECONDS) -> Printed:
    """The report as a tagged PDF (PDF/UA-1). The same report gives the same bytes.

    A one-page summary is set in smaller letters until it fits one page; one with too many words keeps the smallest.
    RuleBroken with a sentence for people when Pango is missing, or it takes too long or too much memory.
    """
    created = datetime.fromisoformat(report.created)
    tightest = TIGHTEST if report.kind == ReportKind.SUMMARY else 0
    for tight in range(tightest + 1):
        done = printed(press_html(report, tight=tight), created=created, seconds=seconds)
        if done.pages == 1:
            break
    return done


def pack(files: Mapping[str, bytes]) -> bytes:
    """One ZIP of the outputs, the same bytes for the same files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, ZIP_DATE), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
