"""The supplier's pages of an offer, and the one page on which a buyer learns until when bids are sealed."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property

from procurement.bids.forms import BidFilterForm, OfferForm
from procurement.bids.queries import (
    MyBid,
    OfferView,
    my_bids,
    my_bids_table,
    my_offer,
    receipt,
    seal_state,
)
from procurement.bids.services import save_offer, submit_bid
from socialvalue.accounts.permissions import BUYER, SUPPLIER
from socialvalue.core.errors import Conflict, DomainError, NotVisible, RuleBroken
from socialvalue.core.tables import Table
from socialvalue.core.views import BaseView, Deed, FormPage, Page, TableDownload

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


# --- the buyer ----------------------------------------------------------------------------------


class Sealed(Page):
    """Until when the bids are sealed; afterwards the way to open them."""

    access = BUYER
    template_name = "procurement/bids/sealed.html"

    def get_page(self) -> dict[str, Any]:
        return {"seal": seal_state(self.actor, int(self.kwargs["procurement_pk"]))}
