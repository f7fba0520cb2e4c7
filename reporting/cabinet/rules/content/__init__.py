"""What a report holds, as plain values: built once, kept as JSON when frozen, shown as page and PDF from the same."""

from reporting.cabinet.rules.content.earlier import in_this_format
from reporting.cabinet.rules.content.jsons import (
    FORMAT,
    Json,
    canonical,
    chart_json,
    figure_json,
    hash_of,
    sha256_of,
    table_json,
    table_of,
)
from reporting.cabinet.rules.content.viewing import report_view
from reporting.cabinet.rules.content.views import (
    Block,
    CellView,
    ChartView,
    ContactView,
    FigureView,
    ParagraphView,
    Piece,
    ReportView,
    RowView,
    SectionView,
    SignOffView,
    StoryView,
    TableView,
    Text,
)

__all__ = [
    "FORMAT",
    "Block",
    "CellView",
    "ChartView",
    "ContactView",
    "FigureView",
    "Json",
    "ParagraphView",
    "Piece",
    "ReportView",
    "RowView",
    "SectionView",
    "SignOffView",
    "StoryView",
    "TableView",
    "Text",
    "canonical",
    "chart_json",
    "figure_json",
    "hash_of",
    "in_this_format",
    "report_view",
    "sha256_of",
    "table_json",
    "table_of",
]
