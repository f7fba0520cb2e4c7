"""A supplier registers itself."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property

from socialvalue.accounts.adapter import sign_in
from socialvalue.accounts.forms import (
    AddressForm,
    RegisterForm,
)
from socialvalue.accounts.permissions import ANYONE
from socialvalue.accounts.queries import (
    Registration,
    own_path,
    registration_of,
    sign_in_path,
)
from socialvalue.accounts.services import (
    register_supplier,
    send_registration_link,
)
from socialvalue.core.views import FormPage, Page


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
    limit = "links"
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
        is_in = sign_in(self.request, user)
        also = ", and you are signed in" if is_in else ""
        messages.success(self.request, f"Your organisation is registered{also}.")
        return self.registration.next_path or reverse("accounts:own")
