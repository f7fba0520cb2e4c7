"""Signing in: one's account, the second step, single sign-on, and how an organisation's people sign in.

The pages of allauth (password, codes, passkeys, devices) are allauth's own views in our templates.
"""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from requests import RequestException

from socialvalue.accounts.adapter import OrganisationSignIn
from socialvalue.accounts.forms.sign_in import AskingForm, OwnNameForm, ResetForm
from socialvalue.accounts.permissions import ANYONE, PEOPLE_MANAGER, PEOPLE_READER, SIGNED_IN
from socialvalue.accounts.queries import own_path
from socialvalue.accounts.queries.second_step import (
    PersonSigningIn,
    people_signing_in,
    person_to_reset,
    second_step_asked_by,
    sign_in_of_organisation,
    way_in,
)
from socialvalue.accounts.rules.connections import Connection, connection_of
from socialvalue.accounts.services.second_step import (
    ask_second_step,
    rename_oneself,
    reset_second_step,
)
from socialvalue.accounts.vocabulary import Role
from socialvalue.core.errors import NotVisible
from socialvalue.core.views import BaseView, FormPage, Page


class Account(Page):
    """Everything about one's own account: who one is, how one signs in, where one works."""

    access = SIGNED_IN
    template_name = "accounts/account.html"

    def get_page(self) -> dict[str, Any]:
        user = self.request.user
        seats = self.request.seats  # type: ignore[attr-defined]  # set by ActorMiddleware
        missing = self.request.second_step_asked_by  # type: ignore[attr-defined]  # set by SecondStepMiddleware
        return {
            "way_in": way_in(user),  # type: ignore[arg-type]  # signed in
            "places": [(seat, sorted(Role(role).label for role in seat.roles)) for seat in seats],
            "missing": missing,
            "asked_by": missing or second_step_asked_by(is_operator=user.is_staff, seats=seats),
        }


class OwnName(FormPage):
    access = SIGNED_IN
    template_name = "accounts/own_name.html"
    form_class = OwnNameForm

    def get_initial(self) -> dict[str, Any]:
        return {"full_name": self.request.user.full_name}  # type: ignore[union-attr]  # signed in

    def perform(self, form: OwnNameForm) -> str:
        rename_oneself(actor=self.actor, full_name=form.cleaned_data["full_name"])
        messages.success(self.request, "Saved.")
        return reverse("accounts:account")


class SecondStep(Page):
    """Where somebody is sent who must have a second step and has none: two ways to set one up."""

    access = SIGNED_IN
    template_name = "accounts/second_step.html"

    def get_page(self) -> dict[str, Any]:
        return {
            "asked_by": self.request.second_step_asked_by,  # type: ignore[attr-defined]  # set by SecondStepMiddleware
            "way_in": way_in(self.request.user),  # type: ignore[arg-type]  # signed in
        }


# --- single sign-on ---------------------------------------------------------------------------------


class SignInThrough(Page):
    """Every organisation that has a sign-in service of its own: one button each."""

    access = ANYONE
    template_name = "accounts/sign_in_through.html"

    def get_page(self) -> dict[str, Any]:
        if not settings.OIDC_CONNECTIONS:
            raise NotVisible
        return {
            "connections": sorted(settings.OIDC_CONNECTIONS, key=lambda row: row.name),
            "next_path": own_path(self.request.GET.get("next", "")),
        }


class _ThroughOrganisation(BaseView):
    """One connection's step of signing in, and the page for a service that does not answer as it should."""

    access = ANYONE
    oauth_view: ClassVar[Any]

    @cached_property
    def connection(self) -> Connection:
        found = connection_of(str(self.kwargs["provider_id"]), settings.OIDC_CONNECTIONS)
        if found is None:
            raise NotVisible
        return found

    def go(self, request: HttpRequest) -> HttpResponse:
        service = OrganisationSignIn(request, self.connection.organisation)
        try:
            return self.oauth_view.adapter_view(service)(request)
        except (RequestException, KeyError, ValueError):
            # It is away, or what it says is not OpenID Connect.
            page = {"connection": self.connection}
            return render(request, "socialaccount/unreachable.html", page, status=502)


class StartSignInThrough(_ThroughOrganisation):
    """Leave for the organisation's sign-in service. By a button: an address alone sends nobody anywhere."""

    oauth_view = OAuth2LoginView

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        page = {
            "connection": self.connection,
            "next_path": own_path(request.GET.get("next", "")),
        }
        return render(request, "socialaccount/login.html", page)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # Only signing in: one's account is not tied to an identity of another address.
        if {*request.GET, *request.POST} - {"next", "csrfmiddlewaretoken"}:
            raise NotVisible
        self.connection  # noqa: B018  # NotVisible before anything else
        return self.go(request)


class FinishSignInThrough(_ThroughOrganisation):
    """Back from there. Opening the address changes nothing: its page sends itself on by a button that does."""

    oauth_view = OAuth2CallbackView

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        connection = self.connection
        if "error" in request.GET or "code" not in request.GET:
            return self.go(request)
        return render(request, "socialaccount/continue.html", {"connection": connection})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.connection  # noqa: B018  # NotVisible before anything else
        return self.go(request)


# --- an organisation's people -----------------------------------------------------------------------


class HowPeopleSignIn(FormPage):
    """What an organisation asks of its people when they sign in, and what each of them has."""

    access = PEOPLE_READER
    template_name = "accounts/sign_in.html"
    form_class = AskingForm

    def get_page(self) -> dict[str, Any]:
        return {
            "sign_in": sign_in_of_organisation(self.actor),
            "people": people_signing_in(self.actor),
            "may_change": PEOPLE_MANAGER.allows(self.actor),
        }

    def get_initial(self) -> dict[str, Any]:
        return {"asks": "yes" if sign_in_of_organisation(self.actor).asks else "no"}

    def perform(self, form: AskingForm) -> str:
        ask_second_step(actor=self.actor, asks=form.cleaned_data["asks"])
        messages.success(self.request, "Saved.")
        return reverse("accounts:sign_in")


class ResetSecondStep(FormPage):
    """Somebody lost their phone and their recovery codes: with a reason, and a letter to them."""

    access = PEOPLE_MANAGER
    template_name = "accounts/reset_second_step.html"
    form_class = ResetForm

    @cached_property
    def person(self) -> PersonSigningIn:
        return person_to_reset(self.actor, int(self.kwargs["user_id"]))

    def get_page(self) -> dict[str, Any]:
        return {"person": self.person}

    def perform(self, form: ResetForm) -> str:
        reset_second_step(
            actor=self.actor, user_id=self.person.user_id, reason=form.cleaned_data["reason"]
        )
        messages.success(
            self.request,
            f"{self.person.name} signs in with the password alone now. We wrote to them.",
        )
        return reverse("accounts:sign_in")
