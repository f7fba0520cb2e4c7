"""What allauth may do here, in our words.

Sign in, yes; sign up by oneself, no: organisations invite, suppliers register, and single sign-on is bound to the
domains of one organisation (docs/decisions/0039).
"""

from __future__ import annotations

import base64
from typing import Any

import jwt
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.account.utils import perform_login
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.adapter import get_adapter as social_adapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from socialvalue.accounts.queries import user_by_email
from socialvalue.accounts.queries.second_step import own_connection
from socialvalue.accounts.rules.connections import Connection, connection_of
from socialvalue.accounts.rules.devices import device
from socialvalue.accounts.services.single_sign_on import join, leave_passwords, prove_address
from socialvalue.accounts.vocabulary import SESSION_KEY
from socialvalue.core.letters import post

SIGNED_BY = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""How a sign-in service may sign: with a private key that only it has, never with what we share with it."""
ENCRYPTED = "gAAAA"
"""How everything begins that Fernet encrypts: neither a secret of an app nor a seed of codes does."""


def sign_in(request: HttpRequest, user: Any) -> bool:
    """Sign in somebody who has just proven their address and chosen a password.

    False when that is not enough: a second step is asked for first, or they sign in at their organisation.
    """
    perform_login(request, user)
    return bool(request.user.is_authenticated)


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "The e-mail address or the password is wrong. "
        "Check both, or set a new password",
        "too_many_login_attempts": "Too many attempts. Wait 5 minutes, then try again",
        "rate_limited": "Too many attempts. Wait 5 minutes, then try again",
        "incorrect_password": "The password is wrong. Try again, or set a new password",
        "enter_current_password": "This is not your password of now. Try again",
        "incorrect_code": "The code is wrong. Enter the newest one",
        "duplicate_email": "This is your e-mail address already. Enter another one",
        "invalid_password_reset": "This link no longer works. Ask for a new one",
        "account_inactive": "This account is closed. Ask the person who manages access in your organisation",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str) -> bool:
        """Whether one may be led on there. What cannot be read as an address is nowhere to go, and no fault of ours."""
        try:
            return bool(super().is_safe_url(url))
        except ValueError:
            return False

    # --- letters ---------------------------------------------------------------------------------------

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """One of our letters, by the queue as all are: who asks does not wait longer for an address we know."""
        name = template_prefix.rpartition("/")[2]
        told = {key: value for key, value in context.items() if key != "request"}
        told["device"] = device(str(context.get("user_agent", "")))
        post(email, f"sign_in/{name}", told)

    def get_reset_password_from_key_url(self, key: str) -> str:
        uid, _, rest = key.partition("-")
        return _address("account_reset_password_from_key", uidb36=uid, key=rest)

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        return _address("account_confirm_email", key=emailconfirmation.key)

    def send_password_reset_mail(self, user: Any, email: str, context: dict[str, Any]) -> None:
        """The link; where the organisation's own sign-in service answers, how to sign in there instead."""
        connection = _only_there(email)
        if connection is None:
            super().send_password_reset_mail(user, email, context)
        else:
            self.send_mail("password_reset_elsewhere", email, {"connection": connection.name})

    # --- who may sign in, and how ------------------------------------------------------------------------

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """The limit of attempts; then, by the domain alone, whether passwords are for this address at all."""
        super().pre_authenticate(request, **credentials)
        connection = _only_there(str(credentials.get("email", "")))
        if connection is not None:
            self._rollback_login_failed_rl_usage()
            raise _only_there_error(connection)

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse | None:
        response = super().pre_login(request, user, **kwargs)
        if response is not None or _social(kwargs) is not None:
            return response
        if _only_there(user.email) is None:
            return None
        return HttpResponseRedirect(reverse("accounts:sign_in_through"))

    def login(self, request: HttpRequest, user: Any) -> None:
        super().login(request, user)
        prove_address(user=user)

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        sociallogin = _social(kwargs)
        if sociallogin is not None:
            connection = _connection(sociallogin)
            join(user=user, organisation_slug=connection.organisation)
            request.session[SESSION_KEY] = connection.organisation
        return super().post_login(request, user, **kwargs)

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Not where somebody else has had the address since: they may never have signed in yet."""
        holder = user_by_email(email_address.email)
        if holder is not None and holder.pk != email_address.user_id:
            messages.error(
                request,
                f"{email_address.email} cannot be used: it belongs to another account.",
            )
            return False
        return super().confirm_email(request, email_address)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:account")

    def get_email_verification_redirect_url(self, email_address: EmailAddress) -> str:
        is_in = self.request.user.is_authenticated
        return reverse("accounts:account" if is_in else "account_login")

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        words = {
            "reauthenticate": "Use your password",
            "mfa_reauthenticate": "Use a code from your app, or a recovery code",
            "mfa_reauthenticate:webauthn": "Use a passkey",
        }
        ways = super().get_reauthentication_methods(user)
        return [way | {"description": words.get(way["id"], way["description"])} for way in ways]


class SecondStepAdapter(DefaultMFAAdapter):
    """Second steps: their secrets are encrypted in the database, under a key derived from the sealing key."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "The code is wrong, or it was used before. Enter the newest one",
        "cannot_generate_recovery_codes": "Turn on an authenticator app or add a passkey first",
    }

    def encrypt(self, text: str) -> str:
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """What was encrypted; the text itself where it was kept in the clear before.

        ``cryptography.fernet.InvalidToken`` under another sealing key.
        """
        if not encrypted_text.startswith(ENCRYPTED):
            return encrypted_text
        return _fernet().decrypt(encrypted_text.encode()).decode()

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        name = device(self.request.headers.get("User-Agent", "")) if self.request else "Passkey"
        return name.removeprefix("Another browser on ")

    def _get_site_name(self) -> str:
        return str(settings.MFA_TOTP_ISSUER)


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Single sign-on at one's own organisation: bound to its domains; the organisation's word is taken for those."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return True

    def list_apps(
        self, request: HttpRequest, provider: Any = None, client_id: Any = None
    ) -> list[SocialApp]:
        """The connections of the settings and no others: none is kept in the database."""
        return [
            SocialApp(
                provider="openid_connect",
                provider_id=row.organisation,
                name=row.name,
                client_id=row.client_id,
                secret=row.secret,
                settings={"server_url": row.server_url},
            )
            for row in settings.OIDC_CONNECTIONS
            if provider in (None, "openid_connect", row.organisation)
            and client_id in (None, row.client_id)
        ]

    def is_email_verified(self, provider: Any, email: str) -> bool:
        return _is_bound(provider.app.provider_id, email)

    def can_authenticate_by_email(self, login: SocialLogin, email: str) -> bool:
        return _is_bound(login.account.provider, email)

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """An address of the connection's domains, which the service does not doubt, or a page that says why not."""
        connection = _connection(sociallogin)
        told = sociallogin.account.extra_data.get("userinfo", {})
        email = str(told.get("email", ""))
        is_ours = _is_bound(connection.organisation, email)
        # Some services write it as a word.
        is_doubted = str(told.get("email_verified")).lower() == "false"
        if not is_ours or is_doubted:
            page = {"connection": connection, "email": email, "is_ours": is_ours}
            answer = render(request, "socialaccount/other_domain.html", page, status=403)
            raise ImmediateHttpResponse(answer)
        holder = user_by_email(email)
        if holder is not None and not holder.is_active:
            raise ImmediateHttpResponse(HttpResponseRedirect(reverse("account_inactive")))
        if sociallogin.is_existing:
            # The service has shown that the address is theirs, as a letter would.
            prove_address(user=sociallogin.user)
            if not connection.passwords_too:
                leave_passwords(user=sociallogin.user)

    def populate_user(
        self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]
    ) -> Any:
        user = super().populate_user(request, sociallogin, data)
        parts = (data.get("first_name"), data.get("last_name"))
        name = data.get("name") or " ".join(part for part in parts if part)
        user.email = user.email.lower()
        user.full_name = " ".join((name or user.email.partition("@")[0]).split())[:150]
        return user


class OrganisationSignIn(OpenIDConnectOAuth2Adapter):
    """OpenID Connect with the signature of the token looked at, and one person in both answers of the service.

    Kept of what the service tells: who it is, their address and their name.
    """

    KEPT = ("sub", "email", "email_verified", "name", "given_name", "family_name")

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: Any, **kwargs: Any
    ) -> SocialLogin:
        said = self._decode_id_token(app, kwargs["response"].get("id_token") or "")
        userinfo = self._fetch_user_info(token.token)
        if userinfo.get("sub") != said["sub"]:
            raise OAuth2Error("The token and the user information name two people.")
        kept = {name: userinfo[name] for name in self.KEPT if name in userinfo}
        return self.get_provider().sociallogin_from_response(request, {"userinfo": kept})

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        with social_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
        try:
            keys = jwt.PyJWKSet.from_dict(answer.json())
            head = jwt.get_unverified_header(id_token)
            return jwt.decode(
                id_token,
                key=keys[head.get("kid", "")],
                algorithms=list(SIGNED_BY),
                audience=app.client_id,
                issuer=self.openid_config["issuer"],
                options={"require": ["exp", "iat", "sub"]},
                leeway=60,
            )
        except (jwt.PyJWTError, KeyError) as error:
            raise OAuth2Error("The token is not one of this service for us.") from error


def _address(name: str, **parts: str) -> str:
    """A whole address under the site's own name, whatever host a request came for."""
    return str(settings.SITE_URL).rstrip("/") + reverse(name, kwargs=parts)


def _social(kwargs: dict[str, Any]) -> SocialLogin | None:
    return (kwargs.get("signal_kwargs") or {}).get("sociallogin")


def _connection(sociallogin: SocialLogin) -> Connection:
    found = connection_of(sociallogin.account.provider, settings.OIDC_CONNECTIONS)
    if found is None:
        raise SocialApp.DoesNotExist
    return found


def _is_bound(organisation: str, email: str) -> bool:
    found = own_connection(email)
    return found is not None and found.organisation == organisation


def _only_there(email: str) -> Connection | None:
    """The connection where people with this address sign in and nowhere else."""
    found = own_connection(email)
    return found if found is not None and not found.passwords_too else None


def _only_there_error(connection: Connection) -> ValidationError:
    return ValidationError(
        f"People of {connection.name} sign in through {connection.name}. Use the button below the form",
        code="only_there",
    )


def _fernet() -> Fernet:
    info = b"socialvalue second step"
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=info)
    return Fernet(base64.urlsafe_b64encode(derived.derive(settings.SEALING_KEY.encode())))
