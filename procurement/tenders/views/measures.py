"""What the tender asks for: measures, what is asked of each, and where they are valued."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import cached_property

from procurement.tenders.forms import DetailsForm, MeasuresForm, PlaceForm, WhyNotForm
from procurement.tenders.queries import (
    MeasureCatalogue,
    measure_catalogue,
    place_choices,
    sector_choices,
)
from procurement.tenders.services import (
    choose_measures,
    explain_measures,
    pick_measures,
    set_place,
)
from procurement.tenders.views.prepare import PreparePage


class Measures(PreparePage):
    """From a pack, or one by one with search and theme. The buttons "Show" and "Tick these" save nothing."""

    template_name = "procurement/tenders/measures.html"
    form_class = MeasuresForm

    @cached_property
    def catalogue(self) -> MeasureCatalogue:
        return measure_catalogue(self.actor, self.procurement_pk)

    def get_page(self) -> dict[str, Any]:
        return super().get_page() | {"catalogue": self.catalogue}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"catalogue": self.catalogue}

    def get_initial(self) -> dict[str, Any]:
        chosen = [str(pk) for pk in self.catalogue.chosen_ids]
        return super().get_initial() | {"measures": chosen}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.why_closed and {"show", "pack", "few"} & request.POST.keys():
            return self.show_again(request)
        return super().post(request, *args, **kwargs)

    def show_again(self, request: HttpRequest) -> HttpResponse:
        """The page with the search applied or a pack ticked, everything else as it was."""
        page = self.get_page()
        ticked = request.POST.getlist("measures")
        pack = next((p for p in self.catalogue.packs if p.slug == request.POST.get("pack")), None)
        few = self.catalogue.suggested_few if "few" in request.POST else []
        more = pack.measure_ids if pack else few
        ticked = list(dict.fromkeys([*ticked, *(str(pk) for pk in more)]))
        form = MeasuresForm(
            catalogue=self.catalogue,
            initial={
                "version": request.POST.get("version"),
                "search": "" if more else request.POST.get("search", ""),
                "theme": "" if more else request.POST.get("theme", ""),
                "measures": ticked,
            },
        )
        return render(
            request, self.template_name, page | {"form": form, "ticked_pack": pack, "few": few}
        )

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

    def get_form_kwargs(self) -> dict[str, Any]:
        return {
            "requirements": self.overview.requirements,
            "places": place_choices(self.tender),
            "here": self.overview.place_name,
            "kind": self.tender.weighting_kind,
            "formula": self.tender.formula,
        }

    def keep(self, form: DetailsForm) -> str:
        choose_measures(
            actor=self.actor,
            tender_id=self.tender.pk,
            expected_version=form.cleaned_data["version"],
            requirements=form.inputs(),
        )
        return self.to("task_list")


class WhyNot(PreparePage):
    """On the advised route: comply with the policy on measures, or explain in writing."""

    template_name = "procurement/tenders/why_not.html"
    form_class = WhyNotForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"has_measures": bool(self.overview.requirements)}

    def get_initial(self) -> dict[str, Any]:
        return super().get_initial() | {"reason": self.tender.no_measures_reason}

    def keep(self, form: WhyNotForm) -> str:
        explain_measures(
            actor=self.actor,
            tender_id=self.tender.pk,
            expected_version=form.cleaned_data["version"],
            reason=form.cleaned_data["reason"],
            ask_for_none=form.cleaned_data.get("ask_for_none", False),
        )
        return self.to("task_list")


class Place(PreparePage):
    template_name = "procurement/tenders/place.html"
    form_class = PlaceForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"places": place_choices(self.tender), "sectors": sector_choices(self.tender)}

    def get_initial(self) -> dict[str, Any]:
        tender = self.tender
        return super().get_initial() | {"place": tender.place, "sector": tender.sector}

    def keep(self, form: PlaceForm) -> str:
        set_place(
            actor=self.actor,
            tender_id=self.tender.pk,
            expected_version=form.cleaned_data["version"],
            place=form.cleaned_data["place"],
            sector=form.cleaned_data.get("sector", ""),
        )
        return self.to("task_list")
