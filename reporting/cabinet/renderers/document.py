"""A report as one HTML document with its own style: for the press, and as a file to keep."""

from __future__ import annotations

import re

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from reporting.cabinet.renderers.drawing import drawn
from reporting.cabinet.rules.content import ReportView

WEIGHTS = (400, 600, 700)
# Letters that the small fonts lack: ŵ and ŷ of Welsh, and those of many names.
_FURTHER = re.compile("[\u0100-\u0130\u0132-\u0151\u0154-\u02ba\u1e00-\u1eff]")


def press_html(report: ReportView, *, tight: int = 0) -> str:
    """The report for the press. ``tight`` is 0 to 3: the letters of a report that is to fit one page get smaller."""
    return _whole(report, is_pressed=True, tight=tight)


def print_html(report: ReportView) -> str:
    """The report as a file to keep: it needs nothing but itself."""
    return _whole(report, is_pressed=False)


def _whole(report: ReportView, *, is_pressed: bool, tight: int = 0) -> str:
    page = {"report": report, "drawn": drawn(report, cut=is_pressed), "tight": tight}
    body = render_to_string("reporting/cabinet/_body.html", {**page, "for_print": True})
    faces = _faces(body) if is_pressed else ""
    sheet = faces + render_to_string("reporting/cabinet/print.css")
    # A document by itself: it is never served as a page, so the site's rule against inline style does not meet it.
    page["look"] = format_html("<style>{}</style>", mark_safe(sheet))  # noqa: S308  # our own file
    return render_to_string("reporting/cabinet/print.html", {**page, "body": body})


def _faces(text: str) -> str:
    """The fonts that the press needs for these words. Two files of one name would be taken for one another."""
    files = {"Source Sans 3": "latin"}
    if _FURTHER.search(text):
        files["Source Sans 3 Further"] = "latin-ext"
    return "".join(
        f'@font-face{{font-family:"{name}";src:url(source-sans-3-{letters}-{weight}-normal.woff2);'
        f"font-weight:{weight}}}"
        for weight in WEIGHTS
        for name, letters in files.items()
    )
