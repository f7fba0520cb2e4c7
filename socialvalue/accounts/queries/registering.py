"""Links with which a supplier registers itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.core import signing
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from socialvalue.accounts.queries.people import user_by_email
from socialvalue.core import clock
from socialvalue.core.errors import NotVisible

REGISTRATION_DAYS = 3


_SIGNER = signing.Signer(salt="accounts.registration", sep=".")


@dataclass(frozen=True, slots=True)
class Registration:
    """What a registration link says: whose address is proven, why one registers, and where to go afterwards."""

    email: str
    about: str
    next_path: str
    expires_at: datetime
    is_expired: bool
    has_account: bool


def own_path(path: str) -> str:
    """The path when it is one of this site's, else nothing: nobody is sent elsewhere."""
    is_ours = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if is_ours else ""


def sign_in_path(next_path: str = "") -> str:
    """The sign-in page, and back."""
    path = own_path(next_path)
    return reverse("account_login") + (f"?{urlencode({'next': path})}" if path else "")


def registration_path(email: str, *, next_path: str = "", about: str = "") -> str:
    """A signed address at which whoever holds it registers with this e-mail address, for three days.

    To be given only to who has shown that they read this address' letters.
    """
    until = registration_ends()
    told = [email, about, own_path(next_path), until.isoformat()]
    return reverse("accounts:register_with", args=[_SIGNER.sign_object(told, compress=True)])


def registration_ends() -> datetime:
    """When a registration link that is made now expires."""
    return clock.now() + timedelta(days=REGISTRATION_DAYS)


def registration_of(token: str) -> Registration:
    """What a registration link says. NotVisible when it was not signed here."""
    try:
        email, about, next_path, until = _SIGNER.unsign_object(token)
    except (signing.BadSignature, ValueError):
        raise NotVisible from None
    expires_at = datetime.fromisoformat(until)
    return Registration(
        email=email,
        about=about,
        next_path=next_path,
        expires_at=expires_at,
        is_expired=clock.now() >= expires_at,
        has_account=user_by_email(email) is not None,
    )
