"""Counts only: a person's switch that hides pounds of social value and leaves the quantities.

What things cost (estimates, prices, thresholds, spend) is not social value and stays.
"""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit

from django.http import HttpRequest

SESSION_KEY = "counts_only"
PARAMETER = "counts"


def counts_only(request: HttpRequest) -> bool:
    """``?counts=1`` or ``?counts=0`` in the address, so that it can be shared; else what the person has chosen."""
    asked = request.GET.get(PARAMETER)
    if asked in ("0", "1"):
        return asked == "1"
    session = getattr(request, "session", None)
    return bool(session and session.get(SESSION_KEY))


def set_counts_only(request: HttpRequest, *, on: bool) -> None:
    request.session[SESSION_KEY] = on


def without_parameter(address: str) -> str:
    """The address without ``counts``, so that what was chosen holds on it."""
    parts = urlsplit(address)
    kept = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != PARAMETER]
    return parts._replace(query=urlencode(kept)).geturl()
