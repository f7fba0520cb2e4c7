"""Council and regional dashboards, and the downloads of every table on them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.paginator import Paginator

from reporting.dashboards import renderers
from reporting.dashboards.forms import SpanForm
from reporting.dashboards.queries.boards import Board, council_board
from reporting.dashboards.queries.region import RegionBoard, region_board
from reporting.figures.permissions import REGION
from reporting.figures.rules.progress import RULE
from socialvalue.accounts.permissions import BUYER
from socialvalue.core import clock
from socialvalue.core.charts import Tile
from socialvalue.core.errors import NotVisible
from socialvalue.core.sheets import CSV, XLSX, to_csv, to_xlsx
from socialvalue.core.tables import Table
from socialvalue.core.views import BaseView, Download, Page

CONTRACTS_A_PAGE = 10


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

    def board(self, form: SpanForm) -> Board:
        return council_board(self.actor, form.span, money=not self.counts_only)


class RegionData(Spanned):
    access = REGION

    def region(self, form: SpanForm) -> RegionBoard:
        slug = self.request.GET.get("region", "")
        return region_board(self.actor, form.span, slug, money=not self.counts_only)


class Council(CouncilData, Page):
    template_name = "reporting/dashboards/council.html"

    def get_page(self) -> dict[str, Any]:
        form = self.span_form()
        board = self.board(form)
        page = Paginator(board.attention, CONTRACTS_A_PAGE)
        return common(form, board) | {
            "attention": page.get_page(self.request.GET.get("page")),
            "progress_rule": RULE,
        }


class Region(RegionData, Page):
    template_name = "reporting/dashboards/region.html"

    def get_page(self) -> dict[str, Any]:
        form = self.span_form()
        region = self.region(form)
        tiles = [Tile(t.code, t.name, t.column, t.row, t.share) for t in region.tiles]
        return common(form, region.board) | {
            "region": region,
            "map": renderers.share_map("Verified of committed by authority", tiles),
        }


def common(form: SpanForm, board: Board) -> dict[str, Any]:
    """What both pages show."""
    return {
        "form": form,
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


class CsvDownload(Download):
    """One table of the dashboard, exactly as filtered."""

    kwargs: dict[str, Any]
    what: ClassVar[str]

    def tables(self) -> dict[str, Table]:
        raise NotImplementedError

    def get_file(self) -> tuple[str, str, bytes]:
        found = self.tables().get(self.kwargs["table"])
        if found is None:
            raise NotVisible("There is no such table on the dashboard.")
        shown = found.counts_only() if self.counts_only else found
        return f"{self.what}-{self.kwargs['table']}.csv", CSV, to_csv(shown)


class XlsxDownload(Download):
    """Every table of the dashboard, a sheet each."""

    what: ClassVar[str]

    def tables(self) -> dict[str, Table]:
        raise NotImplementedError

    def get_file(self) -> tuple[str, str, bytes]:
        found = self.tables().values()
        shown = [table.counts_only() for table in found] if self.counts_only else found
        return f"{self.what}.xlsx", XLSX, to_xlsx(*shown)


class CouncilTables(CouncilData):
    what = "dashboard"

    def tables(self) -> dict[str, Table]:
        return self.board(self.readable_form()).tables


class RegionTables(RegionData):
    what = "region"

    def tables(self) -> dict[str, Table]:
        return self.region(self.readable_form()).board.tables


class CouncilCsv(CouncilTables, CsvDownload):
    pass


class CouncilXlsx(CouncilTables, XlsxDownload):
    pass


class RegionCsv(RegionTables, CsvDownload):
    pass


class RegionXlsx(RegionTables, XlsxDownload):
    pass
