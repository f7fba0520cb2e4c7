"""A public page as HTML, the same bytes for everybody, and its charts and files."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.template.loader import render_to_string
from django.urls import reverse

from procurement.ledger.vocabulary import Basis
from reporting.open_data.rules.telling import Line
from socialvalue.core.charts import Chart, Series, Tile, grouped_bars, tile_map
from socialvalue.core.clock import LONDON
from socialvalue.core.periods import uk_date
from socialvalue.core.sheets import CSV, XLSX, to_csv, to_xlsx
from socialvalue.core.tables import Column, Table, Value

if TYPE_CHECKING:
    from reporting.open_data.queries.pages import MemberView, PublicPage
    from reporting.open_data.queries.publications import Publisher
    from reporting.showcase.queries.published import PublishedStory

CHARTED = (Basis.COMMITTED, Basis.CLAIMED, Basis.VERIFIED)
"""Side by side. Evidenced is a part of claimed, and stands in the table."""
FORMS = ("csv", "xlsx", "json")
JSON = "application/json; charset=utf-8"


def html(template: str, page: dict[str, Any], *, counts_only: bool = False) -> bytes:
    """Drawn without a request: nothing of who asks can be in it."""
    return render_to_string(template, page | {"counts_only": counts_only}).encode()


def page_html(
    page: PublicPage, canonical: Callable[[str], str], *, counts_only: bool = False
) -> bytes:
    """The page of a year. Its links are relative, so that a preview leads to previews."""
    publisher = page.publisher
    slug = publisher.slug or publisher.own_slug
    asked = f"?year={page.span.year.slug}" + ("&counts=1" if counts_only else "")
    tables = tables_of(page, counts_only=counts_only)
    return html(
        "reporting/open_data/page.html",
        {
            "page": page,
            "headlines": [row for row in page.headlines if not (counts_only and row.is_money)],
            "publisher": publisher,
            "theme_chart": theme_chart(page),
            "map": member_map(page) if page.members else None,
            "canonical_url": canonical(reverse("reporting:open_data:page", args=[slug])),
            "as_at": as_at(page.fresh.as_at),
            "waiting": waiting(page.fresh.pending),
            "files": [
                (table.caption, [(form, f"{name}.{form}{asked}") for form in FORMS])
                for name, table in tables.items()
            ],
            "all_files": [(form, f"all.{form}{asked}") for form in ("xlsx", "json")],
        },
        counts_only=counts_only,
    )


def tables_of(page: PublicPage, *, counts_only: bool) -> dict[str, Table]:
    """What there are files of; without £ those that hold nothing else are left out."""
    if not counts_only:
        return page.tables
    figures = replace(
        page.tables["figures"],
        rows=[
            row
            for row, headline in zip(page.tables["figures"].rows, page.headlines, strict=True)
            if not headline.is_money
        ],
    )
    return {"figures": figures, "measures": page.tables["measures"].counts_only()}


def story_html(
    publisher: Publisher,
    story: PublishedStory,
    canonical: Callable[[str], str],
    *,
    counts_only: bool = False,
) -> bytes:
    slug = publisher.slug or publisher.own_slug
    address = reverse("reporting:open_data:story", args=[slug, story.card.slug])
    return html(
        "reporting/open_data/story.html",
        {"publisher": publisher, "story": story, "canonical_url": canonical(address)},
        counts_only=counts_only,
    )


def as_at(moment: datetime | None) -> str:
    """``22 November 2026, 14:03:07``, in London; empty when nothing was ever added up."""
    if moment is None:
        return ""
    local = moment.astimezone(LONDON)
    return f"{uk_date(local.date())}, {local:%H:%M:%S}"


def waiting(pending: int) -> str:
    """How many entries are not in the figures yet."""
    if not pending:
        return "Every ledger entry is in these figures."
    entries = "1 ledger entry waits" if pending == 1 else f"{pending:,} ledger entries wait"
    return f"{entries} to be added to these figures."


def theme_chart(page: PublicPage) -> Chart:
    """Committed, claimed and verified by theme; what is not told has no bar."""

    def told(line: Line, basis: str) -> Decimal | None:
        value = line.figures[basis]
        return value if isinstance(value, Decimal) else None

    lines = page.year.themes
    return grouped_bars(
        title="Committed, claimed and verified by theme",
        categories=[line.label for line in lines],
        series=[
            # A theme without entries is £0, so nothing is missing but what is not shown.
            Series(Basis(basis).label, [told(line, basis) for line in lines], "not shown")
            for basis in CHARTED
        ],
        unit="£",
        uid="themes",
        table_heading="Theme",
        note="n/s: not shown" if page.year.hides else "",
    )


def member_map(page: PublicPage) -> Chart:
    """A tile for each member; one that does not publish says so."""
    tiles = []
    for member in page.members:
        if member.column is None or member.row is None:
            continue
        share = member.line.share if member.line else None
        tiles.append(
            Tile(
                member.code,
                member.name,
                member.column,
                member.row,
                share if isinstance(share, Decimal) else None,
                member.href,
                _absent(member),
            )
        )
    return tile_map(
        title="Verified of committed by authority",
        tiles=tiles,
        uid="members",
        unit="%",
        figure_name="Verified of committed",
        is_share=True,
    )


def _absent(member: MemberView) -> str:
    """What a tile says where there is no share to write, unless nothing was reported."""
    if member.is_withheld:
        return "withheld"
    if member.line is None:
        return "not published"
    return "not shown" if isinstance(member.line.share, str) else ""


def file_of(
    page: PublicPage, name: str, form: str, *, counts_only: bool = False
) -> tuple[str, bytes] | None:
    """Media type and bytes of one table, or of all of them as ``all.xlsx`` and ``all.json``; None without such."""
    tables = tables_of(page, counts_only=counts_only)
    table = tables.get(name)
    if form == "csv" and table is not None:
        return CSV, to_csv(table)
    chosen = tables if name == "all" else {name: table} if table is not None else {}
    if not chosen:
        return None
    if form == "xlsx":
        return XLSX, to_xlsx(*chosen.values(), _about(page))
    if form == "json":
        return JSON, _json(page, chosen)
    return None


def _about(page: PublicPage) -> Table:
    """The last sheet: whose data, of when, under which licence."""
    return Table(
        "About this data",
        (Column("About this data", width=30), Column("", width=90)),
        list(_facts(page).items()),
    )


def _facts(page: PublicPage) -> dict[str, str]:
    publisher = page.publisher
    return {
        "publisher": publisher.name,
        "financial_year": page.span.year.label,
        "as_at": page.fresh.as_at.isoformat(timespec="seconds") if page.fresh.as_at else "",
        "ledger_entries_waiting": str(page.fresh.pending),
        "licence": publisher.licence_name,
        "licence_url": publisher.licence_url,
        "note": " ".join([*page.notes, publisher.data_note]).strip(),
    }


def _json(page: PublicPage, chosen: dict[str, Table]) -> bytes:
    data = {
        "about": _facts(page),
        "tables": {name: _rows(table) for name, table in chosen.items()},
    }
    return json.dumps(data, ensure_ascii=False, indent=1).encode()


def _rows(table: Table) -> dict[str, Any]:
    headings = [column.heading for column in table.columns]
    rows = [
        {heading: _plain(value) for heading, value in zip(headings, row, strict=True)}
        for row in table.rows
    ]
    return {"caption": table.caption, "rows": rows}


def _plain(value: Value) -> str | int | None:
    """Numbers as text: a reader that takes them as floats would change them."""
    return f"{value:f}" if isinstance(value, Decimal) else value if value is None else str(value)
