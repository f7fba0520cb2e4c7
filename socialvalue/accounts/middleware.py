"""Sets ``request.actor``: the signed-in person at the organisation they act for."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from socialvalue.accounts.queries import Seat, actor_in, seats_of
from socialvalue.accounts.vocabulary import SESSION_KEY
from socialvalue.core.actor import ANONYMOUS, Actor


class ActorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.seats = []  # type: ignore[attr-defined]
        request.actor = self.actor_of(request).within(request.request_id)  # type: ignore[attr-defined]
        return self.get_response(request)

    def actor_of(self, request: HttpRequest) -> Actor:
        user = request.user
        if not user.is_authenticated:
            return ANONYMOUS
        seats = seats_of(user.pk)
        request.seats = seats  # type: ignore[attr-defined]
        if not seats:
            return Actor(user_id=user.pk, name=str(user))
        return actor_in(user, self.chosen(request, seats))

    def chosen(self, request: HttpRequest, seats: list[Seat]) -> Seat:
        """The seat this session sits on; the first when none is chosen or it was taken away."""
        slug = request.session.get(SESSION_KEY)
        return next((seat for seat in seats if seat.slug == slug), seats[0])
