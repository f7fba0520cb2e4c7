"""What the buyer's pages of one procurement's tender share."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property

from procurement.tenders.queries import TenderOverview, tender_overview
from procurement.tenders.rules import MOST_MEASURES
from procurement.tenders.vocabulary import TenderStatus
from socialvalue.accounts.permissions import for_deed
from socialvalue.accounts.vocabulary import Deed
from socialvalue.core.errors import Conflict, NotVisible
from socialvalue.core.views import FormPage

OFFICER = for_deed(Deed.PREPARE_TENDER)


class OfTender:
    """What the pages of one procurement's tender share."""

    kwargs: dict[str, Any]
    actor: Any

    @property
    def procurement_pk(self) -> int:
        return int(self.kwargs["procurement_pk"])

    @cached_property
    def overview(self) -> TenderOverview:
        return tender_overview(self.actor, self.procurement_pk)

    @property
    def tender(self) -> Any:
        return self.overview.tender

    def to(self, name: str) -> str:
        return reverse(f"procurement:tenders:{name}", args=[self.procurement_pk])


class PreparePage(OfTender, FormPage):
    """A form that changes a tender while it is being written; afterwards it leads back to the task list.

    What is sent from a page that was opened before the end is refused for good: no page asks to save it again.
    """

    access = OFFICER

    @property
    def why_closed(self) -> str:
        """Why this page changes nothing any more; empty while it does, and where there is no tender."""
        if self.tender is None:
            return ""
        if self.tender.status != TenderStatus.DRAFT:
            return "This tender is published. Only an amendment changes it."
        if self.overview.is_stopped:
            return "This procurement is no longer being prepared, so its tender does not change."
        return ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.why_closed:
            messages.info(request, self.why_closed)
            return HttpResponseRedirect(self.to("task_list"))
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.why_closed:
            raise Conflict(self.why_closed)
        return super().post(request, *args, **kwargs)

    def get_page(self) -> dict[str, Any]:
        if self.tender is None:
            raise NotVisible("This procurement has no tender yet.")
        return {
            "overview": self.overview,
            "back_url": self.to("task_list"),
            "most_measures": MOST_MEASURES,
        }

    def version_now(self) -> Any:
        return self.tender.version

    def perform(self, form: Any) -> str:
        """Saves. After a conflict the page carries the version it now shows, so that saving again is a choice."""
        return self.keep(form)

    def keep(self, form: Any) -> str:
        raise NotImplementedError(f"{type(self).__name__}.keep")

    def get_initial(self) -> dict[str, Any]:
        return {"version": self.tender.version}
