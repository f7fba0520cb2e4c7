"""The page on which the whole offer is written, and its autosave."""

from __future__ import annotations

import re
import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from procurement.bids.forms import OfferForm
from procurement.bids.queries import earlier_for, my_offer
from procurement.bids.services import save_offer
from procurement.bids.views.sharing import OfTender
from socialvalue.accounts.permissions import SUPPLIER
from socialvalue.core.errors import Conflict, DomainError, NotVisible
from socialvalue.core.views import FormPage, ForScript

EARLIER = re.compile(r"(line|answer)-(\d{1,18})")


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
        return {
            "view": self.offer_view,
            "earlier": earlier_for(self.actor, self.offer_view.tender),
            "who": self.who(),
        } | self.told()

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
            form.see_version(self.offer_view.version)
            raise
        wanted = EARLIER.fullmatch(self.request.POST.get("earlier", ""))
        if wanted:
            name = "earlier" if wanted[1] == "line" else "earlier_answer"
            return self.to(name, int(wanted[2]))
        if "draft" in self.request.POST:
            messages.success(self.request, "Your draft is saved. It is not submitted yet.")
            return self.to("offer")
        return self.to("check")


class Autosave(OfTender, ForScript):
    """Keeps the draft while it is typed. Answers with the totals of what was kept, and its version."""

    access = SUPPLIER

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
