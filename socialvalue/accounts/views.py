from __future__ import annotations

from socialvalue.accounts.permissions import SIGNED_IN
from socialvalue.accounts.queries import Seat
from socialvalue.accounts.vocabulary import SESSION_KEY
from socialvalue.core.errors import NotVisible
from socialvalue.core.views import Deed


class SwitchOrganisation(Deed):
    """Act for another organisation one belongs to. Nothing but the session changes."""

    access = SIGNED_IN

    def perform(self) -> str:
        seats: list[Seat] = self.request.seats  # type: ignore[attr-defined]  # set by ActorMiddleware
        wanted = self.request.POST.get("organisation", "")
        seat = next((s for s in seats if s.slug == wanted), None)
        if seat is None:
            raise NotVisible
        self.request.session[SESSION_KEY] = seat.slug
        self.say(f"You are now acting for {seat.name}.")
        return "/"
