"""What is kept about people: the notice for everybody, one's own data, and being forgotten."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.urls import reverse
from django.utils.decorators import method_decorator

from socialvalue.accounts.forms.privacy import ConfirmForm, EraseForm
from socialvalue.accounts.permissions import ANYONE, PEOPLE_MANAGER, SIGNED_IN
from socialvalue.accounts.queries.leavers import Leaver, leaver_of
from socialvalue.accounts.queries.personal import (
    open_seats,
    own_address,
    personal_data,
    why_not_erase_oneself,
)
from socialvalue.accounts.queries.privacy import privacy_page
from socialvalue.accounts.renderers import ZIP, data_file
from socialvalue.accounts.services.erasing import erase_leaver, erase_oneself
from socialvalue.core import clock
from socialvalue.core.errors import NotAllowed
from socialvalue.core.periods import uk_moment
from socialvalue.core.views import Download, FormPage, Page

SIGNED_IN_AGAIN = reauthentication_required(enabled=lambda request: request.user.is_authenticated)
"""Whoever signed in shows again that it is them: an unlocked screen must not be enough. Who is signed out is asked to
sign in by the view itself."""


class Privacy(Page):
    """The data map, for everybody."""

    access = ANYONE
    template_name = "accounts/privacy.html"

    def get_page(self) -> dict[str, Any]:
        return {"page": privacy_page(), "scanner": settings.EVIDENCE_SCANNER}


class OwnData(Page):
    """What is known of the person who is signed in, as numbers of rows; the copy is a file."""

    access = SIGNED_IN
    template_name = "accounts/data.html"

    def get_page(self) -> dict[str, Any]:
        return {
            "tables": personal_data(self.actor),
            "address": own_address(self.actor),
            "why_not": why_not_erase_oneself(self.actor),
        }


class OwnDataFile(Download):
    """The copy of one's data. Nobody gets another person's: there is nothing in the address to change."""

    access = SIGNED_IN

    def get_file(self) -> tuple[str, str, bytes]:
        now = clock.now()
        content = data_file(
            personal_data(self.actor),
            made_at=now,
            when=uk_moment(now.astimezone(clock.LONDON)),
            privacy=f"{settings.SITE_URL.rstrip('/')}{reverse('accounts:privacy')}",
        )
        return f"your-data-{clock.today():%Y-%m-%d}.zip", ZIP, content


@method_decorator(SIGNED_IN_AGAIN, name="dispatch")
class EraseOneself(FormPage):
    """Check what goes and what stays, type one's address, done."""

    access = SIGNED_IN
    template_name = "accounts/erase.html"
    form_class = EraseForm

    def get_page(self) -> dict[str, Any]:
        return {
            "address": own_address(self.actor),
            "seats": open_seats(self.actor),
            "why_not": why_not_erase_oneself(self.actor),
        }

    def perform(self, form: EraseForm) -> str:
        erase_oneself(actor=self.actor, typed_address=form.cleaned_data["address"])
        logout(self.request)
        return reverse("accounts:erased")


class Erased(Page):
    """Told to somebody who is nobody here any more."""

    access = ANYONE
    template_name = "accounts/erased.html"


class EraseLeaver(FormPage):
    """An administrator has the account data of somebody who left erased."""

    access = PEOPLE_MANAGER
    template_name = "accounts/erase_leaver.html"
    form_class = ConfirmForm

    @property
    def leaver(self) -> Leaver:
        return leaver_of(self.actor, self.kwargs["user_id"])

    def get_page(self) -> dict[str, Any]:
        return {"leaver": self.leaver}

    def perform(self, form: ConfirmForm) -> str:
        if self.actor.organisation_id is None:
            raise NotAllowed(PEOPLE_MANAGER.reason)
        erase_leaver(actor=self.actor, user_id=self.kwargs["user_id"])
        messages.success(self.request, "The account data is erased.")
        return reverse("accounts:people")
