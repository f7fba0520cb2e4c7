"""Assessment summaries: written and issued by the authority, read by each bidder."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.urls import reverse
from django.utils.text import slugify

from procurement.awards import queries, services
from procurement.awards.forms import SummaryForm
from procurement.awards.permissions import JUDGES, OFFICER
from procurement.awards.renderers import summary_document
from socialvalue.accounts.permissions import SUPPLIER
from socialvalue.core.documents import Document
from socialvalue.core.views import Deed, DocumentDownload, FormPage, Page

PAGE_SIZE = 25


class Summaries(Page):
    """Every bidder of an award, and the button that issues all summaries at once."""

    access = JUDGES
    template_name = "procurement/awards/summaries.html"

    def get_page(self) -> dict[str, Any]:
        return {"sheet": queries.summary_sheet(self.actor, self.kwargs["pk"])}


class IssueSummaries(Deed):
    access = OFFICER

    def perform(self) -> str:
        contract = queries.contract_for(self.actor, self.kwargs["pk"])
        count = services.issue_summaries(actor=self.actor, award_id=contract.award_id)
        bidders = "1 bidder" if count == 1 else f"{count} bidders"
        self.say(f"Issued to {bidders}. Each has been written to.")
        return reverse("procurement:awards:contract", args=[contract.pk])


class SummaryView(Page):
    """One bidder's summary, as it is or as it would be issued."""

    access = JUDGES
    template_name = "procurement/awards/summary.html"

    def get_page(self) -> dict[str, Any]:
        page = queries.summary_page(self.actor, self.kwargs["pk"], self.kwargs["bid_pk"])
        return {"page": page, "summary": page.summary}


class WriteSummary(FormPage):
    """The words about the winner, and what is withheld; the whole summary stands under the form."""

    access = OFFICER
    template_name = "procurement/awards/summary_form.html"
    form_class = SummaryForm

    @cached_property
    def page(self) -> queries.SummaryPage:
        return queries.summary_to_write(self.actor, self.kwargs["pk"], self.kwargs["bid_pk"])

    def get_page(self) -> dict[str, Any]:
        return {"page": self.page, "summary": self.page.summary}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"is_winner": self.page.summary.is_winner}

    def get_initial(self) -> dict[str, Any]:
        return {
            "advantages": self.page.advantages,
            "passages": "\n".join(self.page.passages),
            "version": self.page.version,
        }

    def version_now(self) -> int | None:
        page = queries.summary_to_write(self.actor, self.kwargs["pk"], self.kwargs["bid_pk"])
        return None if page.issued_at else page.version

    def perform(self, form: SummaryForm) -> str:
        services.write_summary(
            actor=self.actor,
            award_id=self.page.award_id,
            bid_id=self.page.bid_id,
            advantages=form.cleaned_data.get("advantages", ""),
            passages=form.cleaned_data["passages"].splitlines(),
            expected_version=form.cleaned_data["version"] or 0,
        )
        messages.success(self.request, "Saved. It is not issued yet.")
        return reverse("procurement:awards:summary", args=[self.page.contract.id, self.page.bid_id])


class SummaryFile(DocumentDownload):
    """One bidder's summary as a document, for the authority; a draft says that it is one."""

    access = JUDGES

    def get_document(self) -> tuple[str, Document]:
        page = queries.summary_page(self.actor, self.kwargs["pk"], self.kwargs["bid_pk"])
        return file_name(page.summary.reference, page.summary.bidder), summary_document(
            page.summary,
            issued_at=page.issued_at,
            content_hash=page.content_hash,
            is_demonstration=page.contract.is_demonstration,
        )


class MySummaries(Page):
    """Every summary issued to the bidder."""

    access = SUPPLIER
    reads_across = "Who did not win is told of a contract that is not theirs."
    template_name = "procurement/awards/my_summaries.html"

    def get_page(self) -> dict[str, Any]:
        rows = queries.my_summaries(self.actor)
        return {"page": Paginator(rows, PAGE_SIZE).get_page(self.request.GET.get("page"))}


class MySummary(Page):
    """The bidder's own summary, once it is issued."""

    access = SUPPLIER
    reads_across = "Who did not win is told of a contract that is not theirs."
    template_name = "procurement/awards/my_summary.html"

    def get_page(self) -> dict[str, Any]:
        found = queries.my_summary(self.actor, self.kwargs["tender_pk"])
        return {"found": found, "summary": found.summary}


class MySummaryFile(DocumentDownload):
    access = SUPPLIER
    reads_across = "Who did not win is told of a contract that is not theirs."

    def get_document(self) -> tuple[str, Document]:
        found = queries.my_summary(self.actor, self.kwargs["tender_pk"])
        return file_name(found.summary.reference, found.summary.bidder), summary_document(
            found.summary,
            issued_at=found.issued_at,
            content_hash=found.content_hash,
            is_demonstration=found.is_demonstration,
        )


def file_name(reference: str, bidder: str) -> str:
    return f"assessment-summary-{reference.lower()}-{slugify(bidder)[:40]}"
