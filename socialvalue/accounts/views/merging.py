"""Suppliers that are the same one: found, asked for, decided by somebody else, and parted again."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.urls import reverse
from django.utils.functional import cached_property

from socialvalue.accounts.forms.merging import DecideMergeForm, FindSupplierForm, MergeForm
from socialvalue.accounts.permissions import OPERATOR, OWN_SUPPLIER, SIGNED_IN
from socialvalue.accounts.queries.merging import (
    MergePage,
    Proposal,
    merge_page,
    own_merges,
    platform_suppliers,
    proposal_of,
    supplier_to_merge,
)
from socialvalue.accounts.services.merging import (
    agree_merge,
    ask_merge,
    refuse_merge,
    undo_merge,
    withdraw_merge,
)
from socialvalue.core.errors import NotVisible, RuleBroken
from socialvalue.core.views import Deed, FormPage, Page


def new_merge_path(kept_id: int, merged_id: int) -> str:
    """The page that asks for a merge of these two."""
    asked = urlencode({"kept": kept_id, "merged": merged_id})
    return f"{reverse('accounts:new_merge')}?{asked}"


class PlatformSuppliers(Page):
    """Suppliers that look alike, for those who run the platform."""

    access = OPERATOR
    template_name = "accounts/platform_suppliers.html"

    def get_page(self) -> dict[str, Any]:
        found = platform_suppliers(self.actor)
        proposals = [(row, new_merge_path(row.kept.id, row.merged.id)) for row in found.proposals]
        return {"page": found, "proposals": proposals}


class OwnMerges(FormPage):
    """A supplier's administrator finds its double."""

    access = OWN_SUPPLIER
    template_name = "accounts/merges.html"
    form_class = FindSupplierForm

    def get_page(self) -> dict[str, Any]:
        return {"merges": own_merges(self.actor)}

    def perform(self, form: FindSupplierForm) -> str:
        try:
            found = supplier_to_merge(self.actor, form.cleaned_data["text"])
        except NotVisible as error:
            raise RuleBroken(error.message, field="text") from error
        return new_merge_path(self.actor.organisation_id or 0, found.id)


class NewMerge(FormPage):
    """The two beside each other, which goes on, and why."""

    access = SIGNED_IN
    template_name = "accounts/merge_new.html"
    form_class = MergeForm

    @cached_property
    def proposal(self) -> Proposal:
        ids = [self.request.GET.get(name, "") for name in ("kept", "merged")]
        if not all(text.isdecimal() and len(text) < 19 for text in ids):
            raise NotVisible
        return proposal_of(self.actor, int(ids[0]), int(ids[1]))

    def get_page(self) -> dict[str, Any]:
        own = self.actor.organisation_id in (self.proposal.kept.id, self.proposal.merged.id)
        back = "accounts:merges" if own else "accounts:platform_suppliers"
        return {"proposal": self.proposal, "back_url": reverse(back)}

    def get_form_kwargs(self) -> dict[str, Any]:
        both = (self.proposal.kept, self.proposal.merged)
        return {"suppliers": [(str(one.id), one.known_as) for one in both]}

    def get_initial(self) -> dict[str, Any]:
        return {"kept": str(self.proposal.kept.id)}

    def perform(self, form: MergeForm) -> str:
        kept_id = int(form.cleaned_data["kept"])
        both = {self.proposal.kept.id, self.proposal.merged.id}
        (merged_id,) = both - {kept_id}
        merge = ask_merge(
            actor=self.actor,
            kept_id=kept_id,
            merged_id=merged_id,
            reason=form.cleaned_data["reason"],
        )
        messages.success(self.request, "Asked. Nothing changes until somebody else agrees.")
        return reverse("accounts:merge", args=[merge.pk])


class Merge(FormPage):
    """One request: what was asked, by whom, and the answer of somebody else."""

    access = SIGNED_IN
    template_name = "accounts/merge.html"
    form_class = DecideMergeForm

    @cached_property
    def page(self) -> MergePage:
        return merge_page(self.actor, self.kwargs["merge_id"])

    def get_page(self) -> dict[str, Any]:
        row = self.page.row
        who = [
            f"Supplier administrators of {row.kept.name}.",
            f"Supplier administrators of {row.merged.name}.",
            "Those who run the platform.",
        ]
        return {"page": self.page, "row": row, "who": who}

    def perform(self, form: DecideMergeForm) -> str:
        merge_id = self.kwargs["merge_id"]
        if form.cleaned_data["answer"] == "agree":
            agree_merge(actor=self.actor, merge_id=merge_id)
            messages.success(self.request, "The two suppliers are merged.")
        else:
            refuse_merge(actor=self.actor, merge_id=merge_id, remark=form.cleaned_data["remark"])
            messages.success(self.request, "They stay apart.")
        return reverse("accounts:merge", args=[merge_id])


class WithdrawMerge(Deed):
    access = SIGNED_IN

    def perform(self) -> str:
        withdraw_merge(actor=self.actor, merge_id=self.kwargs["merge_id"])
        self.say("The request is taken back.")
        return reverse("accounts:merge", args=[self.kwargs["merge_id"]])


class UndoMerge(Deed):
    access = SIGNED_IN

    def perform(self) -> str:
        undo_merge(actor=self.actor, merge_id=self.kwargs["merge_id"])
        self.say("The two suppliers are parted again.")
        return reverse("accounts:merge", args=[self.kwargs["merge_id"]])
