"""The pages of those who keep the service running: they see no organisation's data until they open an access."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from socialvalue.accounts.forms.platform import AccessForm, InviteAdministratorForm
from socialvalue.accounts.permissions import OPERATOR
from socialvalue.accounts.queries.platform import (
    EVERYTHING,
    STRANGER_DAYS,
    access_rows,
    accesses,
    organisations_to_administer,
    second_step_made_at,
    strangers,
    where_to_look,
)
from socialvalue.accounts.queries.second_step import has_second_step
from socialvalue.accounts.rules.platform import MOST_HOURS, is_recent
from socialvalue.accounts.services import invite_administrator
from socialvalue.accounts.services.platform import end_platform_access, open_platform_access
from socialvalue.core import clock, held_forms
from socialvalue.core.views import Deed, FormPage, Page

PAGE_SIZE = 25


class Platform(Page):
    """What an operator can do, what is open now, and how often strangers tried to sign in."""

    access = OPERATOR
    template_name = "accounts/platform/home.html"

    def get_page(self) -> dict[str, Any]:
        return {
            "recent": access_rows(list(accesses(self.actor)[:5])),
            "strangers": strangers(self.actor),
            "stranger_days": STRANGER_DAYS,
        }


class PlatformAccesses(FormPage):
    """Opening an access, and every access there was. It takes a second step made just now, or the password where the
    site asks for no second step."""

    access = OPERATOR
    template_name = "accounts/platform/access.html"
    form_class = AccessForm
    held_because = "You have proved that it is you."

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"places": where_to_look()}

    def get_page(self) -> dict[str, Any]:
        pages = Paginator(accesses(self.actor), PAGE_SIZE)
        page = pages.get_page(self.request.GET.get("page"))
        return {"page": page, "rows": access_rows(list(page.object_list)), "most_hours": MOST_HOURS}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        again = self.sign_in_again()
        if again:
            held_forms.hold(request)
            messages.info(request, "Prove again that it is you. What you typed is kept.")
            return HttpResponseRedirect(again)
        return super().post(request, *args, **kwargs)

    def sign_in_again(self) -> str:
        """Where the second step is made again, and back; empty when it was made just now."""
        back = urlencode({"next": self.request.path})
        if has_second_step(self.actor.person_id):
            if is_recent(second_step_made_at(self.request), clock.now()):
                return ""
            return f"{reverse('mfa_reauthenticate')}?{back}"
        if did_recently_reauthenticate(self.request):
            return ""
        return f"{reverse('account_reauthenticate')}?{back}"

    def perform(self, form: AccessForm) -> str:
        where = form.cleaned_data["organisation"]
        access = open_platform_access(
            actor=self.actor,
            organisation_slug="" if where == EVERYTHING else where,
            reason=form.cleaned_data["reason"],
            hours=form.cleaned_data["hours"],
        )
        messages.success(self.request, "The access is open, and was told to those it concerns.")
        return "/" if access.organisation_id else reverse("admin:index")


class EndPlatformAccess(Deed):
    """Before its time is over."""

    access = OPERATOR

    def perform(self) -> str:
        ended = end_platform_access(actor=self.actor)
        self.say("The access is ended." if ended else "The access had ended already.")
        return reverse("accounts:platform_access")


class InviteAdministrator(FormPage):
    """The first administrator of an organisation, or one more where nobody can invite any longer."""

    access = OPERATOR
    template_name = "accounts/platform/invite.html"
    form_class = InviteAdministratorForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"places": organisations_to_administer()}

    def perform(self, form: InviteAdministratorForm) -> str:
        invitation, _ = invite_administrator(
            actor=self.actor,
            organisation_slug=form.cleaned_data["organisation"],
            email=form.cleaned_data["email"],
        )
        messages.success(
            self.request, f"The letter is on its way. It invites to {invitation.organisation.name}."
        )
        return reverse("accounts:platform")
