from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property

from socialvalue.accounts.forms import (
    AddressForm,
    OrganisationForm,
    PlaceForm,
    RegionSeesForm,
    RegisterForm,
)
from socialvalue.accounts.permissions import ANYONE, AUTHORITY_MANAGER, SIGNED_IN, roles
from socialvalue.accounts.queries import (
    RegionChoice,
    Registration,
    Seat,
    organisation_of,
    own_path,
    region_choice,
    region_choice_history,
    region_choices,
    registration_of,
    sign_in_path,
)
from socialvalue.accounts.rules import what_changes
from socialvalue.accounts.services import (
    choose_region_sees,
    describe_organisation,
    describe_place,
    register_supplier,
    send_registration_link,
)
from socialvalue.accounts.vocabulary import SESSION_KEY, Role
from socialvalue.core.errors import NotVisible
from socialvalue.core.views import Deed, FormPage, Page


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


class Register(FormPage):
    """A supplier's first step: an address. What comes back is the same whether it is known here or not."""

    access = ANYONE
    template_name = "accounts/register.html"
    form_class = AddressForm

    def get_initial(self) -> dict[str, Any]:
        return {"next": own_path(self.request.GET.get("next", ""))}

    def get_page(self) -> dict[str, Any]:
        sent = self.request.POST.get("next", "") or self.request.GET.get("next", "")
        return {"sign_in_url": sign_in_path(sent)}

    def perform(self, form: AddressForm) -> str:
        send_registration_link(
            email=form.cleaned_data["email"], next_path=form.cleaned_data["next"]
        )
        return reverse("accounts:register_sent")


class RegistrationSent(Page):
    access = ANYONE
    template_name = "accounts/register_sent.html"


class RegisterWith(FormPage):
    """The second step, from the letter: three boxes, then signed in and on to where one came from."""

    access = ANYONE
    template_name = "accounts/register_with.html"
    form_class = RegisterForm

    @cached_property
    def registration(self) -> Registration:
        return registration_of(str(self.kwargs["token"]))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.gone() or super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.gone() or super().post(request, *args, **kwargs)

    def gone(self) -> HttpResponse | None:
        """A page for a link that no longer works; None for one that does."""
        told = self.registration
        if told.has_account and self.actor.is_signed_in:
            return HttpResponseRedirect(told.next_path or "/")
        if not (told.has_account or told.is_expired):
            return None
        page = {"registration": told, "sign_in_url": sign_in_path(told.next_path)}
        return render(self.request, "accounts/register_gone.html", page, status=410)

    def get_page(self) -> dict[str, Any]:
        told = self.registration
        return {"registration": told, "sign_in_url": sign_in_path(told.next_path)}

    def perform(self, form: RegisterForm) -> str:
        user = register_supplier(
            email=self.registration.email,
            organisation_name=form.cleaned_data["organisation_name"],
            full_name=form.cleaned_data["full_name"],
            password=form.cleaned_data["password"],
        )
        login(self.request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
        messages.success(self.request, "Your organisation is registered, and you are signed in.")
        return self.registration.next_path or reverse("accounts:own")


class OwnOrganisation(FormPage):
    """What a supplier says about itself."""

    access = roles(Role.SUPPLIER_ADMIN)
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

    access = roles(Role.ORGANISATION_ADMIN)
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


class WhatRegionSees(FormPage):
    """Whether the region's totals hold the authority's figures, and whether it is compared: both on one page."""

    access = AUTHORITY_MANAGER
    template_name = "accounts/region_sees.html"
    form_class = RegionSeesForm

    @cached_property
    def choice(self) -> RegionChoice | None:
        return region_choice(self.actor, self.request.GET.get("region", ""))

    def get_page(self) -> dict[str, Any]:
        choice = self.choice
        return {
            "choice": choice,
            "choices": region_choices(self.actor),
            "history": region_choice_history(choice) if choice else [],
        }

    def get_initial(self) -> dict[str, Any]:
        if self.choice is None:
            return {}
        return {
            "figures": "withheld" if self.choice.sees.is_withheld else "shared",
            "compared": "yes" if self.choice.sees.in_benchmark else "no",
            "version": self.choice.version,
        }

    def version_now(self) -> int | None:
        found = region_choice(self.actor, self.choice.slug) if self.choice else None
        return found.version if found else None

    def perform(self, form: RegionSeesForm) -> str:
        choice = self.choice
        if choice is None:
            raise NotVisible
        choose_region_sees(
            actor=self.actor,
            region_slug=choice.slug,
            is_withheld=form.sees.is_withheld,
            in_benchmark=form.sees.in_benchmark,
            expected_version=form.cleaned_data["version"] or 0,
        )
        said = what_changes(choice.name, choice.sees, form.sees)
        messages.success(self.request, "Saved. " + " ".join(said) if said else "Nothing changed.")
        return f"{reverse('accounts:region_sees')}?region={choice.slug}"


class RegionSeesAdvice(Page):
    """What saving would change: a fragment of that page."""

    access = AUTHORITY_MANAGER
    template_name = "accounts/_region_change.html"

    def get_page(self) -> dict[str, Any]:
        choice = region_choice(self.actor, self.request.GET.get("region", ""))
        if choice is None:
            raise NotVisible
        form = RegionSeesForm(self.request.GET)
        if not form.is_valid():
            return {"broken": form.errors.get("compared", [])}
        return {"changes": what_changes(choice.name, choice.sees, form.sees)}
