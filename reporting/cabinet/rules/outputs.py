"""The files of a report: what they are called, what they are, and which version of the renderer makes them."""

from __future__ import annotations

from reporting.cabinet.vocabulary import OutputKind

RENDERER = "2"
"""Moved by hand when the same content would give other bytes: kept files of another version are made anew."""

ENDINGS: dict[str, str] = {
    OutputKind.PDF: "report.pdf",
    OutputKind.HTML: "report.html",
    OutputKind.XLSX: "annex.xlsx",
    OutputKind.CSV: "figures.csv",
    OutputKind.JSON: "report.json",
    OutputKind.ZIP: "report.zip",
}
ADDRESSES: dict[str, str] = {
    OutputKind.PDF: "pdf",
    OutputKind.HTML: "twin",
    OutputKind.XLSX: "xlsx",
    OutputKind.CSV: "csv",
    OutputKind.JSON: "json",
    OutputKind.ZIP: "pack",
}
"""The name of the address of each, in this room."""
MEDIA_TYPES: dict[str, str] = {
    OutputKind.PDF: "application/pdf",
    OutputKind.HTML: "text/html; charset=utf-8",
    OutputKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    OutputKind.CSV: "text/csv; charset=utf-8",
    OutputKind.JSON: "application/json",
    OutputKind.ZIP: "application/zip",
}


def file_name(report_id: int, kind: str) -> str:
    """``report-12-annex.xlsx``"""
    return f"report-{report_id}-{ENDINGS[kind]}"
