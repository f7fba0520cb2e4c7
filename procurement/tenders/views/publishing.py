"""Who is invited, and the publication."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.utils.functional import cached_property

from procurement.tenders.forms import DeadlineForm, InviteForm, SupplierSearchForm
from procurement.tenders.queries import suppliers_to_invite, tender_being_prepared
from procurement.tenders.services import invite_suppliers, publish_tender, remove_invitation
from procurement.tenders.views.prepare import OFFICER, OfTender, PreparePage
from socialvalue.core.views import Deed

MOST_SHOWN = 50


class Suppliers(PreparePage):
    """Who is invited; search for more and tick them."""

    template_name = "procurement/tenders/suppliers.html"
    form_class = InviteForm

    @cached_property
    def found(self) -> list[Any]:
        search = "" if self.request.method == "POST" else self.request.GET.get("q", "")
        return suppliers_to_invite(self.actor, self.tender.pk, search)

    def get_page(self) -> dict[str, Any]:
        page = super().get_page()
        return page | {
            "search": SupplierSearchForm(self.request.GET),
            "found_count": len(self.found),
            "most_shown": MOST_SHOWN,
        }

    def get_initial(self) -> dict[str, Any]:
        return {}

    def get_form_kwargs(self) -> dict[str, Any]:
        shown = self.found if self.request.method == "POST" else self.found[:MOST_SHOWN]
        return {"choices": shown}

    def keep(self, form: InviteForm) -> str:
        invite_suppliers(
            actor=self.actor, tender_id=self.tender.pk, supplier_ids=form.cleaned_data["suppliers"]
        )
        return self.to("suppliers")


class RemoveSupplier(OfTender, Deed):
    access = OFFICER

    def perform(self) -> str:
        tender = tender_being_prepared(self.actor, self.procurement_pk)
        remove_invitation(
            actor=self.actor, tender_id=tender.pk, supplier_id=int(self.kwargs["supplier_pk"])
        )
        return self.to("suppliers")


class Publish(PreparePage):
    """Check answers, set the deadline, publish."""

    template_name = "procurement/tenders/publish.html"
    form_class = DeadlineForm

    def keep(self, form: DeadlineForm) -> str:
        publish_tender(
            actor=self.actor,
            tender_id=self.tender.pk,
            deadline_at=form.cleaned_data["deadline_at"],
            expected_version=form.cleaned_data["version"],
        )
        messages.success(
            self.request, "The tender is published. Bids are sealed until its deadline."
        )
        return self.to("task_list")
