"""Dividing a procurement into lots."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from procurement.procurements import queries, services
from procurement.procurements.forms import LotsFormSet
from procurement.procurements.permissions import OFFICER, why_not_divide
from procurement.procurements.views.links import thread_url
from socialvalue.core.views import Deed, FormPage

if TYPE_CHECKING:
    from procurement.procurements.models import Procurement


class LotsPage(FormPage):
    """The rows to fill in, and beside them each saved lot with the route its own value would take."""

    access = OFFICER
    template_name = "procurement/procurements/lots.html"
    form_class = LotsFormSet

    @cached_property
    def procurement(self) -> Procurement:
        return queries.procurement_for(self.actor, self.kwargs["pk"])

    @cached_property
    def lots(self) -> queries.Lots:
        return queries.lots_of(self.actor, self.procurement.pk)

    def get_page(self) -> dict[str, Any]:
        return {
            "procurement": self.procurement,
            "lots": self.lots,
            "why_not": why_not_divide(self.actor, self.procurement),
            "cancel_url": thread_url(self.procurement.pk),
        }

    def get_form_kwargs(self) -> dict[str, Any]:
        found = self.procurement
        return {"prefix": "lots", "estimate": found.estimate, "version": found.version}

    def get_initial(self) -> Any:
        rows = [{"title": row.title, "estimate": row.estimate} for row in self.lots.lines]
        return rows or [{}, {}]

    def perform(self, form: Any) -> str:
        services.set_lots(
            actor=self.actor,
            procurement_id=self.procurement.pk,
            expected_version=form.expected_version,
            lots=form.inputs(),
        )
        return thread_url(self.procurement.pk)


class TenderInLots(Deed):
    """From here on each lot is a procurement of its own."""

    access = OFFICER

    def perform(self) -> str:
        pk = self.kwargs["pk"]
        lots = services.tender_in_lots(actor=self.actor, procurement_id=pk)
        self.say(
            f"Each of the {len(lots)} lots is a procurement of its own now. Open a lot to go on."
        )
        return thread_url(pk)
