"""Contents frozen in format 1, read as if they had been written in this one. Words and figures stay as they are."""

from __future__ import annotations

from reporting.cabinet.rules.content.jsons import FORMAT, Json
from reporting.cabinet.rules.format_one import EXHIBITS, HEADINGS, NUMBERED
from reporting.cabinet.vocabulary import ReportKind


def in_this_format(content: Json) -> Json:
    """The content with everything this format says of it. A content of this format is given back as it is."""
    if content["format"] == FORMAT:
        return content
    sections = [_section(row) for row in content["sections"]]
    figures = [
        {**row, "ref": f"F{n}", "is_used": True, "query": {}, "rows": None}
        for n, row in enumerate(content["figures"], start=1)
    ]
    return {
        **content,
        "kind": ReportKind.CABINET.value,
        "committee": "Cabinet",
        "quarter": None,
        "directorate": "",
        "region": "",
        "about": content["organisation"],
        "issue": 1,
        "replaces": None,
        "editions": [],
        "sign_offs": [],
        "sections": sections,
        "figures": figures,
        "exhibits": {"chart": content["charts"], "table": content["tables"], "story": {}},
        "entries": None,
        "counted": [],
        "foi": None,
    }


def _section(row: Json) -> Json:
    kind = row["kind"]
    exhibits = [exhibit.typed for exhibit in EXHIBITS.get(kind, ())]
    return {
        "kind": kind,
        "heading": HEADINGS[kind],
        "is_numbered": kind in NUMBERED,
        "narrative": "\n\n".join([row["narrative"], *exhibits]),
    }
