"""People: added by the platform, or by a link that proves their address."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from socialvalue.accounts.models import User
from socialvalue.accounts.queries import user_by_email
from socialvalue.accounts.services.roles import only_platform
from socialvalue.core.actor import Actor
from socialvalue.core.errors import RuleBroken


@transaction.atomic
def add_person(*, actor: Actor, email: str, full_name: str, password: str | None) -> User:
    """A new person, or the one who has that e-mail already (then unchanged). Without a password they cannot sign in."""
    only_platform(actor)
    found = User.objects.filter(email__iexact=email).first()
    return found or User.objects.create_user(email, password, full_name=full_name)


@transaction.atomic
def share_password(*, actor: Actor, people: Sequence[User], password: str) -> None:
    """Give those of them who have none one password, hashed once: for sign-ins that everybody may read."""
    only_platform(actor)
    User.objects.filter(
        pk__in=[person.pk for person in people], password__startswith=UNUSABLE_PASSWORD_PREFIX
    ).update(password=make_password(password))


HAS_ACCOUNT = "This address has an account. Sign in with it."


def new_person(*, email: str, full_name: str, password: str) -> User:
    """A new person with a password of their own. The caller has proven the address, and holds the transaction.

    RuleBroken for an address that has an account, an empty name, or a weak password.
    """
    full_name = " ".join(full_name.split())
    if not full_name:
        raise RuleBroken("Enter your name", field="full_name")
    user = User(email=email.strip().lower(), full_name=full_name)
    try:
        validate_password(password, user)
    except ValidationError as error:
        first, *more = error.messages
        raise RuleBroken(
            first, field="password", more=[("password", text) for text in more]
        ) from None
    if user_by_email(user.email) is not None:
        raise RuleBroken(HAS_ACCOUNT)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:
        # The same link was sent twice in one moment.
        raise RuleBroken(HAS_ACCOUNT) from None
    return user
