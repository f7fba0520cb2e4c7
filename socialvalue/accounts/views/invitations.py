"""Inviting somebody into the acting organisation, and accepting an invitation."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property

from socialvalue.accounts.adapter import sign_in
from socialvalue.accounts.forms.people import AcceptForm, InviteForm
from socialvalue.accounts.forms.registering import NewPersonForm
from socialvalue.accounts.permissions import ANYONE, OPERATOR, PEOPLE_MANAGER
from socialvalue.accounts.queries import (
    InvitationPage,
    invitation_page,
    organisation_of,
    role_choices,
    sign_in_path,
)
from socialvalue.accounts.services import (
    accept_as_new_person,
    accept_invitation,
    invite,
    revoke_invitation,
    send_invitation_again,
)
from socialvalue.accounts.vocabulary import SESSION_KEY, Role
from socialvalue.core.views import Deed, FormPage


class Invite(FormPage):
    """Who, and as what. What comes back is the same whether or not the address is known."""

    access = PEOPLE_MANAGER
    template_name = "accounts/invite.html"
    form_class = InviteForm

    def get_page(self) -> dict[str, Any]:
        return {"organisation": organisation_of(self.actor)}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"choices": role_choices(organisation_of(self.actor))}

    def perform(self, form: InviteForm) -> str:
        email = form.cleaned_data["email"]
        roles = [Role(role) for role in form.cleaned_data["roles"]]
        invite(actor=self.actor, email=email, roles=roles)
        messages.success(self.request, f"A letter is on its way to {email}.")
        return reverse("accounts:people")


class SendInvitationAgain(Deed):
    access = PEOPLE_MANAGER

    def perform(self) -> str:
        sent = send_invitation_again(actor=self.actor, invitation_id=self.kwargs["pk"])
        self.say(f"A new letter is on its way to {sent.email}. The old link no longer works.")
        return reverse("accounts:people")


class RevokeInvitation(Deed):
    access = PEOPLE_MANAGER

    def perform(self) -> str:
        revoke_invitation(actor=self.actor, invitation_id=self.kwargs["pk"])
        self.say("The invitation is revoked. Its link no longer works.")
        return reverse("accounts:people")


class AcceptInvitation(FormPage):
    """What the link in the letter opens: join with one's account, or make one."""

    access = ANYONE
    limit = "links"
    template_name = "accounts/invitation.html"

    @property
    def form_class(self) -> Any:  # type: ignore[override]  # which form depends on who opens the link
        return AcceptForm if self.found.has_account else NewPersonForm

    @cached_property
    def found(self) -> InvitationPage:
        return invitation_page(self.actor, self.kwargs["token"])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.gone() or super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.gone() or super().post(request, *args, **kwargs)

    def gone(self) -> HttpResponse | None:
        """A page for a link that no longer works; None for one that does."""
        if self.found.is_open:
            return None
        page = {"found": self.found}
        return render(self.request, "accounts/invitation_gone.html", page, status=410)

    def get_page(self) -> dict[str, Any]:
        found = self.found
        if found.is_mine and OPERATOR.allows(self.actor):
            state = "operator"
        elif found.is_mine:
            state = "accept"
        elif self.actor.is_signed_in:
            state = "another"
        else:
            state = "sign_in" if found.has_account else "new"
        return {"found": found, "state": state, "sign_in_url": sign_in_path(self.request.path)}

    def perform(self, form: Any) -> str:
        token = self.kwargs["token"]
        if self.found.has_account and not self.actor.is_signed_in:
            return sign_in_path(self.request.path)
        if self.found.has_account or self.actor.is_signed_in:
            slug = accept_invitation(actor=self.actor, token=token)
        else:
            user, slug = accept_as_new_person(
                token=token,
                full_name=form.cleaned_data["full_name"],
                password=form.cleaned_data["password"],
            )
            if not sign_in(self.request, user):
                # People of this address sign in at their organisation's own service.
                return sign_in_path("/")
        self.request.session[SESSION_KEY] = slug
        messages.success(self.request, f"You can now act for {self.found.organisation}.")
        return "/"
