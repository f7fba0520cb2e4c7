"""Which organisation one acts for, and what it says about itself."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.urls import reverse

from socialvalue.accounts.forms import (
    OrganisationForm,
    PlaceForm,
)
from socialvalue.accounts.permissions import OWN_AUTHORITY, OWN_SUPPLIER, SIGNED_IN
from socialvalue.accounts.queries import (
    Seat,
    organisation_of,
)
from socialvalue.accounts.services import (
    describe_organisation,
    describe_place,
)
from socialvalue.accounts.vocabulary import SESSION_KEY
from socialvalue.core.errors import NotVisible
from socialvalue.core.views import Deed, FormPage


class SwitchOrganisation(Deed):
    """Act for another organisation one belongs to. Nothing but the session changes."""

    access = SIGNED_IN

    def perform(self) -> str:
        seats: list[Seat] = self.request.seats  # type: ignore[attr-defined]  # set by ActorMiddleware
        wanted = self.request.POST.get("organisation", "")
        seat = next((s for s in seats if s.slug == wanted), None)
        if seat is None:
            raise NotVisible
        self.request.session[SESSION_KEY] = seat.slug
        self.say(f"You are now acting for {seat.name}.")
        return "/"


class OwnOrganisation(FormPage):
    """What a supplier says about itself."""

    access = OWN_SUPPLIER
    template_name = "accounts/own.html"
    form_class = OrganisationForm

    def get_page(self) -> dict[str, Any]:
        return {"organisation": organisation_of(self.actor)}

    def get_initial(self) -> dict[str, Any]:
        found = organisation_of(self.actor)
        words = {True: "yes", False: "no", None: ""}
        return {
            "company_number": found.company_number,
            "is_sme": words[found.is_sme],
            "is_vcse": words[found.is_vcse],
            "place": found.place,
            "postcode_district": found.postcode_district,
        }

    def perform(self, form: OrganisationForm) -> str:
        describe_organisation(actor=self.actor, **form.cleaned_data)
        messages.success(self.request, "Saved.")
        return reverse("accounts:own")


class OwnPlace(FormPage):
    """Where an authority is: which suppliers are local in its figures."""

    access = OWN_AUTHORITY
    template_name = "accounts/place.html"
    form_class = PlaceForm

    def get_page(self) -> dict[str, Any]:
        return {"organisation": organisation_of(self.actor)}

    def get_initial(self) -> dict[str, Any]:
        found = organisation_of(self.actor)
        return {"place": found.place, "postcode_district": found.postcode_district}

    def perform(self, form: PlaceForm) -> str:
        describe_place(actor=self.actor, **form.cleaned_data)
        messages.success(self.request, "Saved.")
        return reverse("accounts:place")
