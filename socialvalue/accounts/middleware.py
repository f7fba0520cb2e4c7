"""``request.actor``: the signed-in person at the organisation they act for, once they signed in as they must."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from socialvalue.accounts.queries import Seat, actor_in, ever_in, only_examples, seats_of
from socialvalue.accounts.queries.platform import OpenAccess, open_access_of, operator_at
from socialvalue.accounts.queries.seats import operator
from socialvalue.accounts.queries.second_step import (
    has_second_step,
    second_step_asked_by,
    signed_in_with_one_elsewhere,
)
from socialvalue.accounts.vocabulary import SESSION_KEY
from socialvalue.audit.vocabulary import AccessKind
from socialvalue.core import held_forms
from socialvalue.core.actor import ANONYMOUS, Actor
from socialvalue.core.database import is_told, rows_of, wide
from socialvalue.core.noting import Noted, note

READS_ONLY = (
    "A platform operator who looks at an organisation changes nothing. "
    "End the access first, or ask the organisation to do it."
)


class ActorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.seats = []  # type: ignore[attr-defined]
        request.platform_access = None  # type: ignore[attr-defined]
        # Asked only by a page that shows it, of those who act for nobody.
        request.only_examples = SimpleLazyObject(only_examples)  # type: ignore[attr-defined]
        request.actor = self.actor_of(request).within(request.request_id)  # type: ignore[attr-defined]
        return self.get_response(request)

    def actor_of(self, request: HttpRequest) -> Actor:
        user = request.user
        if not user.is_authenticated:
            return ANONYMOUS
        if user.is_staff:
            return self.operator_of(request)
        seats = seats_of(user.pk)
        request.seats = seats  # type: ignore[attr-defined]
        if not seats:
            return Actor(user_id=user.pk, name=str(user))
        return actor_in(user, self.chosen(request, seats))

    def operator_of(self, request: HttpRequest) -> Actor:
        """Whoever keeps the service running acts for nobody, unless they have opened an access."""
        user: Any = request.user
        access = request.platform_access = open_access_of(user)  # type: ignore[attr-defined]
        if access is None or access.seat is None:
            return operator(user)
        request.seats = [access.seat]  # type: ignore[attr-defined]
        return operator_at(user, access.seat)

    def chosen(self, request: HttpRequest, seats: list[Seat]) -> Seat:
        """The seat this session sits on; the first when none is chosen or it was taken away."""
        slug = request.session.get(SESSION_KEY)
        return next((seat for seat in seats if seat.slug == slug), seats[0])


class SecondStepMiddleware:
    """Whoever must sign in with a second step and has none acts for nobody and sees only how to set one up.

    The account's own pages are never kept by the browser, and only from them may a form lead on to an organisation's
    sign-in service.
    """

    ACCOUNT = "/account/"
    NOT_YET = ("/account/email/", "/account/data/", "/account/erase/")
    """Pages of the account that a password alone does not open to those who must have more."""
    OPEN = ("/static/", "/privacy/", "/accessibility/", "/cookies/", "/.well-known/", "/healthz")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked_by = self.asked_by(request)
        request.second_step_asked_by = asked_by  # type: ignore[attr-defined]
        if asked_by:
            actor: Actor = request.actor  # type: ignore[attr-defined]
            only = Actor(user_id=actor.user_id, name=actor.name).within(actor.request_id)
            request.actor, request.seats = only, []  # type: ignore[attr-defined]
            request.platform_access = None  # type: ignore[attr-defined]
            if not self.may_see(request.path):
                return self.sent_away(request, asked_by)
        response = self.get_response(request)
        if request.path.startswith(self.ACCOUNT):
            response.headers["Cache-Control"] = "private, no-store"
            origins = [row.origin for row in settings.OIDC_CONNECTIONS]
            if origins:
                response._csp_update = {"form-action": origins}  # type: ignore[attr-defined]  # read by django-csp
        return response

    def asked_by(self, request: HttpRequest) -> str:
        """Who asks this person for the second step that they do not have; empty when nothing is missing."""
        user = request.user
        if not user.is_authenticated:
            return ""
        asked_by = second_step_asked_by(
            is_operator=user.is_staff,
            seats=request.seats,  # type: ignore[attr-defined]
        )
        if not asked_by or has_second_step(user.pk):
            return ""
        # A sign-in service vouches for its organisation's people, never for those who run the platform.
        if not user.is_staff and signed_in_with_one_elsewhere(request):
            return ""
        return asked_by

    def may_see(self, path: str) -> bool:
        if path.startswith(self.NOT_YET):
            return False
        return path.startswith((self.ACCOUNT, *self.OPEN, *settings.PUBLIC_PAGES))

    def sent_away(self, request: HttpRequest, asked_by: str) -> HttpResponse:
        if request.path.startswith("/api/"):
            return JsonResponse({"error": f"Set up a second step first. {asked_by}"}, status=403)
        held_forms.hold(request)
        return HttpResponseRedirect(reverse("accounts:second_step"))


class PlatformAccessMiddleware:
    """A platform operator with an open access reads only, and every page that is shown to them is kept.

    Stands inside the recorder, which writes down what is noted here.
    """

    OWN = ("/platform/", "/account/")
    """What an operator does as themselves: it shows nothing of anybody."""
    CHOICES = ("/counts/",)
    """How pages are shown."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        access: OpenAccess | None = request.platform_access  # type: ignore[attr-defined]
        actor: Actor = request.actor  # type: ignore[attr-defined]
        if access is not None and not actor.is_operator:
            # Without the second step that is asked of them they have nothing.
            access = request.platform_access = None  # type: ignore[attr-defined]
        if access is None or request.path.startswith(self.OWN):
            return self.get_response(request)
        reads = request.method in ("GET", "HEAD", "OPTIONS")
        if not reads and not request.path.startswith(self.CHOICES):
            return render(request, "403.html", {"reason": READS_ONLY}, status=403)
        response = self.get_response(request)
        if response.status_code == 200 and request.method == "GET":
            sentence = f"Looked at a page of {access.where} as platform operator."
            note(request, Noted(actor, AccessKind.PLATFORM_ACCESS, sentence, access.reason))
        return response


class OwnRowsMiddleware:
    """While a request is answered the database shows the rows of the acting organisation: see ``core.database``."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        actor: Actor = request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware
        access: OpenAccess | None = getattr(request, "platform_access", None)
        if access is not None and access.is_whole_service:
            with wide("A platform operator has an access to the whole service."):
                return self.get_response(request)
        # Who leads a region reads figures that are made of its members' rows.
        with rows_of(actor.organisation_ids | self.members(actor)):
            return self.get_response(request)

    def members(self, actor: Actor) -> frozenset[int]:
        return ever_in(actor.region_ids) if is_told() else frozenset()
