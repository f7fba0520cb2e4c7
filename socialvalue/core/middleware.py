"""Request id, headers of every answer, text that holds no null bytes, and the guard that a GET does not write."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict, UnreadablePostError

# What signing in keeps for itself. Nothing of the business is among these.
_BOOKKEEPING = (
    "django_session",
    "usersessions_usersession",
    "account_emailaddress",
    "mfa_authenticator",
)
_WRITE = re.compile(
    r"^\s*(?:WITH\b.*?\b)?(INSERT\s+INTO|UPDATE|DELETE\s+FROM|REPLACE\s+INTO|TRUNCATE|MERGE)\s+[\"`]?(\w+)",
    re.I | re.S,
)


class GetWrites(AssertionError):
    """A safe request tried to write. This is a defect in the view, never the visitor's fault."""


def refuse_writes(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
) -> Any:
    """A database wrapper that lets reads and session bookkeeping pass and raises ``GetWrites`` for the rest."""
    found = _WRITE.match(sql)
    if found and found.group(2).lower() not in _BOOKKEEPING:
        raise GetWrites(f"A GET request tried to write: {found.group(1)} {found.group(2)}")
    return execute(sql, params, many, context)


class ReadOnlyGetMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD", "OPTIONS"):
            return self.get_response(request)
        with connection.execute_wrapper(refuse_writes):
            return self.get_response(request)


class NullBytesMiddleware:
    """No page reads a null byte: PostgreSQL takes none in a text, and nobody can see one to mend it.

    In an address it is no request of a browser, and answered with 400. From cookies and posted fields it is taken out.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            words = "There is a null byte in the address."
            if request.path_info.startswith("/api/"):
                return JsonResponse({"error": words}, status=400)
            raise BadRequest(words)
        request.COOKIES = {
            name: value for name, value in request.COOKIES.items() if "\0" not in value
        }
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> None:
        # A view that checks the form's token itself sets how its uploads are read first: it asks for this afterwards.
        if request.method == "POST" and not getattr(view, "csrf_exempt", False):
            take_out_null_bytes(request)


def take_out_null_bytes(request: HttpRequest) -> None:
    """Leave the posted fields of a request without null bytes."""
    try:
        posted = request.POST
    except UnreadablePostError:
        return  # whoever sent it is gone
    if not any("\0" in text for name, texts in posted.lists() for text in (name, *texts)):
        return
    kept = QueryDict(mutable=True, encoding=posted.encoding)
    for name, texts in posted.lists():
        kept.setlist(name.replace("\0", ""), [text.replace("\0", "") for text in texts])
    kept._mutable = False
    request.POST = kept  # type: ignore[assignment]  # as Django's own setter takes it


class PublicPagesMiddleware:
    """On public pages nobody is signed in: no cookie is read or set, so a cache may keep one body for everybody."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(settings.PUBLIC_PAGES):
            return self.get_response(request)
        request.COOKIES = {}
        response = self.get_response(request)
        response.cookies.clear()
        varies = [name.strip() for name in response.headers.get("Vary", "").split(",")]
        kept = [name for name in varies if name and name.lower() != "cookie"]
        if kept:
            response.headers["Vary"] = ", ".join(kept)
        elif "Vary" in response.headers:
            del response.headers["Vary"]
        return response


class RequestIdMiddleware:
    """An id for each request, on the audit rows it writes and in the answer's header."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.request_id = uuid.uuid4().hex  # type: ignore[attr-defined]
        response = self.get_response(request)
        response.headers["X-Request-ID"] = request.request_id  # type: ignore[attr-defined]
        # Pages belong to the person who asked; the back button after signing out must not show them.
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response


class HeadersMiddleware:
    """What browsers are told with every answer, static files, redirects and refusals too: it stands outermost.

    Django's own middleware, inside this one, sees to ``nosniff``, referrers and windows that open one another.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_public = request.path.startswith(settings.PUBLIC_PAGES)
        told = {
            "Permissions-Policy": settings.PERMISSIONS_POLICY,
            "Cross-Origin-Opener-Policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
            # Open data is for everybody to use; nothing else may be loaded into another site's pages.
            "Cross-Origin-Resource-Policy": "cross-origin" if is_public else "same-origin",
            "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": settings.X_FRAME_OPTIONS,
        }
        for name, value in told.items():
            response.headers.setdefault(name, value)
        return response
