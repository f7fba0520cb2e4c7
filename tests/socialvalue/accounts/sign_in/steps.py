"""What somebody does who signs in, in tests."""

from __future__ import annotations

import re
import time
from typing import Any

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client

from socialvalue.accounts.models import User
from tests.factories.accounts import PASSWORD

LOGIN = "/account/login/"


def sign_in(client: Client, user: User, password: str = PASSWORD, **more: str) -> Any:
    """The answer to the sign-in form."""
    return client.post(LOGIN, {"login": user.email, "password": password, **more})


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def code_of(secret: str, *, at: float | None = None) -> str:
    """What an authenticator app shows."""
    return format_hotp_value(hotp_value(secret, int(at or time.time()) // 30))


def with_app(user: User) -> str:
    """Give this person an authenticator app and recovery codes. Returns the app's secret."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    return secret


def codes_of(user: User) -> list[str]:
    return RecoveryCodes.activate(user).get_unused_codes()


def shown_secret(body: str) -> str:
    """The key on the page that turns on an app."""
    return re.search(r'<code class="sv-code">([A-Z2-7 ]+)</code>', body)[1].replace(" ", "")
