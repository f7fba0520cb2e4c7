"""The first page: what needs me now; for somebody signed out, what this is and where to sign in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from reporting.home.queries.landing import landing
from socialvalue.accounts.permissions import ANYONE
from socialvalue.core.views import Page


class Landing(Page):
    access = ANYONE
    template_name = "reporting/home/landing.html"

    def get_page(self) -> dict[str, Any]:
        return {"landing": landing(self.actor, money=not self.counts_only)}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.actor.is_signed_in:
            return render(request, "reporting/home/front.html")
        if self.actor.is_operator and self.actor.organisation_id is None:
            return redirect("accounts:platform")
        return super().get(request, *args, **kwargs)
