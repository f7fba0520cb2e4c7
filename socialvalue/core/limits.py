"""Limits on requests: how many in a minute, and how large. What a view falls under it says as ``limit``."""

from __future__ import annotations

import ipaddress
import logging
from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from redis.exceptions import RedisError

from socialvalue.core import clock

MINUTE = 60
IPV6_PREFIX = 64
"""One household or office has this much of the network, so a number of it says nothing."""
SAFE = ("GET", "HEAD", "OPTIONS")
API = "/api/"
API_BYTES = 64 * 1024
"""What programs ask fits into an address; none of them sends much."""
AFTER_ATTEMPTS = 300
"""Seconds after which allauth lets somebody try again who was wrong too often."""

log = logging.getLogger(__name__)


class LimitMiddleware:
    """Answers 429 where one address asks too often and 413 where too much is sent, before a form is read.

    Pages of people who are signed in are not counted; anything else costs one call of the cache.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 404 and request.resolver_match is None:
            # It led to no view, so it was not counted before.
            return self.too_often(request, None) or response
        if response.status_code == 429:
            response.headers.setdefault("Retry-After", str(AFTER_ATTEMPTS))
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        view_class = getattr(view, "view_class", None)
        return self.too_often(request, view_class) or self.too_large(request, view_class)

    def too_often(self, request: HttpRequest, view_class: Any) -> HttpResponse | None:
        is_known = request.user.is_authenticated
        kind = kind_of(request, view_class, is_known=is_known)
        most = settings.REQUEST_LIMITS.get(kind, 0)
        if not most:
            return None
        who = f"person-{request.user.pk}" if kind == "api" and is_known else address_of(request)
        wait = seconds_to_wait(kind, who, most)
        return asked_too_often(request, wait) if wait else None

    def too_large(self, request: HttpRequest, view_class: Any) -> HttpResponse | None:
        if request.method in SAFE and not request.path.startswith(API):
            return None
        most = bytes_for(request, view_class)
        return sent_too_much(request, most) if _length(request) > most else None


def kind_of(request: HttpRequest, view_class: Any, *, is_known: bool) -> str:
    """Under which limit a request falls; empty for none."""
    kind: str = getattr(view_class, "limit", "pages")
    if kind == "pages" and is_known:
        return ""
    if kind and not is_known and request.method not in SAFE and kind != "api":
        return "forms"
    return kind


def seconds_to_wait(kind: str, who: str, most: int) -> int:
    """Counts one request. 0 when it is within the ``most`` of this minute, else when the next minute begins.

    Where the cache cannot be reached nothing is counted: a page is worth more than its limit.
    """
    now = int(clock.now().timestamp())
    key = f"{kind}:{who}:{now // MINUTE}"
    counters = caches["limits"]
    try:
        try:
            count = counters.incr(key)
        except ValueError:
            # The first of this minute. Of two firsts at once one begins the count and the other adds to it.
            count = 1 if counters.add(key, 1, timeout=2 * MINUTE) else counters.incr(key)
    except (OSError, RedisError) as error:
        log.warning("Requests are not counted: %s", error)
        return 0
    return 0 if count <= most else MINUTE - now % MINUTE


def address_of(request: HttpRequest) -> str:
    """The visitor's network address, behind as many proxies as the settings name; of IPv6 the network alone."""
    try:
        found = get_adapter(request).get_client_ip(request)
    except (PermissionDenied, ImproperlyConfigured):
        # No address, or fewer in X-Forwarded-For than the settings have proxies.
        found = request.META.get("REMOTE_ADDR", "")
    try:
        number = ipaddress.ip_address(found)
    except ValueError:
        return "unknown"
    if isinstance(number, ipaddress.IPv6Address):
        network = ipaddress.ip_network((number, IPV6_PREFIX), strict=False)
        return str(network.network_address)
    return str(number)


def bytes_for(request: HttpRequest, view_class: Any) -> int:
    """How much may be sent with one request: files come from people who are signed in or hold a link."""
    if request.path.startswith(API):
        return API_BYTES
    if request.user.is_authenticated or getattr(view_class, "limit", "") == "links":
        return int(settings.MAX_REQUEST_BYTES)
    return int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)


def _length(request: HttpRequest) -> int:
    """What the request says of itself. Nothing beyond that is read, and without it nothing at all."""
    text = request.META.get("CONTENT_LENGTH") or "0"
    return int(text) if str(text).isdecimal() else 0


def asked_too_often(request: HttpRequest, wait: int) -> HttpResponse:
    words = f"Too many requests in one minute. Try again in {in_seconds(wait)}."
    response = answered(request, words, "429.html", {"wait": in_seconds(wait)}, status=429)
    response.headers["Retry-After"] = str(wait)
    return response


def sent_too_much(request: HttpRequest, most: int) -> HttpResponse:
    size = f"{most // 1024} KB" if most < 1024 * 1024 else f"{most // 1024 // 1024} MB"
    words = f"What was sent is larger than {size}. Nothing was changed. Send less."
    return answered(request, words, "413.html", {"size": size}, status=413)


def answered(
    request: HttpRequest, words: str, page: str, values: dict[str, str], *, status: int
) -> HttpResponse:
    """A page for people; the sentence alone, as ``{"error": …}``, for programs."""
    types = ["text/html", "application/json"]
    is_json = request.path.endswith(".json") or request.path.startswith(API)
    response: HttpResponse
    if is_json or request.get_preferred_type(types) == "application/json":
        response = JsonResponse({"error": words}, status=status)
    else:
        response = render(request, page, values, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def in_seconds(wait: int) -> str:
    return "1 second" if wait == 1 else f"{wait} seconds"
