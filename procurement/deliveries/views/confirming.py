"""Asking the group that benefited, and the page on which it answers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property

from procurement.deliveries import queries, services
from procurement.deliveries.forms.confirming import AnswerForm, AskForm
from procurement.deliveries.permissions import PARTY
from socialvalue.core.access import ANYONE
from socialvalue.core.errors import Conflict
from socialvalue.core.views import Deed, FormPage, came_from

NOT_KEPT = (
    "Your answer was not kept, because the question was closed before. Below is what became of it."
)


class AskConfirmation(FormPage):
    """Ask the group that benefited whether a claim is true."""

    access = PARTY
    template_name = "procurement/deliveries/ask_confirmation.html"
    form_class = AskForm

    @cached_property
    def claim(self) -> queries.ClaimRow:
        return queries.claim_to_ask_about(self.actor, self.kwargs["pk"])

    def get_page(self) -> dict[str, Any]:
        return {"claim": self.claim}

    def perform(self, form: Any) -> str:
        data = form.cleaned_data
        services.ask_confirmation(
            actor=self.actor, claim_id=self.claim.id, group=data["group"], email=data["email"]
        )
        messages.success(self.request, f"{data['group']} is asked. The link works for 30 days.")
        return reverse("procurement:deliveries:claim", args=[self.claim.id])


class CancelConfirmation(Deed):
    """Take a question back."""

    access = PARTY

    def perform(self) -> str:
        row = services.cancel_confirmation(
            actor=self.actor, confirmation_id=self.kwargs["confirmation_pk"]
        )
        self.say(f"The question to {row.group} is cancelled. Its link no longer works.")
        return came_from(self.request, reverse("procurement:deliveries:claim", args=[row.claim_id]))


class Confirm(FormPage):
    """The page of a link in a letter: what is claimed, in plain words, and whether it is right. Opening it changes
    nothing, so that a mail filter that follows links uses none up."""

    access = ANYONE
    limit = "links"
    reads_across = "The link in the letter stands for the right."
    template_name = "procurement/deliveries/confirm.html"
    form_class = AnswerForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        # The address is the key. (The site's own policy on referrers tells it to nobody else.)
        response.headers["Cache-Control"] = "private, no-store"
        return response

    @property
    def token(self) -> str:
        return str(self.kwargs["token"])

    @cached_property
    def page(self) -> queries.ConfirmPage:
        return queries.confirm_page(self.token)

    def get_page(self) -> dict[str, Any]:
        return {"page": self.page}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().get(request, *args, **kwargs) if self.page.is_open else self._closed()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.page.is_open:
            messages.error(request, NOT_KEPT)
            return self._closed(status=409)
        return super().post(request, *args, **kwargs)

    def perform(self, form: Any) -> str:
        data = form.cleaned_data
        # Somebody with the same letter may be first, or the claim change: the page says which.
        try:
            services.answer_confirmation(
                actor=self.actor,
                token=self.token,
                answer=data["answer"],
                role=data["role"],
                words=data["words"],
            )
        except Conflict:
            messages.error(self.request, NOT_KEPT)
        return reverse("procurement:deliveries:confirm", args=[self.token])

    def _closed(self, status: int = 200) -> HttpResponse:
        return render(
            self.request,
            "procurement/deliveries/confirm_closed.html",
            {"page": self.page},
            status=status,
        )
