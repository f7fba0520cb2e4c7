"""Writes down who took a file out, who was refused, and what was noted while a request ran."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from socialvalue.audit.services import record_access
from socialvalue.audit.vocabulary import AccessKind
from socialvalue.core.actor import ANONYMOUS, Actor
from socialvalue.core.noting import exported, noted_of


class RecorderMiddleware:
    """Stands outside the guard against writing in a GET: it writes once the answer is ready, before it is sent.

    People who are not signed in are not followed: what they are refused or take out is public, or asks to sign in.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for seen in noted_of(request):
            record_access(
                actor=seen.actor.within(getattr(request, "request_id", "")),
                kind=AccessKind(seen.kind),
                sentence=seen.sentence,
                address=request.path,
                subject=seen.subject,
            )
        actor: Actor = getattr(request, "actor", ANONYMOUS)
        if actor.is_signed_in:
            self.look_at(actor, request, response)
        return response

    def look_at(self, actor: Actor, request: HttpRequest, response: HttpResponse) -> None:
        deed = "a deed" if request.method == "POST" else "a page"
        if response.status_code == 403:
            kind, sentence, what = AccessKind.REFUSED, f"Was refused {deed}.", ""
        elif response.status_code == 404 and _names_a_thing(request):
            kind, what = AccessKind.NOT_SHOWN, ""
            sentence = f"Asked for {deed} of something that is not theirs, or is not there."
        elif response.status_code == 200 and request.method != "HEAD" and exported(response):
            what = exported(response)
            kind, sentence = AccessKind.EXPORTED, f"Took out {what}."
        else:
            return
        record_access(actor=actor, kind=kind, sentence=sentence, address=request.path, subject=what)


def _names_a_thing(request: HttpRequest) -> bool:
    """The address is one of ours and names a record: not a mistyped one."""
    match = request.resolver_match
    return match is not None and bool(match.kwargs)
