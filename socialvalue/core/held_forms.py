"""A form sent after the session ended: kept, encrypted, through the sign-in and given back to the same page.

Fernet under a key derived from SECRET_KEY: the session table must not show what a bidder typed.
"""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.http import HttpRequest, QueryDict

_SESSION_KEY = "held_form"
_MAX_BYTES = 200_000
_SECRET_FIELDS = ("password", "csrfmiddlewaretoken")
_LIFETIME_SECONDS = 2 * 60 * 60


def _fernet() -> Fernet:
    digest = hashlib.sha256(b"held-form:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))


def hold(request: HttpRequest) -> None:
    """Keep the posted fields of a signed-out person, without files and secrets, for this path."""
    if request.method != "POST":
        return
    kept = request.POST.copy()
    for name in list(kept):
        if name.startswith(_SECRET_FIELDS):
            del kept[name]
    body = kept.urlencode().encode()
    if kept and len(body) <= _MAX_BYTES:
        request.session[_SESSION_KEY] = {
            "path": request.path,
            "body": _fernet().encrypt(body).decode(),
        }


def take(request: HttpRequest) -> QueryDict | None:
    """What was held for this path, once."""
    held = request.session.get(_SESSION_KEY)
    if not held or held["path"] != request.path:
        return None
    del request.session[_SESSION_KEY]
    try:
        body = _fernet().decrypt(held["body"].encode(), ttl=_LIFETIME_SECONDS)
    except InvalidToken:
        return None
    return QueryDict(body.decode())
