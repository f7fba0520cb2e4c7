"""The policy owner's pages: the list of policies, a draft as a task list, one thing a page, and the answer to it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property

from procurement.policies import forms, queries, services
from procurement.policies.permissions import who_sees_policy
from socialvalue.accounts.permissions import BUYER, for_deed
from socialvalue.accounts.vocabulary import Deed
from socialvalue.core import clock
from socialvalue.core.views import FormPage, Page, VersionedDeed

OWNER = for_deed(Deed.WRITE_POLICY)
READERS = for_deed(Deed.READ_POLICY_DRAFTS)
ADOPTERS = for_deed(Deed.ANSWER_POLICY)


class PolicyList(Page):
    """The authority's policies and the regional default, every version with where it stands."""

    access = BUYER
    template_name = "procurement/policies/list.html"

    def get_page(self) -> dict[str, Any]:
        return {"shelf": queries.policy_shelf(self.actor, clock.today())}


class StartDraft(FormPage):
    access = OWNER
    template_name = "procurement/policies/start.html"
    form_class = forms.StartForm

    @cached_property
    def start(self) -> queries.Start:
        return queries.start_choices(self.actor, clock.today())

    def get_page(self) -> dict[str, Any]:
        return {"start": self.start}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"start": self.start}

    def perform(self, form: forms.StartForm) -> str:
        version = services.start_draft(
            actor=self.actor,
            copy_from=form.origin,
            title=form.cleaned_data.get("title", ""),
        )
        return reverse("procurement:policies:draft", args=[version.pk])


class OfDraft:
    """What the pages of one draft share."""

    kwargs: dict[str, Any]
    actor: Any

    @cached_property
    def draft(self) -> queries.Draft:
        return queries.draft_for(self.actor, self.kwargs["pk"], clock.today())

    def to(self, name: str) -> str:
        return reverse(f"procurement:policies:{name}", args=[self.kwargs["pk"]])


class DraftPage(OfDraft, Page):
    """Where the draft stands: what is done, what it lacks, what comes next."""

    access = READERS
    template_name = "procurement/policies/draft.html"

    def get_page(self) -> dict[str, Any]:
        draft, today = self.draft, clock.today()
        return {
            "draft": draft,
            "tasks": [self.task(row) for row in queries.draft_tasks(draft)],
            "bands": queries.band_words(draft),
            "rules": queries.measure_rule_words(
                draft, queries.theme_names(today, draft.organisation_id)
            ),
            "approvals": queries.approval_rule_words(draft),
            "toolkit": draft.toolkit.splitlines(),
            "who": who_sees_policy(
                (draft.organisation_id, self.actor.organisation_name), is_adopted=False
            ),
        }

    def task(self, row: queries.Task) -> dict[str, str]:
        href = self.to(row.name) if self.draft.is_editable else ""
        return {"title": row.title, "hint": row.hint, "status": row.status, "href": href}


class EditPage(OfDraft, FormPage):
    """One thing about a draft. Afterwards it leads back to the task list."""

    access = OWNER
    template_name = "procurement/policies/edit.html"
    title: ClassVar[str]
    lead: ClassVar[str] = ""
    asks_in_heading: ClassVar[bool] = False
    """The form's one question is the heading of the page."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.draft.is_editable:
            messages.info(request, "This version waits for approval, so it does not change.")
            return HttpResponseRedirect(self.to("draft"))
        return super().get(request, *args, **kwargs)

    def get_page(self) -> dict[str, Any]:
        return {
            "draft": self.draft,
            "title": self.title,
            "lead": self.lead,
            "asks_in_heading": self.asks_in_heading,
            "back_url": self.to("draft"),
        }

    def get_initial(self) -> Any:
        return {"version": self.draft.lock, **self.first_answers()}

    def first_answers(self) -> dict[str, Any]:
        return {}

    def version_now(self) -> Any:
        return self.draft.lock

    def perform(self, form: Any) -> str:
        """Saves. After a conflict the form carries the version that is there now, so that saving again is a choice."""
        self.keep(form)
        return self.next_url(form)

    def keep(self, form: Any) -> None:
        raise NotImplementedError(f"{type(self).__name__}.keep")

    def next_url(self, form: Any) -> str:
        return self.to("draft")

    def seen(self, form: Any) -> dict[str, Any]:
        return {
            "actor": self.actor,
            "version_id": self.draft.id,
            "expected_lock": form.cleaned_data["version"],
        }


class Dates(EditPage):
    form_class = forms.DatesForm
    title = "Dates and source"
    lead = "A version binds from its first day, once a second person has adopted it."

    def first_answers(self) -> dict[str, Any]:
        draft = self.draft
        return {
            "valid_from": draft.valid_from,
            "valid_to": draft.valid_to,
            "review_on": draft.review_on,
            "source": draft.source,
        }

    def keep(self, form: Any) -> None:
        answers = {name: form.cleaned_data[name] for name in self.first_answers()}
        services.set_dates(**self.seen(form), **answers)


class WhoseBands(EditPage):
    form_class = forms.WhoseBandsForm
    title = "Whose bands apply"
    asks_in_heading = True

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"can_follow": self.draft.can_follow}

    def first_answers(self) -> dict[str, Any]:
        return {"whose": "follow" if self.draft.follows_title else "own"}

    def keep(self, form: Any) -> None:
        services.set_whose_bands(**self.seen(form), follow=form.cleaned_data["whose"] == "follow")

    def next_url(self, form: Any) -> str:
        is_own = form.cleaned_data["whose"] == "own"
        return self.to("bands" if is_own and not self.draft.bands else "draft")


class Amounts(EditPage):
    form_class = forms.AmountsForm
    title = "VAT in the amounts"
    asks_in_heading = True

    def first_answers(self) -> dict[str, Any]:
        return {"vat_basis": self.draft.vat_basis}

    def keep(self, form: Any) -> None:
        services.set_vat_basis(**self.seen(form), vat_basis=form.cleaned_data["vat_basis"])


class Weighting(EditPage):
    form_class = forms.WeightingForm
    title = "Weighting of social value"
    lead = "An officer sets the weighting of each tender within this range."

    def first_answers(self) -> dict[str, Any]:
        draft = self.draft
        return {
            "least": draft.weighting_min_percent,
            "most": draft.weighting_max_percent,
            "share_of": draft.share_of,
            "pass_fail_allowed": draft.pass_fail_allowed,
            "paragraph": draft.weighting_paragraph,
        }

    def keep(self, form: Any) -> None:
        answers = {name: form.cleaned_data[name] for name in self.first_answers()}
        services.set_weighting(**self.seen(form), **answers)


class Toolkit(EditPage):
    form_class = forms.ToolkitForm
    title = "Light-touch toolkit"
    lead = "What an officer asks and does while taking quotations for a small purchase."

    def first_answers(self) -> dict[str, Any]:
        return {"toolkit": self.draft.toolkit}

    def keep(self, form: Any) -> None:
        services.set_toolkit(**self.seen(form), toolkit=form.cleaned_data["toolkit"])


class RowsPage(EditPage):
    """Rows that are added and removed on the page itself."""

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"version": self.draft.lock, "prefix": "rows"}

    def get_initial(self) -> Any:
        return self.first_rows()

    def first_rows(self) -> list[dict[str, Any]]:
        raise NotImplementedError(f"{type(self).__name__}.first_rows")

    def seen(self, form: Any) -> dict[str, Any]:
        return {
            "actor": self.actor,
            "version_id": self.draft.id,
            "expected_lock": form.expected_version,
        }


class Bands(RowsPage):
    form_class = forms.BandsFormSet
    title = "Bands"
    lead = (
        "From £0 up, without a gap or an overlap. A band's lower edge is inside it, its upper edge is not. "
        "Where an amount and the statutory threshold cross for a category, the higher band in this list applies."
    )

    def first_rows(self) -> list[dict[str, Any]]:
        return forms.first_bands(self.draft.bands)

    def keep(self, form: Any) -> None:
        services.set_bands(**self.seen(form), bands=form.inputs())


class MeasureRules(RowsPage):
    form_class = forms.MeasureRulesFormSet
    title = "Rules on measures"
    lead = (
        "For example at most six measures, or at least one on skills at or above £100,000. "
        "They are checked when measures are chosen and when the tender is published. "
        "Without a rule, save the empty page."
    )

    def get_form_kwargs(self) -> dict[str, Any]:
        today, whose = clock.today(), self.draft.organisation_id
        return super().get_form_kwargs() | {
            "form_kwargs": {
                "themes": queries.theme_names(today, whose),
                "known_codes": queries.measure_codes(today, whose),
            }
        }

    def first_rows(self) -> list[dict[str, Any]]:
        return forms.first_measure_rules(self.draft.measure_rules)

    def keep(self, form: Any) -> None:
        services.set_measure_rules(**self.seen(form), rows=form.inputs())


class Approvals(RowsPage):
    form_class = forms.ApprovalsFormSet
    title = "Approvals before publication"
    lead = (
        "Whose yes a tender needs before it is published, always from another person than the one who wrote it. "
        "Without one, save the empty page."
    )

    def first_rows(self) -> list[dict[str, Any]]:
        return forms.first_approvals(self.draft.approvals)

    def keep(self, form: Any) -> None:
        services.set_approvals(**self.seen(form), rows=form.inputs())


class DraftDeed(OfDraft, VersionedDeed):
    access = OWNER
    page_name = "draft"

    def seen(self) -> dict[str, Any]:
        return {
            "actor": self.actor,
            "version_id": self.kwargs["pk"],
            "expected_lock": self.seen_version,
        }


class Propose(DraftDeed):
    def perform(self) -> str:
        services.propose_version(**self.seen())
        self.say("Proposed. A second person adopts it or sends it back.")
        return self.to("draft")


class TakeBack(DraftDeed):
    def perform(self) -> str:
        services.take_back_version(**self.seen())
        self.say("It is a draft again.")
        return self.to("draft")


class Adopt(DraftDeed):
    access = ADOPTERS

    def perform(self) -> str:
        version = services.adopt_version(**self.seen())
        self.say(f"{version} is adopted.")
        return reverse("procurement:policies:version", args=[version.policy.slug, version.number])


class SendBack(OfDraft, FormPage):
    access = ADOPTERS
    template_name = "procurement/policies/edit.html"
    form_class = forms.SendBackForm

    def get_page(self) -> dict[str, Any]:
        return {"draft": self.draft, "title": "Send back", "back_url": self.to("draft")}

    def get_initial(self) -> dict[str, Any]:
        return {"version": self.draft.lock}

    def perform(self, form: Any) -> str:
        services.send_back_version(
            actor=self.actor,
            version_id=self.kwargs["pk"],
            expected_lock=form.cleaned_data["version"],
            reason=form.cleaned_data["reason"],
        )
        messages.success(self.request, "It is a draft again, with your reason.")
        return reverse("procurement:policies:list")


class DropCheck(OfDraft, Page):
    """Are you sure? A draft that is taken away does not come back."""

    access = OWNER
    template_name = "procurement/policies/drop.html"

    def get_page(self) -> dict[str, Any]:
        return {"draft": self.draft, "back_url": self.to("draft")}


class Drop(DraftDeed):
    def perform(self) -> str:
        services.drop_draft(**self.seen())
        self.say("The draft is taken away.")
        return reverse("procurement:policies:list")
