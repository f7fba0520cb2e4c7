"""The register of shortfalls, the page of one, and every deed on it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property

from procurement.remedies import queries, services
from procurement.remedies.forms import (
    CloseForm,
    DecideForm,
    EndContractForm,
    MessageForm,
    PlanForm,
    RemedyForm,
    ShortfallFilterForm,
)
from procurement.remedies.permissions import BUYER, MANAGER, PARTY, SUPPLIER
from procurement.remedies.rules import provided
from procurement.remedies.vocabulary import RemedyKind
from socialvalue.core.money import quantity_text
from socialvalue.core.tables import Table
from socialvalue.core.views import Deed, FormPage, Page, TableDownload, VersionedDeed

PAGE_SIZE = 25
ZERO = Decimal(0)


def shortfall_url(pk: int) -> str:
    return reverse("procurement:remedies:shortfall", args=[pk])


class Register(Page):
    """The shortfalls of the authority, or those of the supplier."""

    access = PARTY
    template_name = "procurement/remedies/register.html"

    def get_page(self) -> dict[str, Any]:
        form = ShortfallFilterForm(self.request.GET)
        rows = queries.shortfalls_for(self.actor, form.filters())
        page = Paginator(rows, PAGE_SIZE).get_page(self.request.GET.get("page"))
        return {
            "filter_form": form,
            "page": page,
            "rows": queries.shortfall_rows(page.object_list),
            "is_buying": BUYER.allows(self.actor),
        }


class Export(TableDownload):
    """The filtered register as CSV or XLSX."""

    access = PARTY

    def get_table(self) -> tuple[str, Table]:
        form = ShortfallFilterForm(self.request.GET)
        return "shortfalls", queries.shortfall_table(self.actor, form.filters())


class ShortfallPage(FormPage):
    """One shortfall with its conversation; the form writes the next turn."""

    access = PARTY
    template_name = "procurement/remedies/shortfall.html"
    form_class = MessageForm

    @cached_property
    def shown(self) -> queries.ShortfallPage:
        return queries.shortfall_page(self.actor, self.kwargs["shortfall_pk"])

    def get_page(self) -> dict[str, Any]:
        return {"shown": self.shown, "is_buying": BUYER.allows(self.actor)}

    def perform(self, form: MessageForm) -> str:
        pk = self.kwargs["shortfall_pk"]
        services.say(actor=self.actor, shortfall_id=pk, text=form.cleaned_data["text"])
        messages.success(self.request, "Your message stands in the conversation.")
        return shortfall_url(pk) + "#conversation"


class _OnShortfall(FormPage):
    """A form about one shortfall. Subclasses name the property of the page that allows it."""

    may = ""
    otherwise = "This cannot be done on the shortfall as it stands now."

    @cached_property
    def shown(self) -> queries.ShortfallPage:
        return queries.shortfall_page(self.actor, self.kwargs["shortfall_pk"])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not getattr(self.shown, self.may):
            messages.info(request, self.otherwise)
            return redirect(shortfall_url(self.shown.row.id))
        return super().get(request, *args, **kwargs)

    def get_page(self) -> dict[str, Any]:
        return {"shown": self.shown}

    def get_initial(self) -> dict[str, Any]:
        return {"version": self.shown.version}

    def version_now(self) -> int | None:
        return self.shown.version if getattr(self.shown, self.may) else None


class Plan(_OnShortfall):
    """The supplier proposes how it catches up."""

    access = SUPPLIER
    template_name = "procurement/remedies/plan.html"
    form_class = PlanForm
    may = "may_propose_plan"
    otherwise = "The shortfall is finished, so its plan stands as it is."

    @cached_property
    def page(self) -> dict[str, Any]:
        return {"shown": self.shown}

    def get_page(self) -> dict[str, Any]:
        return self.page

    def get_initial(self) -> dict[str, Any]:
        plan = self.shown.plan
        first = {"cause": plan.cause, "recover_by": plan.recover_by} if plan else {}
        return super().get_initial() | first

    def get_form_kwargs(self) -> dict[str, Any]:
        steps = self.shown.plan.steps if self.shown.plan else ()
        return {
            "first_steps": [
                {"what": step.what, "owner": step.owner, "due_on": step.due_on}
                for step in steps
                if step.done_on is None
            ]
        }

    def build_form(self, *, bound: bool) -> Any:
        form = super().build_form(bound=bound)
        self.page["formset"] = form.rows  # its faults belong into the summary too
        return form

    def perform(self, form: PlanForm) -> str:
        pk = self.kwargs["shortfall_pk"]
        services.propose_plan(
            actor=self.actor,
            shortfall_id=pk,
            expected_version=form.cleaned_data["version"],
            cause=form.cleaned_data["cause"],
            recover_by=form.cleaned_data["recover_by"],
            steps=form.steps(),
        )
        messages.success(self.request, "The plan is proposed. It waits for the authority.")
        return shortfall_url(pk)


class AgreePlan(VersionedDeed):
    access = MANAGER
    page_name = "shortfall"

    def perform(self) -> str:
        pk = self.kwargs["shortfall_pk"]
        services.agree_plan(actor=self.actor, shortfall_id=pk, expected_version=self.seen_version)
        self.say("The rectification plan is agreed. Its steps can be ticked from now on.")
        return shortfall_url(pk)


class StepDone(Deed):
    access = PARTY

    def perform(self) -> str:
        pk = self.kwargs["shortfall_pk"]
        step = services.mark_step(actor=self.actor, shortfall_id=pk, number=self.kwargs["number"])
        self.say(f"Step {step.number} is ticked as done.")
        return shortfall_url(pk) + "#plan"


class Remedy(_OnShortfall):
    """The contract manager proposes a remedy that the contract provides."""

    access = MANAGER
    template_name = "procurement/remedies/remedy.html"
    form_class = RemedyForm
    may = "may_propose_remedy"
    otherwise = (
        "No remedy can be proposed now: one waits for a decision, the shortfall is finished, or the contract "
        "provides none."
    )

    @cached_property
    def insteads(self) -> list[queries.Instead]:
        if not self.shown.terms.substitution or self.shown.row.value is None:
            return []
        return queries.commitments_instead(self.actor, self.shown.row.id)

    def get_page(self) -> dict[str, Any]:
        return {"shown": self.shown, "insteads": self.insteads}

    def get_form_kwargs(self) -> dict[str, Any]:
        terms = self.shown.terms
        share = quantity_text(terms.service_credit_percent or ZERO)
        return {
            "kinds": provided(terms),
            "hints": {
                RemedyKind.SUBSTITUTION: "Another commitment is raised so that it adds at least the missing value",
                RemedyKind.SERVICE_CREDIT: f"{share}% of the missing value",
                RemedyKind.COMMUNITY_FUND: f"The missing value, to {terms.fund_name}",
                RemedyKind.TERMINATION: "A decision on record. The contract is closed with it",
            },
            "insteads": self.insteads,
        }

    def perform(self, form: RemedyForm) -> str:
        pk = self.kwargs["shortfall_pk"]
        services.propose_remedy(
            actor=self.actor,
            shortfall_id=pk,
            expected_version=form.cleaned_data["version"],
            kind=form.cleaned_data["kind"],
            reason=form.cleaned_data["reason"],
            instead_id=form.instead_id,
            quantity=form.cleaned_data.get("quantity"),
        )
        messages.success(self.request, "The remedy is proposed. An approver decides on it.")
        return shortfall_url(pk)


class Close(_OnShortfall):
    access = MANAGER
    template_name = "procurement/remedies/close.html"
    form_class = CloseForm
    may = "may_close"
    otherwise = "The shortfall is finished already, or a remedy waits for a decision."

    def perform(self, form: CloseForm) -> str:
        pk = self.kwargs["shortfall_pk"]
        services.close_shortfall(
            actor=self.actor,
            shortfall_id=pk,
            expected_version=form.cleaned_data["version"],
            outcome=form.cleaned_data["outcome"],
        )
        messages.success(self.request, "The shortfall is closed.")
        return shortfall_url(pk)


class EndContract(_OnShortfall):
    """Say what closing means, then close the contract as an approved termination says."""

    access = MANAGER
    template_name = "procurement/remedies/end_contract.html"
    form_class = EndContractForm
    may = "may_end_contract"
    otherwise = "No approved termination waits to be carried out here."

    def version_now(self) -> None:
        return None  # the service looks at the contract, and there is nothing typed to send again

    def perform(self, form: EndContractForm) -> str:
        pk = self.kwargs["shortfall_pk"]
        services.end_by_remedy(actor=self.actor, shortfall_id=pk)
        messages.success(self.request, "The contract is closed.")
        return shortfall_url(pk)


class Decide(FormPage):
    """An approver reads the proposed remedy with its sum and decides."""

    access = BUYER
    template_name = "procurement/remedies/decide.html"
    form_class = DecideForm

    @cached_property
    def found(self) -> tuple[queries.DecisionView, queries.ShortfallPage]:
        return queries.decision_for(self.actor, self.kwargs["decision_pk"])

    def get_page(self) -> dict[str, Any]:
        decision, page = self.found
        return {"decision": decision, "shown": page}

    def perform(self, form: DecideForm) -> str:
        about = {
            "actor": self.actor,
            "decision_id": self.kwargs["decision_pk"],
            "remark": form.cleaned_data["remark"],
        }
        if form.cleaned_data["decision"] == "approve":
            services.approve_remedy(**about)
            messages.success(self.request, "The remedy is approved. The supplier sees it now.")
        else:
            services.refuse_remedy(**about)
            messages.success(self.request, "The remedy is refused. The shortfall stays open.")
        return shortfall_url(self.found[1].row.id)


class WithdrawRemedy(Deed):
    access = MANAGER

    def perform(self) -> str:
        decision = services.withdraw_remedy(
            actor=self.actor, decision_id=self.kwargs["decision_pk"]
        )
        self.say("The proposal is withdrawn.")
        return shortfall_url(decision.shortfall_id)
