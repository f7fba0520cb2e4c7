"""A report as HTML for print, and as a tagged PDF."""

from reporting.cabinet.renderers.document import ExhibitView, exhibits, print_html
from reporting.cabinet.renderers.press import html_to_pdf
from reporting.cabinet.renderers.printing import fonts_folder, pack, pdf

__all__ = [
    "ExhibitView",
    "exhibits",
    "fonts_folder",
    "html_to_pdf",
    "pack",
    "pdf",
    "print_html",
]
