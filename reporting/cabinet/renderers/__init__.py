"""A report as HTML for print, as a tagged PDF, and all of its files."""

from reporting.cabinet.renderers.document import press_html, print_html
from reporting.cabinet.renderers.drawing import Drawn, drawn
from reporting.cabinet.renderers.files import Outputs, Rendered, outputs
from reporting.cabinet.renderers.printing import pack, pdf

__all__ = [
    "Drawn",
    "Outputs",
    "Rendered",
    "drawn",
    "outputs",
    "pack",
    "pdf",
    "press_html",
    "print_html",
]
