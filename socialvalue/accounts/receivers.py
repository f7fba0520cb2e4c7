"""Signing in and out and what secures an account, kept as accesses of every organisation the person belongs to."""

from __future__ import annotations

from typing import Any

from allauth.account import signals as account
from allauth.account.authentication import get_authentication_records
from allauth.mfa import signals as second_step
from allauth.mfa.models import Authenticator
from django.contrib.auth import signals as auth
from django.dispatch import receiver
from django.http import HttpRequest

from socialvalue.accounts.queries.accesses import actors_of, actors_with_address
from socialvalue.audit.vocabulary import AccessKind
from socialvalue.core.actor import Actor
from socialvalue.core.noting import Noted, note

WAYS = {
    "password": "a password",
    "code": "a code by e-mail",
    "totp": "a code from an app",
    "webauthn": "a passkey",
    "recovery_codes": "a recovery code",
    "socialaccount": "their organisation's sign-in service",
}
KINDS_OF_STEP = {
    Authenticator.Type.TOTP: "codes from an app",
    Authenticator.Type.WEBAUTHN: "a passkey",
    Authenticator.Type.RECOVERY_CODES: "recovery codes",
}


def _note(
    request: HttpRequest | None, actors: list[Actor], kind: AccessKind, sentence: str
) -> None:
    """Outside a request (a command, a script) nobody signs in; there is nothing to keep then."""
    if request is not None:
        note(request, *(Noted(actor, kind, sentence) for actor in actors))


@receiver(auth.user_logged_in)
def signed_in(request: HttpRequest | None, user: Any, **kwargs: Any) -> None:
    records = get_authentication_records(request, user) if request is not None else []
    ways = [WAYS.get(row.get("type") or row.get("method") or "", "") for row in records]
    how = " and ".join(dict.fromkeys(filter(None, ways)))
    _note(
        request,
        actors_of(user),
        AccessKind.SIGNED_IN,
        f"Signed in with {how}." if how else "Signed in.",
    )


@receiver(auth.user_logged_out)
def signed_out(request: HttpRequest | None, user: Any, **kwargs: Any) -> None:
    if user is not None:
        _note(request, actors_of(user), AccessKind.SIGNED_OUT, "Signed out.")


@receiver(auth.user_login_failed)
def sign_in_failed(
    credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any
) -> None:
    """What was typed is never kept: it may be a password, or the address of somebody who is not here."""
    actors = actors_with_address(str(credentials.get("email") or ""))
    _note(
        request,
        actors or [Actor()],
        AccessKind.SIGN_IN_FAILED,
        "Tried to sign in with a wrong password."
        if actors
        else "Tried to sign in with an address that is not known here.",
    )


@receiver(second_step.authentication_failed)
def second_step_failed(request: HttpRequest, user: Any, **kwargs: Any) -> None:
    _note(
        request,
        actors_of(user),
        AccessKind.SIGN_IN_FAILED,
        "Gave a wrong code or passkey as the second step.",
    )


@receiver(second_step.authenticator_added)
def second_step_added(request: HttpRequest, user: Any, authenticator: Any, **kwargs: Any) -> None:
    what = KINDS_OF_STEP[authenticator.type]
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        _note(request, actors_of(user), AccessKind.RECOVERY_CODES_MADE, "Made recovery codes.")
    else:
        _note(
            request, actors_of(user), AccessKind.SECOND_STEP_ADDED, f"Added a second step: {what}."
        )


@receiver(second_step.authenticator_reset)
def second_step_made_anew(request: HttpRequest, user: Any, **kwargs: Any) -> None:
    _note(
        request,
        actors_of(user),
        AccessKind.RECOVERY_CODES_MADE,
        "Made new recovery codes. The old ones no longer work.",
    )


@receiver(second_step.authenticator_removed)
def second_step_removed(request: HttpRequest, user: Any, authenticator: Any, **kwargs: Any) -> None:
    what = KINDS_OF_STEP[authenticator.type]
    _note(
        request, actors_of(user), AccessKind.SECOND_STEP_REMOVED, f"Removed a second step: {what}."
    )


@receiver([account.password_changed, account.password_set])
def password_changed(request: HttpRequest, user: Any, **kwargs: Any) -> None:
    _note(request, actors_of(user), AccessKind.PASSWORD_CHANGED, "Changed the password.")


@receiver(account.password_reset)
def password_reset(request: HttpRequest, user: Any, **kwargs: Any) -> None:
    _note(
        request,
        actors_of(user),
        AccessKind.PASSWORD_CHANGED,
        "Set a new password with the link from a letter.",
    )


@receiver(account.email_changed)
def address_changed(request: HttpRequest, user: Any, **kwargs: Any) -> None:
    _note(
        request,
        actors_of(user),
        AccessKind.ADDRESS_CHANGED,
        "Changed the e-mail address of the account.",
    )
