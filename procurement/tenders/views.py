"""The buyer's pages of a tender, all under the procurement's address."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property

from procurement.tenders.forms import (
    DeadlineForm,
    DetailsForm,
    InviteForm,
    MeasuresForm,
    PlaceForm,
    QuestionsFormSet,
    ScoringForm,
    SupplierSearchForm,
)
from procurement.tenders.queries import (
    MeasureCatalogue,
    TenderOverview,
    measure_catalogue,
    place_choices,
    suppliers_to_invite,
    tender_being_prepared,
    tender_overview,
)
from procurement.tenders.rules import MOST_MEASURES, scoring_in_words
from procurement.tenders.services import (
    choose_measures,
    invite_suppliers,
    pick_measures,
    publish_tender,
    remove_invitation,
    set_place,
    set_questions,
    set_scoring,
    start_tender,
)
from procurement.tenders.vocabulary import TenderStatus
from socialvalue.accounts.permissions import BUYER, roles
from socialvalue.accounts.vocabulary import Role
from socialvalue.core.errors import Conflict, NotVisible
from socialvalue.core.views import Deed, FormPage, Page

OFFICER = roles(Role.PROCUREMENT_OFFICER)
MOST_SHOWN = 50


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


class TaskList(OfTender, Page):
    """Where the tender stands: what is done, what is missing, what is next."""

    access = BUYER
    template_name = "procurement/tenders/task_list.html"

    def get_page(self) -> dict[str, Any]:
        overview = self.overview
        return {
            "most_measures": MOST_MEASURES,
            "overview": overview,
            "tasks": self.tasks(overview),
            "next_task": self.next_task(overview),
        }

    def tasks(self, overview: TenderOverview) -> list[dict[str, str]]:
        missing = {row.url_name.rsplit(":", 1)[-1]: row.label for row in overview.missing}
        rows = [
            (
                "measures",
                "Choose measures",
                "details" if overview.requirements else "measures",
                self.measures_hint(),
            ),
            ("scoring", "Set the scoring", "scoring", self.scoring_hint()),
            ("questions", "Write the questions", "questions", self.questions_hint()),
            ("suppliers", "Invite suppliers", "suppliers", self.suppliers_hint()),
        ]
        started = {
            "measures": bool(overview.requirements),
            "scoring": bool(overview.tender and overview.tender.weighting_kind),
            "questions": bool(overview.questions),
            "suppliers": bool(overview.invited),
        }
        tasks = []
        for name, title, page, hint in rows:
            is_missing = name in missing
            state = "completed"
            if is_missing:
                state = "in_progress" if started[name] else "not_started"
            elif not started[name]:
                state = "optional"
            tasks.append(self.task(title, page, state, missing.get(name) or hint))
        if overview.has_localised:
            tasks.insert(1, self.place_task(overview))
        tasks.append(
            self.task("Check and publish", "publish", "not_started", "")
            if not missing
            else {"title": "Check and publish", "href": "", "status": "cannot_start", "hint": ""}
        )
        return tasks

    def task(self, title: str, page: str, state: str, hint: str) -> dict[str, str]:
        href = self.to(page) if self.overview.can_prepare else ""
        return {"title": title, "href": href, "status": state, "hint": hint}

    def place_task(self, overview: TenderOverview) -> dict[str, str]:
        if overview.place_name:
            hint = f"Localised measures are valued at {overview.place_name}"
            return self.task("Set the place", "place", "completed", hint)
        many = len(overview.awaiting_place)
        verb = "measure has" if many == 1 else "measures have"
        return self.task(
            "Set the place", "place", "optional", f"{many} {verb} no value until a place is set"
        )

    def measures_hint(self) -> str:
        return ", ".join(row.measure.code for row in self.overview.requirements)

    def scoring_hint(self) -> str:
        return self.overview.scoring.sentences[0] if self.overview.scoring else ""

    def questions_hint(self) -> str:
        many = len(self.overview.questions)
        return f"{many} question{'' if many == 1 else 's'}" if many else "None asked"

    def suppliers_hint(self) -> str:
        many = len(self.overview.invited)
        return f"{many} invited" if many else ""

    def next_task(self, overview: TenderOverview) -> dict[str, str] | None:
        if not (overview.is_draft and overview.can_prepare):
            return None
        labels = {
            "measures": "Choose measures",
            "scoring": "Set the scoring",
            "questions": "Write the questions",
            "suppliers": "Invite suppliers",
        }
        if not overview.missing:
            return {"label": "Check and publish", "href": self.to("publish")}
        name = overview.missing[0].url_name.rsplit(":", 1)[-1]
        return {"label": labels[name], "href": self.to(name)}


class StartTender(OfTender, Deed):
    access = OFFICER

    def perform(self) -> str:
        start_tender(actor=self.actor, procurement_id=self.procurement_pk)
        return self.to("task_list")


class PreparePage(OfTender, FormPage):
    """A form that changes a tender while it is being written; afterwards it leads back to the task list."""

    access = OFFICER

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.tender is not None and self.tender.status != TenderStatus.DRAFT:
            messages.info(request, "This tender is published. A published tender does not change.")
            return HttpResponseRedirect(self.to("task_list"))
        return super().get(request, *args, **kwargs)

    def get_page(self) -> dict[str, Any]:
        if self.tender is None:
            raise NotVisible("This procurement has no tender yet.")
        return {
            "overview": self.overview,
            "back_url": self.to("task_list"),
            "most_measures": MOST_MEASURES,
        }

    def perform(self, form: Any) -> str:
        """Saves. After a conflict the page carries the version it now shows, so that saving again is a choice."""
        try:
            return self.keep(form)
        except Conflict:
            form.data = form.data.copy()
            form.data["version"] = str(self.tender.version)
            raise

    def keep(self, form: Any) -> str:
        raise NotImplementedError(f"{type(self).__name__}.keep")

    def get_initial(self) -> dict[str, Any]:
        return {"version": self.tender.version}


class Measures(PreparePage):
    """From a pack, or one by one with search and theme. The buttons "Show" and "Tick these" save nothing."""

    template_name = "procurement/tenders/measures.html"
    form_class = MeasuresForm

    @cached_property
    def catalogue(self) -> MeasureCatalogue:
        return measure_catalogue(self.actor, self.procurement_pk)

    def get_page(self) -> dict[str, Any]:
        page = super().get_page()
        return page | {"catalogue": self.catalogue, "most_measures": MOST_MEASURES}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"catalogue": self.catalogue}

    def get_initial(self) -> dict[str, Any]:
        chosen = [str(pk) for pk in self.catalogue.chosen_ids]
        return super().get_initial() | {"measures": chosen}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "show" in request.POST or "pack" in request.POST:
            return self.show_again(request)
        return super().post(request, *args, **kwargs)

    def show_again(self, request: HttpRequest) -> HttpResponse:
        """The page with the search applied or a pack ticked, everything else as it was."""
        page = self.get_page()
        ticked = request.POST.getlist("measures")
        pack = next((p for p in self.catalogue.packs if p.slug == request.POST.get("pack")), None)
        if pack is not None:
            ticked = list(dict.fromkeys([*ticked, *(str(pk) for pk in pack.measure_ids)]))
        form = MeasuresForm(
            catalogue=self.catalogue,
            initial={
                "version": request.POST.get("version"),
                "search": "" if pack else request.POST.get("search", ""),
                "theme": "" if pack else request.POST.get("theme", ""),
                "measures": ticked,
            },
        )
        return render(request, self.template_name, page | {"form": form, "ticked_pack": pack})

    def keep(self, form: MeasuresForm) -> str:
        pick_measures(
            actor=self.actor,
            tender_id=self.tender.pk,
            expected_version=form.cleaned_data["version"],
            measure_ids=form.cleaned_data["measures"],
        )
        return self.to("details")


class Details(PreparePage):
    """What is asked of each chosen measure."""

    template_name = "procurement/tenders/details.html"
    form_class = DetailsForm

    def get_page(self) -> dict[str, Any]:
        return super().get_page() | {"most_measures": MOST_MEASURES}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"requirements": self.overview.requirements}

    def keep(self, form: DetailsForm) -> str:
        choose_measures(
            actor=self.actor,
            tender_id=self.tender.pk,
            expected_version=form.cleaned_data["version"],
            requirements=form.inputs(),
        )
        return self.to("task_list")


class Place(PreparePage):
    template_name = "procurement/tenders/place.html"
    form_class = PlaceForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"places": place_choices(self.tender)}

    def get_initial(self) -> dict[str, Any]:
        return super().get_initial() | {"place": self.tender.place}

    def keep(self, form: PlaceForm) -> str:
        set_place(
            actor=self.actor,
            tender_id=self.tender.pk,
            expected_version=form.cleaned_data["version"],
            place=form.cleaned_data["place"],
        )
        return self.to("task_list")


class Scoring(PreparePage):
    template_name = "procurement/tenders/scoring.html"
    form_class = ScoringForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"allowed": self.overview.allowed}

    def get_page(self) -> dict[str, Any]:
        return super().get_page() | {"scoring": self.overview.scoring}

    def get_initial(self) -> dict[str, Any]:
        tender = self.tender
        return super().get_initial() | {
            "weighting_kind": tender.weighting_kind,
            "weighting_percent": tender.weighting_percent,
            "quantitative_percent": tender.quantitative_percent,
        }

    def keep(self, form: ScoringForm) -> str:
        set_scoring(
            actor=self.actor,
            tender_id=self.tender.pk,
            expected_version=form.cleaned_data["version"],
            weighting_kind=form.cleaned_data["weighting_kind"],
            weighting_percent=form.cleaned_data["weighting_percent"],
            quantitative_percent=form.cleaned_data["quantitative_percent"],
        )
        return self.to("task_list")


class ScoringAdvice(OfTender, Page):
    """The formula in words for what is typed so far: a fragment of the scoring page."""

    access = OFFICER
    template_name = "procurement/tenders/_scoring_in_words.html"

    def get_page(self) -> dict[str, Any]:
        tender_being_prepared(self.actor, self.procurement_pk)
        form = ScoringForm(self.request.GET, allowed=self.overview.allowed)
        form.is_valid()
        typed = form.cleaned_data
        if typed.get("quantitative_percent") is None:
            return {"scoring": None}
        return {
            "scoring": scoring_in_words(
                kind=typed.get("weighting_kind", ""),
                percent=typed.get("weighting_percent"),
                quantitative_percent=typed["quantitative_percent"],
            )
        }


class Questions(PreparePage):
    template_name = "procurement/tenders/questions.html"
    form_class = QuestionsFormSet  # type: ignore[assignment]  # a formset is drawn and checked like a form

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"version": self.tender.version, "prefix": "questions"}

    def get_initial(self) -> Any:
        rows = [
            {"text": row.text, "guidance": row.guidance, "weight_percent": row.weight_percent}
            for row in self.overview.questions
        ]
        return rows or [{}]

    def keep(self, form: Any) -> str:
        set_questions(
            actor=self.actor,
            tender_id=self.tender.pk,
            expected_version=form.expected_version,
            questions=form.inputs(),
        )
        return self.to("task_list")


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
