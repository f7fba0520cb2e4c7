"""The supplier's pages of an offer, and the one page on which a buyer learns until when bids are sealed."""

from __future__ import annotations

import base64
import secrets
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import slugify

from procurement.bids.forms import BidFilterForm, OfferForm, Uploaded, WorkbookForm, read_upload
from procurement.bids.queries import (
    MyBid,
    OfferView,
    my_bids,
    my_bids_table,
    my_offer,
    offer_book,
    offer_changes,
    receipt,
    seal_state,
)
from procurement.bids.renderers import marked_workbook, offer_workbook
from procurement.bids.rules.workbook import OfferBook, refusal
from procurement.bids.services import save_offer, submit_bid
from procurement.tenders.services import london
from socialvalue.accounts.permissions import BUYER, SUPPLIER
from socialvalue.core.cells import Workbook
from socialvalue.core.errors import Conflict, DomainError, NotVisible, RuleBroken
from socialvalue.core.files import check_file
from socialvalue.core.sheets import XLSX
from socialvalue.core.tables import Table
from socialvalue.core.uploads import MemoryOnly
from socialvalue.core.views import BaseView, Deed, Download, FormPage, Page, TableDownload
from socialvalue.core.workbooks import is_ods, sheets_of, sizes_of, unpacked_bytes

PAGE_SIZE = 25


class OfTender:
    """What the pages of one offer share."""

    kwargs: dict[str, Any]
    actor: Any

    @property
    def tender_pk(self) -> int:
        return int(self.kwargs["tender_pk"])

    @cached_property
    def offer_view(self) -> OfferView:
        return my_offer(self.actor, self.tender_pk)

    def to(self, name: str) -> str:
        return reverse(f"procurement:bids:{name}", args=[self.tender_pk])


# --- the list -----------------------------------------------------------------------------------


class BidList(Page):
    """What this supplier is invited to, and where its own offers stand."""

    access = SUPPLIER
    template_name = "procurement/bids/list.html"

    def get_page(self) -> dict[str, Any]:
        form = BidFilterForm(self.request.GET)
        page = Paginator(filtered(self), PAGE_SIZE).get_page(self.request.GET.get("page"))
        return {"filter": form, "page": page}


def filtered(view: BaseView) -> list[MyBid]:
    """The rows of the list as the address asks for them, for the page and its downloads."""
    asked = view.request.GET
    return my_bids(
        view.actor,
        search=asked.get("q", ""),
        status=asked.get("status", ""),
        sort=asked.get("sort", ""),
    )


class ExportBids(TableDownload):
    """The filtered list as CSV or XLSX."""

    access = SUPPLIER

    def get_table(self) -> tuple[str, Table]:
        table = my_bids_table(filtered(self))
        return "invitations", table


# --- writing ------------------------------------------------------------------------------------


class Offer(OfTender, FormPage):
    """One page to write the whole offer. After the deadline it leads to the read-only copy."""

    access = SUPPLIER
    template_name = "procurement/bids/offer.html"
    form_class = OfferForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.offer_view.is_open:
            return HttpResponseRedirect(self.to("copy"))
        return super().get(request, *args, **kwargs)

    def get_page(self) -> dict[str, Any]:
        return {"view": self.offer_view}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"view": self.offer_view}

    def get_initial(self) -> dict[str, Any]:
        offer = self.offer_view.offer
        return {
            "version": self.offer_view.version,
            "page_key": secrets.token_hex(16),
            "price": offer.price,
        }

    def perform(self, form: OfferForm) -> str:
        try:
            save_offer(
                actor=self.actor,
                tender_id=self.tender_pk,
                offer=form.offer(),
                expected_version=form.cleaned_data["version"],
                page_key=form.cleaned_data["page_key"],
            )
        except Conflict:
            # The page says so and carries the version it now shows, so that saving again is a choice.
            data = self.request.POST.copy()
            data["version"] = str(self.offer_view.version)
            form.data = data
            raise
        if "draft" in self.request.POST:
            messages.success(self.request, "Your draft is saved. It is not submitted yet.")
            return self.to("offer")
        return self.to("check")


class Autosave(OfTender, BaseView):
    """Keeps the draft while it is typed. Answers with the totals of what was kept, and its version."""

    access = SUPPLIER
    http_method_names = ["post", "options"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.actor.is_signed_in:  # type: ignore[attr-defined]  # set by ActorMiddleware
            # A redirect to the sign-in page would look like success to a script.
            return HttpResponse(status=401)
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = OfferForm(request.POST, view=self.offer_view)
        form.is_valid()
        if "version" not in form.cleaned_data:
            return HttpResponse(status=422)
        try:
            bid = save_offer(
                actor=self.actor,
                tender_id=self.tender_pk,
                offer=form.offer(),
                expected_version=form.cleaned_data["version"],
                page_key=form.cleaned_data.get("page_key", ""),
            )
        except NotVisible:
            raise
        except DomainError as error:
            return HttpResponse(status=409 if isinstance(error, Conflict) else 422)
        view = my_offer(self.actor, self.tender_pk)
        answer = render(request, "procurement/bids/_totals.html", {"view": view})
        answer.headers["X-Version"] = str(bid.version)
        answer.headers["Cache-Control"] = "private, no-store"
        return answer


# --- submitting ---------------------------------------------------------------------------------


class Check(OfTender, Page):
    """Everything that would be submitted, and what is missing."""

    access = SUPPLIER
    template_name = "procurement/bids/check.html"

    def get_page(self) -> dict[str, Any]:
        return {"view": self.offer_view}


class Submit(OfTender, Deed):
    """Seals the saved draft. The check page says what stood in the way: messages must not hold what was offered."""

    access = SUPPLIER

    def perform(self) -> str:
        version = self.request.POST.get("version", "")
        try:
            submit_bid(
                actor=self.actor,
                tender_id=self.tender_pk,
                expected_version=int(version) if version.isdecimal() else None,
            )
        except Conflict as error:
            messages.error(self.request, error.message)
            return self.to("check")
        except RuleBroken as error:
            is_about_content = any(name for name, _ in error.errors)
            messages.error(
                self.request,
                "The offer was not submitted: mend what is listed below first."
                if is_about_content
                else error.message,
            )
            return self.to("check")
        return self.to("receipt")


class ReceiptPage(OfTender, Page):
    access = SUPPLIER
    template_name = "procurement/bids/receipt.html"

    def get_page(self) -> dict[str, Any]:
        return {"receipt": receipt(self.actor, self.tender_pk), "view": self.offer_view}


class Copy(OfTender, Page):
    """The supplier's own offer to read: what was submitted, or the draft that was not."""

    access = SUPPLIER
    template_name = "procurement/bids/copy.html"

    def get_page(self) -> dict[str, Any]:
        view = self.offer_view
        return {
            "view": my_offer(self.actor, self.tender_pk, submitted=True)
            if view.is_submitted
            else view
        }


# --- working offline ----------------------------------------------------------------------------

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
        return {"view": self.offer_view}

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


# --- the buyer ----------------------------------------------------------------------------------


class Sealed(Page):
    """Until when the bids are sealed; afterwards the way to open them."""

    access = BUYER
    template_name = "procurement/bids/sealed.html"

    def get_page(self) -> dict[str, Any]:
        return {"seal": seal_state(self.actor, int(self.kwargs["procurement_pk"]))}
