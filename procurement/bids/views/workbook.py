"""Working offline: the workbook down, up, and back with its cells marked."""

from __future__ import annotations

import base64
import secrets
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.text import slugify

from procurement.bids.forms import Uploaded, WorkbookForm, read_upload
from procurement.bids.queries import OfferView, my_offer, offer_book, offer_changes
from procurement.bids.renderers import marked_workbook, offer_workbook
from procurement.bids.rules.workbook import OfferBook, refusal
from procurement.bids.views.sharing import OfTender
from procurement.tenders.services import london
from socialvalue.accounts.permissions import SUPPLIER
from socialvalue.core.cells import Workbook
from socialvalue.core.errors import RuleBroken
from socialvalue.core.files import check_file
from socialvalue.core.sheets import XLSX
from socialvalue.core.uploads import MemoryOnly
from socialvalue.core.views import BaseView, Download, FormPage
from socialvalue.core.workbooks import is_ods, sheets_of, sizes_of, unpacked_bytes

MAX_WORKBOOK = 1024 * 1024
MAX_UNPACKED = 20 * MAX_WORKBOOK
MAX_CELLS = 500_000
NO_WORKBOOK = "This is not a workbook that can be read. Save it as XLSX or ODS, and choose that."
TOO_LARGE = "The workbook is larger than 1 MB. Take out what does not belong to the offer."
TOO_MANY = (
    "The workbook has too many cells. Delete the rows and columns that do not belong to the offer."
)


class DownloadWorkbook(OfTender, Download):
    """The offer as it stands, to work in; after the deadline to read."""

    access = SUPPLIER

    def get_file(self) -> tuple[str, str, bytes]:
        return self.workbook(offer_book(self.actor, self.offer_view))

    def workbook(self, book: OfferBook) -> tuple[str, str, bytes]:
        content = offer_workbook(book, counts_only=self.counts_only)
        kind = "submitted-offer" if book.receipt else "offer"
        return f"{kind}-{slugify(book.reference)}.xlsx", XLSX, content


class DownloadSubmitted(DownloadWorkbook):
    """What was submitted, to keep: read-only, with its receipt."""

    def get_file(self) -> tuple[str, str, bytes]:
        sent = my_offer(self.actor, self.tender_pk, submitted=True)
        return self.workbook(offer_book(self.actor, sent, submitted=True))


class WorkOffline(MemoryOnly, OfTender, FormPage):
    """Download, upload, and see what would change. Nothing is saved here: the offer page does that.

    What is uploaded stays in memory: an offer is written to the database encrypted, and nowhere else.
    """

    access = SUPPLIER
    template_name = "procurement/bids/workbook.html"
    form_class = WorkbookForm
    max_upload = MAX_WORKBOOK

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.offer_view.is_open:
            return HttpResponseRedirect(self.to("copy"))
        return super().get(request, *args, **kwargs)

    def get_page(self) -> dict[str, Any]:
        return {"view": self.offer_view, "who": self.who()}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        page = self.get_page()
        form = self.build_form(bound=True)
        try:
            check_open(self.offer_view)
        except RuleBroken as error:
            form.add_error(None, error.message)
        try:
            if form.is_valid():
                content = form.cleaned_data["file"].read(MAX_WORKBOOK + 1)
                return self._answer(form, page, content)
        except RuleBroken as error:
            form.add_error("file", error.message)
        return render(request, self.template_name, page | {"form": form}, status=422)

    def _answer(self, form: WorkbookForm, page: dict[str, Any], content: bytes) -> HttpResponse:
        read = read_workbook(content)
        found = upload_of(self, read)
        if found.problems or found.elsewhere:
            form.add_error("file", nothing_saved(len(found.problems) + len(found.elsewhere)))
            kept = base64.b64encode(content).decode()
            page |= {"form": form, "found": found, "kept": kept}
            return render(self.request, self.template_name, page, status=422)
        changes = offer_changes(self.offer_view.tender, self.offer_view.offer, found.offer)
        page |= {"found": found, "changes": changes}
        return render(self.request, "procurement/bids/workbook_check.html", page)


class MarkedWorkbook(OfTender, BaseView):
    """The person's own file with its wrong cells marked. The page sends the file again: it was kept nowhere."""

    access = SUPPLIER
    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        check_open(self.offer_view)
        try:
            content = base64.b64decode(request.POST.get("kept", ""), validate=True)
        except ValueError:
            content = b""
        read = read_workbook(content)
        found = upload_of(self, read)
        response = HttpResponse(marked_workbook(read, found.problems), content_type=XLSX)
        name = f"offer-{slugify(self.offer_view.tender.reference)}-marked.xlsx"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cache-Control"] = "private, no-store"
        return response


def check_open(view: OfferView) -> None:
    """RuleBroken when nothing that is read now could be saved."""
    if view.tender.is_withdrawn:
        raise RuleBroken(
            "The authority has withdrawn this procurement. Offers are no longer taken."
        )
    if not view.is_open:
        raise RuleBroken(
            f"The deadline was {london(view.tender.deadline_at)}. The workbook was not read: offers can no longer be "
            "saved or submitted. What was submitted before then stands."
        )


def nothing_saved(count: int) -> str:
    what = "what is listed" if count == 1 else f"the {count} cells listed"
    return f"Nothing was saved. Mend {what}, then upload the workbook again"


def read_workbook(content: bytes) -> Workbook:
    """The sheets of an uploaded file. RuleBroken for one that is too large, no workbook, locked or with macros."""
    if len(content) > MAX_WORKBOOK:
        raise RuleBroken(TOO_LARGE)
    if not is_ods(content, max_bytes=MAX_WORKBOOK, otherwise=NO_WORKBOOK):
        if not content.startswith(b"PK\x03\x04"):
            raise RuleBroken(NO_WORKBOOK)
        found = check_file(name="offer", content=content, max_bytes=MAX_WORKBOOK)
        if found.media_type != XLSX:
            raise RuleBroken(NO_WORKBOOK)
    if unpacked_bytes(content) > MAX_UNPACKED:
        raise RuleBroken(TOO_MANY)
    sizes = sizes_of(content, otherwise=NO_WORKBOOK)
    if sum(rows * columns for rows, columns in sizes) > MAX_CELLS:
        raise RuleBroken(TOO_MANY)
    return sheets_of(content, otherwise=NO_WORKBOOK, with_failed=True)


def upload_of(view: WorkOffline | MarkedWorkbook, read: Workbook) -> Uploaded:
    """What an uploaded workbook comes to. RuleBroken for another tender's or another supplier's."""
    book = offer_book(view.actor, view.offer_view)
    said = refusal(read, book)
    if said:
        raise RuleBroken(said)
    return read_upload(read, book, view.offer_view, page_key=secrets.token_hex(16))
