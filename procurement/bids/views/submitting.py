"""Check, submit, receipt, and the copy to read."""

from __future__ import annotations

from typing import Any

from django.contrib import messages

from procurement.bids.queries import my_offer, receipt
from procurement.bids.services import submit_bid
from procurement.bids.views.sharing import OfTender
from socialvalue.accounts.permissions import SUPPLIER
from socialvalue.core.errors import Conflict, RuleBroken
from socialvalue.core.views import Deed, Page


class Check(OfTender, Page):
    """Everything that would be submitted, and what is missing."""

    access = SUPPLIER
    template_name = "procurement/bids/check.html"

    def get_page(self) -> dict[str, Any]:
        return {"view": self.offer_view, "who": self.who()} | self.told()


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
        sent = my_offer(self.actor, self.tender_pk, submitted=True) if view.is_submitted else view
        return {"view": sent, "who": self.who()} | self.told()
