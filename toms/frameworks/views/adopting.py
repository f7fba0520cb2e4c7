"""Adopting an edition, changing what was adopted, ending it, taking it back; and its packs."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.functional import cached_property

from socialvalue.core.errors import NotAllowed, NotVisible
from socialvalue.core.views import FormPage, Page, VersionedDeed
from toms.frameworks import forms, queries, services
from toms.frameworks.forms.adoption import BESIDE, MAIN, SUBSET, WHOLE
from toms.frameworks.permissions import ADOPTER, WHY_NOT_ADOPT, WHY_NOT_ADOPT_FOR_REGION
from toms.frameworks.rules import PackInput, pack_slug
from toms.frameworks.views.adoption import OfAdoption, adoption_url, list_url


class ForAdopter:
    """What the pages share that begin an adoption, for the authority or for its region."""

    kwargs: dict[str, Any]
    actor: Any

    @property
    def region_slug(self) -> str:
        return str(self.kwargs.get("region", ""))

    def allow(self) -> None:
        if not queries.may_adopt(self.actor, self.region_slug):
            raise NotAllowed(WHY_NOT_ADOPT_FOR_REGION if self.region_slug else WHY_NOT_ADOPT)

    @cached_property
    def adopter_page(self) -> queries.AdopterPage:
        self.allow()
        return queries.adopter_page(self.actor, self.region_slug)


class ChooseEdition(ForAdopter, FormPage):
    """Which edition. Nothing is saved here: the next page asks from when and what of it."""

    access = ADOPTER
    template_name = "toms/frameworks/adoption_form.html"
    form_class = forms.ChooseEditionForm

    def get_page(self) -> dict[str, Any]:
        return {
            "title": "Adopt an edition",
            "asks_in_heading": True,
            "adopter_name": self.adopter_page.name,
            "list_url": list_url(self.region_slug),
            "back_url": list_url(self.region_slug),
            "save": "Continue",
        }

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"editions": queries.adoptable_editions(self.actor, self.region_slug)}

    def perform(self, form: Any) -> str:
        chosen = form.cleaned_data["edition"]
        if self.region_slug:
            return adoption_url("adopt_region", self.region_slug, chosen)
        return adoption_url("adopt", chosen)


class Adopt(ForAdopter, FormPage):
    """From when, main or beside, how many at most, and which of its measures."""

    access = ADOPTER
    template_name = "toms/frameworks/adoption_form.html"
    form_class = forms.AdoptionForm

    @cached_property
    def edition(self) -> queries.EditionInfo:
        return queries.adoptable_edition(self.actor, self.kwargs["edition"], self.region_slug)

    def get_page(self) -> dict[str, Any]:
        return {
            "title": f"Adopt {self.edition.name}",
            "adopter_name": self.adopter_page.name,
            "list_url": list_url(self.region_slug),
            "back_url": list_url(self.region_slug),
            "says_what_stays": True,
            "save": "Adopt it",
        }

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"measures": queries.measures_of(self.edition.id)}

    def get_initial(self) -> dict[str, Any]:
        return {"is_main": MAIN, "scope": WHOLE}

    def perform(self, form: Any) -> str:
        data = form.cleaned_data
        row = services.adopt_edition(
            actor=self.actor,
            adopter=queries.adopter_of(self.actor, self.region_slug),
            edition_id=self.edition.id,
            from_on=data["from_on"],
            is_main=data["is_main"] == MAIN,
            max_measures=data["max_measures"],
            measure_ids=form.measure_ids(),
            reference=data["reference"],
        )
        messages.success(self.request, f"{self.edition.name} is adopted.")
        return adoption_url("adoption_detail", row.pk)


class ChangePage(OfAdoption, FormPage):
    """A form about one adoption, for who may change it, while it has not ended."""

    access = ADOPTER
    template_name = "toms/frameworks/adoption_form.html"
    title = ""
    save = "Save"
    done = "What was adopted is changed."

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.allow()
        if self.detail.is_ended:
            messages.info(request, "This adoption has ended, so it does not change.")
            return HttpResponseRedirect(self.own_url)
        return super().get(request, *args, **kwargs)

    def allow(self) -> None:
        if not self.detail.can_change:
            raise NotAllowed(WHY_NOT_ADOPT_FOR_REGION if self.detail.region else WHY_NOT_ADOPT)

    def get_page(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "adoption": self.detail,
            "adopter_name": self.detail.adopter_name,
            "list_url": self.list_url,
            "back_url": self.own_url,
            "save": self.save,
        }

    def get_initial(self) -> dict[str, Any]:
        return {"version": self.detail.version, **self.first_answers()}

    def first_answers(self) -> dict[str, Any]:
        return {}

    def version_now(self) -> Any:
        return self.detail.version

    def perform(self, form: Any) -> str:
        """Saves. After a conflict the form carries the version that is there now, so that saving again is a choice."""
        self.keep(form)
        messages.success(self.request, self.done)
        return self.own_url

    def keep(self, form: Any) -> None:
        raise NotImplementedError(f"{type(self).__name__}.keep")

    def seen(self, form: Any) -> dict[str, Any]:
        return {
            "actor": self.actor,
            "adoption_id": self.detail.id,
            "expected_version": form.cleaned_data["version"] or 0,
        }


class ChangeAdoption(ChangePage):
    form_class = forms.AdoptionForm
    title = "Change what was adopted"

    def get_page(self) -> dict[str, Any]:
        return super().get_page() | {"says_what_stays": True}

    def get_form_kwargs(self) -> dict[str, Any]:
        detail = self.detail
        return {
            "measures": queries.measures_of(detail.edition.id),
            "chosen": detail.chosen_ids,
            "is_begun": detail.is_begun,
        }

    def first_answers(self) -> dict[str, Any]:
        detail = self.detail
        return {
            "from_on": detail.from_on,
            "is_main": MAIN if detail.is_main else BESIDE,
            "max_measures": detail.max_measures,
            "reference": detail.reference,
            "scope": SUBSET if detail.is_subset else WHOLE,
        }

    def keep(self, form: Any) -> None:
        data, detail = form.cleaned_data, self.detail
        services.change_adoption(
            **self.seen(form),
            from_on=data.get("from_on", detail.from_on),
            is_main=data["is_main"] == MAIN if "is_main" in data else detail.is_main,
            max_measures=data["max_measures"],
            measure_ids=form.measure_ids(),
            reference=data["reference"],
        )


class EndAdoption(ChangePage):
    form_class = forms.EndForm
    title = "End this adoption"
    save = "End it"
    done = "The last day is saved."

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"may_clear": self.detail.to_on is not None}

    def first_answers(self) -> dict[str, Any]:
        return {"to_on": self.detail.to_on}

    def keep(self, form: Any) -> None:
        to_on = form.cleaned_data["to_on"]
        services.end_adoption(**self.seen(form), to_on=to_on)
        if to_on is None:
            self.done = "The last day is taken away: it is used until another follows."


class PackPage(ChangePage):
    """One pack, new or there already."""

    form_class = forms.PackForm
    done = "The pack is saved."

    @cached_property
    def pack(self) -> queries.PackInfo | None:
        slug = self.kwargs.get("slug")
        if slug is None:
            return None
        found = next((row for row in self.detail.own_packs if row.slug == slug), None)
        if found is None:
            raise NotVisible
        return found

    def get_page(self) -> dict[str, Any]:
        title = f"Change the pack {self.pack.name}" if self.pack else "Add a pack"
        return super().get_page() | {
            "title": title,
            "replaces_packs": self.pack is None and not self.detail.own_packs,
        }

    def get_form_kwargs(self) -> dict[str, Any]:
        return {
            "measures": self.detail.measures,
            "chosen": self.pack.measure_ids if self.pack else (),
        }

    def first_answers(self) -> dict[str, Any]:
        if self.pack is None:
            return {}
        return {"name": self.pack.name, "cpv_prefixes": ", ".join(self.pack.cpv_prefixes)}

    def keep(self, form: Any) -> None:
        others = _without(self.detail.own_packs, self.pack.slug if self.pack else "")
        services.set_packs(**self.seen(form), packs=[*others, form.pack()])


def _without(packs: tuple[queries.PackInfo, ...], slug: str) -> list[PackInput]:
    return [
        PackInput(row.name, row.cpv_prefixes, row.measure_ids) for row in packs if row.slug != slug
    ]


class AdoptionDeed(OfAdoption, VersionedDeed):
    access = ADOPTER
    page_name = "adoption"

    def seen(self) -> dict[str, Any]:
        return {
            "actor": self.actor,
            "adoption_id": self.kwargs["pk"],
            "expected_version": self.seen_version,
        }


class CopyPacks(AdoptionDeed):
    """The packs that tenders are offered now, as the adopter's own: a start to change them from."""

    def perform(self) -> str:
        services.set_packs(**self.seen(), packs=_without(self.detail.packs, ""))
        self.say("These packs are yours now. Change them, or take them away.")
        return self.own_url


class RemovePackCheck(OfAdoption, Page):
    """Are you sure? What officers are offered in its place is said before it goes."""

    access = ADOPTER
    template_name = "toms/frameworks/adoption_pack_remove.html"

    def get_page(self) -> dict[str, Any]:
        if not self.detail.can_change:
            raise NotAllowed(WHY_NOT_ADOPT_FOR_REGION if self.detail.region else WHY_NOT_ADOPT)
        slug = self.kwargs["slug"]
        found = next((row for row in self.detail.shown_packs if row[0].slug == slug), None)
        if found is None or not self.detail.own_packs:
            raise NotVisible
        pack, codes = found
        return {
            "adoption": self.detail, "pack": pack, "codes": codes, "is_last": len(self.detail.own_packs) == 1,
            "list_url": self.list_url, "back_url": self.own_url,
        }  # fmt: skip


class RemovePack(AdoptionDeed):
    def perform(self) -> str:
        slug = pack_slug(self.kwargs["slug"])
        if slug not in {row.slug for row in self.detail.own_packs}:
            raise NotVisible
        services.set_packs(**self.seen(), packs=_without(self.detail.own_packs, slug))
        self.say("The pack is taken away.")
        return self.own_url


class RemoveCheck(OfAdoption, Page):
    """Are you sure? Only before it has begun."""

    access = ADOPTER
    template_name = "toms/frameworks/adoption_remove.html"

    def get_page(self) -> dict[str, Any]:
        if not self.detail.can_change:
            raise NotAllowed(WHY_NOT_ADOPT_FOR_REGION if self.detail.region else WHY_NOT_ADOPT)
        return {"adoption": self.detail, "list_url": self.list_url, "back_url": self.own_url}


class RemoveAdoption(AdoptionDeed):
    def perform(self) -> str:
        back = self.list_url
        services.remove_adoption(**self.seen())
        self.say("The adoption is taken back.")
        return back
