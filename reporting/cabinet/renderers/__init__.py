"""A report as HTML for print, and as a tagged PDF."""

from reporting.cabinet.renderers.document import ExhibitView, exhibits, print_html
from reporting.cabinet.renderers.printing import pack, pdf

__all__ = [
    "ExhibitView",
    "exhibits",
    "pack",
    "pdf",
    "print_html",
]
