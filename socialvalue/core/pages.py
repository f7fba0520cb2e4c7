"""Pages of the house itself: health, statements, errors."""

from __future__ import annotations

from datetime import UTC, timedelta

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from socialvalue.core import clock, held_forms
from socialvalue.core.access import ANYONE, SIGNED_IN, Access
from socialvalue.core.counts import set_counts_only, without_parameter
from socialvalue.core.errors import NotVisible
from socialvalue.core.views import BaseView, Deed, FormPage, Page, came_from, view_at


class Health(BaseView):
    """200 when the site answers and its database does."""

    access = ANYONE
    limit = ""

    def get(self, request: HttpRequest) -> HttpResponse:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return HttpResponse("ok", content_type="text/plain")


class Accessibility(Page):
    access = ANYONE
    template_name = "core/accessibility.html"


class Cookies(Page):
    access = ANYONE
    template_name = "core/cookies.html"


HOLDS_FOR = timedelta(days=180)


class SecurityText(BaseView):
    """RFC 9116, with the contact from the environment's sender address. It holds for half a year from whenever it is
    read: a site that answers is looked after."""

    access = ANYONE

    def get(self, request: HttpRequest) -> HttpResponse:
        lines = [
            f"Contact: mailto:{settings.DEFAULT_FROM_EMAIL}",
            f"Expires: {clock.start_of(clock.today() + HOLDS_FOR).astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
            "Preferred-Languages: en",
        ]
        return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


class Counts(Deed):
    """Hides pounds of social value from this person, or shows them again, on every page until they sign out."""

    access = SIGNED_IN

    def perform(self) -> str:
        set_counts_only(self.request, on=self.request.POST.get("counts") == "1")
        return without_parameter(came_from(self.request))


class StyleGuide(Page):
    """Every component on one page, for those who build pages. Not served in production."""

    access = Access("development", lambda actor: True, needs_sign_in=False)
    template_name = "core/styleguide.html"

    def get_page(self) -> dict[str, object]:
        if settings.IS_PRODUCTION:
            raise NotVisible
        return {}


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The session moved on while a form was open. What was typed on our own page is kept for that page."""
    kept_at = ""
    # Only from our own page: another site must not fill in forms here.
    sender = request.META.get("HTTP_REFERER", "")
    is_ours = sender and url_has_allowed_host_and_scheme(sender, {request.get_host()})
    if is_ours and issubclass(view_at(request.path), FormPage):
        held_forms.hold(request)
        kept_at = request.path
    return render(request, "403_csrf.html", {"reason": reason, "kept_at": kept_at}, status=403)
