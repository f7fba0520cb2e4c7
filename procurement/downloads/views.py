"""The page on which to wait for a long file, and the file."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator

from procurement.downloads import queries
from procurement.downloads.permissions import READER
from socialvalue.core.money import count_text
from socialvalue.core.purging import days_kept
from socialvalue.core.sheets import XLSX
from socialvalue.core.views import Download, Page

PAGE_SIZE = 25


class Files(Page):
    """The person's own files, latest first."""

    access = READER
    template_name = "procurement/downloads/files.html"

    def get_page(self) -> dict[str, Any]:
        files = queries.files_of(self.actor)
        page = Paginator(files, PAGE_SIZE).get_page(self.request.GET.get("page"))
        return {
            "page": page,
            "rows": [queries.view_of(row) for row in page.object_list],
            "lead": "Lists too long to wait for, written as Excel files in the background. "
            f"Each is kept for {count_text(days_kept('long_files'), 'day')}, for you alone.",
        }


class File(Page):
    """How far it is, and the file once it is written."""

    access = READER
    template_name = "procurement/downloads/file.html"

    def get_page(self) -> dict[str, Any]:
        return {"file": queries.file_view(self.actor, self.kwargs["pk"])}


class Kept(Download):
    """The file as it was written."""

    access = READER

    def get_file(self) -> tuple[str, str, bytes]:
        name, content = queries.file_content(self.actor, self.kwargs["pk"])
        return name, XLSX, content
