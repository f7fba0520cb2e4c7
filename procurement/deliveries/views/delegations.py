"""One commitment passed on by a link: made, listed and ended by the supplier; used by whoever holds it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject, cached_property

from procurement.deliveries import queries, services
from procurement.deliveries.forms import HandInForm, PassOnForm
from procurement.deliveries.permissions import CLAIMANT
from procurement.deliveries.views.with_files import max_megabytes, store_files_by_link
from socialvalue.accounts.permissions import ANYONE
from socialvalue.core import clock
from socialvalue.core.views import Deed, FormPage


class PassOn(FormPage):
    """Send a link for one commitment; the links there are."""

    access = CLAIMANT
    template_name = "procurement/deliveries/pass_on.html"
    form_class = PassOnForm

    def get_page(self) -> dict[str, Any]:
        found = queries.passing_on(
            self.actor, self.kwargs["commitment_pk"], clock.today(), clock.now()
        )
        return {"passing": found, "draft": found.draft}

    def perform(self, form: PassOnForm) -> str:
        link = services.delegate(
            actor=self.actor,
            commitment_id=self.kwargs["commitment_pk"],
            email=form.cleaned_data["email"],
            site=form.cleaned_data["site"],
            days=form.cleaned_data["days"],
        )
        messages.success(self.request, f"A link is sent to {link.email}.")
        return reverse("procurement:deliveries:pass_on", args=[link.commitment_id])


class EndPassingOn(Deed):
    """A link stops working at once."""

    access = CLAIMANT

    def perform(self) -> str:
        link = services.end_delegation(actor=self.actor, delegation_id=self.kwargs["pk"])
        self.say(f"The link of {link.site} no longer works. What came in through it stays.")
        return reverse("procurement:deliveries:pass_on", args=[link.commitment_id])


class HandIn(FormPage):
    """The page of a link: one commitment, no account, nothing else of the contract."""

    access = ANYONE
    limit = "links"
    reads_across = "The link in the letter stands for the right."
    template_name = "procurement/deliveries/hand_in.html"
    form_class = HandInForm

    @property
    def token(self) -> str:
        return str(self.kwargs["token"])

    @cached_property
    def link(self) -> queries.LinkPage:
        return queries.link_to_hand_in(self.token, clock.now())

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.not_now() or super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.not_now() or super().post(request, *args, **kwargs)

    def not_now(self) -> HttpResponse | None:
        """What is said instead of the form: the link works no more, or nothing has begun yet."""
        if self.link.is_open and self.link.quarters:
            return None
        return render(
            self.request,
            "procurement/deliveries/hand_in_gone.html",
            {"link": self.link},
            status=200 if self.link.is_open else 410,
        )

    def get_page(self) -> dict[str, Any]:
        # Read when it is drawn: a file may have been kept meanwhile.
        link = SimpleLazyObject(lambda: queries.link_to_hand_in(self.token, clock.now()))
        return {"link": link}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {"link": self.link, "max_megabytes": max_megabytes()}

    def get_initial(self) -> dict[str, Any]:
        link = self.link
        asked = self.request.GET.get("quarter", "")
        quarters = [day.isoformat() for day in link.quarters]
        quarter = asked if asked in quarters else quarters[0] if quarters else ""
        found = self._handed_in(quarter)
        if found is None:
            return {"quarter": quarter, "version": 0}
        return {
            "quarter": quarter,
            "version": found.version,
            "quantity": found.quantity,
            "denominator": found.denominator,
            "narrative": found.narrative,
        }

    def _handed_in(self, quarter: str) -> queries.HandedIn | None:
        return next(
            (row for row in self.link.handed_in if row.quarter.isoformat() == quarter), None
        )

    def version_now(self) -> Any:
        found = self._handed_in(self.request.POST.get("quarter", ""))
        return found.version if found else 0

    def build_form(self, *, bound: bool) -> Any:
        form = super().build_form(bound=bound)
        if bound and self.link.is_open:
            form.is_valid()
            quarter = form.cleaned_data.get("quarter") or self.link.quarters[0]
            for fault in store_files_by_link(
                self.link.id,
                self.request.FILES.getlist("file"),
                quarter=quarter,
                has_consent=bool(form.cleaned_data.get("has_consent")),
            ):
                form.add_error("file", fault)
        return form

    def perform(self, form: HandInForm) -> str:
        data = form.cleaned_data
        services.hand_in(
            actor=self.actor,
            token=self.token,
            quarter=data["quarter"],
            quantity=data["quantity"],
            denominator=data.get("denominator"),
            narrative=data["narrative"],
            expected_version=data["version"],
        )
        messages.success(
            self.request, f"Thank you. {self.link.supplier_name} has your figures now."
        )
        here = reverse("procurement:deliveries:hand_in", args=[self.token])
        return f"{here}?quarter={data['quarter'].isoformat()}"
