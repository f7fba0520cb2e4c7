"""What a content frozen in format 1 did not say of itself: its headings, and the exhibits that ended its sections."""

from __future__ import annotations

from reporting.cabinet.rules.words import Exhibit

HEADINGS: dict[str, str] = {
    "recommendation": "Recommendation",
    "executive_summary": "Executive Summary",
    "financial": "Financial Implications",
    "environmental": "Environmental Implications",
    "supporting": "Supporting Information",
    "timescales": "Timescales associated with the decision and next steps",
    "appendices": "Appendices",
    "background_papers": "Background Papers",
}
NUMBERED = ("executive_summary", "financial", "environmental", "supporting", "timescales")
EXHIBITS: dict[str, tuple[Exhibit, ...]] = {
    "executive_summary": (Exhibit("chart", "themes"), Exhibit("table", "themes")),
    "financial": (Exhibit("chart", "quarters"), Exhibit("table", "quarters")),
    "environmental": (Exhibit("table", "environment"),),
    "supporting": (
        Exhibit("table", "compared"),
        Exhibit("table", "contracts"),
        Exhibit("table", "measures"),
    ),
    "appendices": (Exhibit("table", "definitions"),),
}
