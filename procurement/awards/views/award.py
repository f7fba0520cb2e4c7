"""Proposing an award, and deciding on it."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from procurement.awards import queries, services
from procurement.awards.forms import APPROVE, AwardForm, ProposalForm
from procurement.awards.permissions import JUDGES, OFFICER
from procurement.procurements.vocabulary import EstimateBasis
from socialvalue.accounts.permissions import BUYER
from socialvalue.core.errors import NotAllowed
from socialvalue.core.views import Deed, FormPage


def proposal_url(procurement_pk: int) -> str:
    return reverse("procurement:awards:proposal", args=[procurement_pk])


class AwardContract(FormPage):
    """Choose the bid, look at what will happen, then propose it."""

    access = BUYER
    template_name = "procurement/awards/award.html"
    check_template_name = "procurement/awards/check.html"
    form_class = AwardForm

    @cached_property
    def award_options(self) -> queries.AwardOptions:
        return queries.award_options(self.actor, self.kwargs["procurement_pk"])

    def get_page(self) -> dict[str, Any]:
        return {"options": self.award_options}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"options": self.award_options, "counts_only": self.counts_only}

    def get_initial(self) -> dict[str, Any]:
        options = self.award_options
        return {
            "bid": options.preselected,
            "reason": options.reason,
            "value": options.value,
            "value_basis": options.value_basis,
            "starts_on": options.starts_on,
            "ends_on": options.ends_on,
        }

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._elsewhere() or super().get(request, *args, **kwargs)

    def _elsewhere(self) -> HttpResponse | None:
        """Where there is nothing to choose any more, or not yet, the page leads to what there is."""
        options = self.award_options
        if options.contract_id is not None:
            messages.info(self.request, "The contract is awarded already. This is it.")
            return redirect("procurement:awards:contract", options.contract_id)
        if not options.is_ranked:
            messages.info(self.request, "Rank the bids before you award the contract.")
            return redirect("procurement:evaluations:board", options.procurement_id)
        if options.is_waiting:
            messages.info(self.request, "An award is proposed already. This is it.")
            return redirect(proposal_url(options.procurement_id))
        return None

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if (elsewhere := self._elsewhere()) is not None:
            return elsewhere
        step = request.POST.get("step", "")
        form = self.build_form(bound=True)
        if step == "check" and form.is_valid():
            return render(request, self.check_template_name, self._check_page(form))
        if step == "change":
            # Back from the check: what was typed, without complaints.
            form = self.form_class(initial=_typed(form), **self.get_form_kwargs())
            return render(request, self.template_name, self.get_page() | {"form": form})
        return super().post(request, *args, **kwargs)

    def _check_page(self, form: AwardForm) -> dict[str, Any]:
        data = form.cleaned_data
        return self.get_page() | {
            "chosen": self.award_options.bid(data["bid"]),
            "given": data,
            "basis": "including VAT"
            if data["value_basis"] == EstimateBasis.INCL
            else "excluding VAT",
            "typed": [
                (name, value)
                for name, value in self.request.POST.items()
                if name not in ("csrfmiddlewaretoken", "step")
            ],
        }

    def perform(self, form: AwardForm) -> str:
        data = form.cleaned_data
        pk = self.kwargs["procurement_pk"]
        services.propose_award(
            actor=self.actor,
            procurement_id=pk,
            bid_id=data["bid"],
            reason=data["reason"],
            value=data["value"],
            value_basis=data["value_basis"],
            starts_on=data["starts_on"],
            ends_on=data["ends_on"],
        )
        messages.success(self.request, "The award is proposed. The approvers have been written to.")
        return proposal_url(pk)


def _typed(form: AwardForm) -> dict[str, Any]:
    """What a bound form holds, to start an unbound one with."""
    return {name: form[name].value() for name in form.fields}


class Proposal(FormPage):
    """The last proposal: everybody who reads bids may read it, a second person decides it here."""

    access = JUDGES
    template_name = "procurement/awards/proposal.html"
    form_class = ProposalForm

    @cached_property
    def proposal(self) -> queries.ProposalView:
        return queries.proposal_page(self.actor, self.kwargs["procurement_pk"])

    def get_page(self) -> dict[str, Any]:
        return {"proposal": self.proposal}

    def perform(self, form: ProposalForm) -> str:
        proposal, data = self.proposal, form.cleaned_data
        if proposal.why_not:
            raise NotAllowed(proposal.why_not)
        if data["verdict"] == APPROVE:
            contract = services.approve_award(
                actor=self.actor, proposal_id=proposal.id, remark=data["remark"]
            )
            messages.success(
                self.request,
                "The contract is awarded. Its action plan is being filled in from the commitments.",
            )
            return reverse("procurement:awards:contract", args=[contract.pk])
        services.refuse_award(actor=self.actor, proposal_id=proposal.id, remark=data["remark"])
        messages.success(self.request, f"Refused. {proposal.proposed_by} has been written to.")
        return proposal_url(proposal.procurement_id)


class WithdrawProposal(Deed):
    access = OFFICER

    def perform(self) -> str:
        proposal = services.withdraw_proposal(actor=self.actor, proposal_id=self.kwargs["pk"])
        self.say("The proposal is withdrawn. It stays in the record.")
        return proposal_url(proposal.procurement_id)
