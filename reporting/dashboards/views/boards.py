"""Council and regional dashboards, and the downloads of every table on them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import Any, ClassVar

from django.core.paginator import Paginator
from django.utils.functional import SimpleLazyObject

from reporting.dashboards import renderers
from reporting.dashboards.forms import BreakdownForm, SpanForm
from reporting.dashboards.queries.benchmark import own_benchmarks, own_table
from reporting.dashboards.queries.boards import Board, council_board
from reporting.dashboards.queries.breakdown import (
    Breakdown,
    breakdown,
    dimension_of,
    measures_to_choose,
)
from reporting.dashboards.queries.region import RegionBoard, board_of_region
from reporting.figures.permissions import REGION
from reporting.figures.queries.scopes import Scope, SeenRegion, region_for, scope_of
from reporting.figures.queries.stamps import Stamp, read_stamp
from reporting.figures.rules.breakdown import DIMENSIONS
from reporting.figures.rules.progress import RULE
from reporting.figures.rules.spans import file_name
from reporting.rollups.queries import Freshness
from socialvalue.accounts.permissions import BUYER
from socialvalue.core import clock
from socialvalue.core.charts import Tile
from socialvalue.core.errors import NotVisible
from socialvalue.core.sheets import CSV, XLSX, to_csv, to_xlsx
from socialvalue.core.tables import Table
from socialvalue.core.views import BaseView, Download, Page, TableDownload

CONTRACTS_A_PAGE = 10
LINES_A_PAGE = 50


class Spanned(BaseView):
    """A view about a chosen period, with or without £."""

    def span_form(self) -> SpanForm:
        return SpanForm(self.request.GET or None, today=clock.today())

    def readable_form(self) -> SpanForm:
        """For a file, which cannot say beside its rows that the period could not be read: NotVisible then."""
        form = self.span_form()
        if form.is_bound and not form.is_valid():
            raise NotVisible("There is no such period.")
        return form


class CouncilData(Spanned):
    access = BUYER

    def board(self, form: SpanForm, fresh: Freshness | None = None) -> Board:
        return council_board(
            self.actor, form.span, at=form.day, money=not self.counts_only, fresh=fresh
        )


class RegionData(Spanned):
    access = REGION

    def asked_region(self) -> SeenRegion:
        return region_for(self.actor, self.request.GET.get("region", ""))

    def scope(self, region: SeenRegion, form: SpanForm) -> Scope:
        return scope_of(region, self.actor, form.span, form.day)

    def region(self, scope: Scope, fresh: Freshness | None = None) -> RegionBoard:
        return board_of_region(self.actor, scope, money=not self.counts_only, fresh=fresh)


class Council(CouncilData, Page):
    template_name = "reporting/dashboards/council.html"

    def get_page(self) -> dict[str, Any]:
        form, stamp = self.span_form(), read_stamp()
        return kept(self, form, stamp) | on_demand(
            lambda: self.parts(form, stamp.fresh), COUNCIL_PARTS
        )

    def parts(self, form: SpanForm, fresh: Freshness) -> dict[str, Any]:
        board = self.board(form, fresh)
        page = Paginator(board.attention, CONTRACTS_A_PAGE)
        return common(board) | {
            "attention": page.get_page(self.request.GET.get("page")),
            "progress_rule": RULE,
            "benchmarks": own_benchmarks(self.actor, form.span, form.day),
        }


class Region(RegionData, Page):
    template_name = "reporting/dashboards/region.html"

    def get_page(self) -> dict[str, Any]:
        form, stamp = self.span_form(), read_stamp()
        # Asked before anything kept is shown: a body that was drawn for one region opens no other.
        found = self.asked_region()
        return (
            kept(self, form, stamp)
            | {"region_name": found.name}
            | on_demand(lambda: self.parts(found, form, stamp.fresh), REGION_PARTS)
        )

    def parts(self, found: SeenRegion, form: SpanForm, fresh: Freshness) -> dict[str, Any]:
        region = self.region(self.scope(found, form), fresh)
        tiles = [
            Tile(t.code, t.name, t.column, t.row, t.share, absent=t.absent) for t in region.tiles
        ]
        return common(region.board) | {
            "region": region,
            "map": renderers.share_map("Verified of committed by authority", tiles),
        }


BOTH = ("board", "theme_chart", "quarter_chart")
COUNCIL_PARTS = (*BOTH, "attention", "progress_rule", "benchmarks")
REGION_PARTS = (*BOTH, "region", "map")
AN_HOUR = 3600


def kept(view: Spanned, form: SpanForm, stamp: Stamp) -> dict[str, Any]:
    """What names a body that was drawn before: who may see it, what was asked, and what it was made from.

    A question that cannot be read is answered anew each time.
    """
    readable = not form.is_bound or form.is_valid()
    return {
        "form": form,
        "span": form.span,
        "kept_for": AN_HOUR if readable else 0,
        "asked": view.request.GET.urlencode(),
        "audience": (view.actor.organisation_id, sorted(view.actor.region_ids), view.counts_only),
        "stamp": stamp.text,
    }


def on_demand(make: Callable[[], dict[str, Any]], names: Sequence[str]) -> dict[str, Any]:
    """Parts of a page that are made when the page first draws one of them: not at all where its body is kept."""
    made = cache(make)
    return {name: SimpleLazyObject(partial(lambda name: made()[name], name)) for name in names}


def common(board: Board) -> dict[str, Any]:
    """What both pages show."""
    return {
        "board": board,
        "theme_chart": renderers.amounts_chart(
            "Committed, claimed and verified by theme",
            "Theme",
            board.theme_amounts,
            uid="themes",
            money=board.money,
        ),
        "quarter_chart": renderers.amounts_chart(
            "Committed, claimed and verified by quarter",
            "Quarter",
            board.quarter_amounts,
            uid="quarters",
            money=board.money,
        ),
    }


class BoardFile(Spanned, Download):
    """What is on a dashboard, exactly as filtered. Its name says of which period, and of which past date."""

    what: ClassVar[str]

    def shown(self, form: SpanForm) -> Board:
        raise NotImplementedError

    def without_pounds(self, table: Table) -> Table:
        return table.counts_only() if self.counts_only else table


class CsvDownload(BoardFile):
    """One table of it."""

    kwargs: dict[str, Any]

    def get_file(self) -> tuple[str, str, bytes]:
        form, wanted = self.readable_form(), self.kwargs["table"]
        found = self.shown(form).tables.get(wanted)
        if found is None:
            raise NotVisible("There is no such table on the dashboard.")
        name = file_name(f"{self.what}-{wanted}", form.span, form.day)
        return f"{name}.csv", CSV, to_csv(self.without_pounds(found))


class XlsxDownload(BoardFile):
    """Every table, a sheet each."""

    def get_file(self) -> tuple[str, str, bytes]:
        form = self.readable_form()
        board = self.shown(form)
        sheets = map(self.without_pounds, board.tables.values())
        foot = f"Figures as at {board.as_at}. {board.waiting}" if board.as_at else ""
        return (
            f"{file_name(self.what, form.span, form.day)}.xlsx",
            XLSX,
            to_xlsx(*sheets, foot=foot),
        )


class CouncilTables(CouncilData, BoardFile):
    what = "dashboard"

    def shown(self, form: SpanForm) -> Board:
        board = self.board(form)
        compared = [] if self.counts_only else own_benchmarks(self.actor, form.span, form.day)
        if compared:
            board.tables.add(comparison=lambda: own_table(form.span, compared))
        return board


class RegionTables(RegionData, BoardFile):
    what = "region"

    def shown(self, form: SpanForm) -> Board:
        return self.region(self.scope(self.asked_region(), form)).board


class CouncilCsv(CouncilTables, CsvDownload):
    pass


class CouncilXlsx(CouncilTables, XlsxDownload):
    pass


class RegionCsv(RegionTables, CsvDownload):
    pass


class RegionXlsx(RegionTables, XlsxDownload):
    pass


class BreakdownData(BaseView):
    """The acting authority's sums broken down by what the address names."""

    access = BUYER
    kwargs: dict[str, Any]

    def breakdown_form(self) -> BreakdownForm:
        dimension_of(self.kwargs["dimension"])
        return BreakdownForm(
            self.request.GET or None,
            today=clock.today(),
            measures=measures_to_choose(self.actor),
        )

    def found(self, form: BreakdownForm) -> Breakdown:
        return breakdown(
            self.actor,
            form.span,
            self.kwargs["dimension"],
            at=form.day,
            measure=form.chosen,
            sort=form.order,
            money=not self.counts_only,
        )


class BrokenDown(BreakdownData, Page):
    """One table, one drawing, and the way to every other breakdown of the same period."""

    template_name = "reporting/dashboards/breakdown.html"

    def get_page(self) -> dict[str, Any]:
        form = self.breakdown_form()
        found = self.found(form)
        page = Paginator(found.lines, LINES_A_PAGE)
        return {
            "form": form,
            "found": found,
            "page": page.get_page(self.request.GET.get("page")),
            "dimensions": DIMENSIONS.values(),
            "chart": renderers.amounts_chart(
                f"Committed, claimed and verified by {found.dimension.label.lower()}",
                found.dimension.label,
                found.charted,
                uid="breakdown",
                money=not self.counts_only,
            ),
        }


class BreakdownFile(BreakdownData, TableDownload):
    """Every line, as CSV or XLSX. NotVisible when the period or the measure cannot be read."""

    def get_table(self) -> tuple[str, Table]:
        form = self.breakdown_form()
        if form.is_bound and not form.is_valid():
            raise NotVisible("There is no such breakdown.")
        found = self.found(form)
        return file_name(f"by-{found.dimension.slug}", form.span, form.day), found.table
