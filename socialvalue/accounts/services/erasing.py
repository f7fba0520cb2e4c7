"""Forgets a person: name, address and sign-ins go; decisions and the record keep who answered for them."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from socialvalue.accounts.models import Invitation, Membership, User
from socialvalue.accounts.permissions import PEOPLE_MANAGER, SIGNED_IN
from socialvalue.accounts.queries.expired import idle_accounts
from socialvalue.accounts.queries.leavers import leaver_of
from socialvalue.accounts.queries.personal import why_not_erase_oneself
from socialvalue.accounts.rules.erasing import erased_address, erased_name
from socialvalue.accounts.vocabulary import AccountDeed, PrivacyDeed, Role
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.database import wide
from socialvalue.core.errors import NotAllowed, RuleBroken
from socialvalue.core.purging import only_the_clock

OTHER_WORDS = "Enter your e-mail address as it stands above, so that nobody is erased by mistake"


@transaction.atomic
def erase_oneself(*, actor: Actor, typed_address: str) -> None:
    """Forget the actor, who typed their own address to say so. Their sign-ins end with it.

    NotAllowed for who is not signed in; RuleBroken while they are the last administrator somewhere or run the
    platform, and (field ``address``) for another address.
    """
    if actor.user_id is None:
        raise NotAllowed(SIGNED_IN.reason)
    user = User.objects.select_for_update(of=("self",)).get(pk=actor.user_id)
    first, *more = why_not_erase_oneself(actor) or [""]
    if first:
        raise RuleBroken(first, more=[(None, text) for text in more])
    if typed_address.strip().lower() != user.email.lower():
        raise RuleBroken(OTHER_WORDS, field="address")
    _erase(actor, user, "Had their own account data erased.")


@transaction.atomic
def erase_leaver(*, actor: Actor, user_id: int) -> None:
    """Forget somebody who left the actor's organisation and belongs to no other.

    NotAllowed for who is no administrator, NotVisible for who never belonged to it, RuleBroken while they belong
    somewhere.
    """
    if not PEOPLE_MANAGER.allows(actor):
        raise NotAllowed(PEOPLE_MANAGER.reason)
    leaver = leaver_of(actor, user_id)
    if leaver.why_not:
        raise RuleBroken(leaver.why_not)
    user = User.objects.select_for_update(of=("self",)).get(pk=user_id)
    _erase(actor, user, "Had the account data of somebody who left erased.")


def erase_idle_accounts(*, actor: Actor) -> int:
    """Forget everybody who has belonged nowhere for the time of the settings; how many. NotAllowed for a person."""
    only_the_clock(actor)
    found = list(idle_accounts().values_list("pk", flat=True))
    return sum(_erase_idle(actor, pk) for pk in found)


@transaction.atomic
def _erase_idle(actor: Actor, user_id: int) -> bool:
    """False when somebody let them in again meanwhile."""
    user = User.objects.select_for_update(of=("self",)).get(pk=user_id)
    if not idle_accounts().filter(pk=user_id).exists():
        return False
    _erase(actor, user, "Erased the account data of somebody who belonged nowhere any more.")
    return True


def _erase(actor: Actor, user: User, sentence: str) -> None:
    """Inside the caller's transaction. The sentence names nobody: the record is kept for good."""
    email = user.email
    for row in Membership.objects.filter(user=user, ended_at__isnull=True).order_by("pk"):
        Membership.objects.filter(pk=row.pk).update(ended_at=clock.now(), ended_by_id=actor.user_id)
        role = Role(row.role).label.lower()
        record(
            actor=actor,
            deed=AccountDeed.ROLE_ENDED,
            sentence=f"The role of {role} at {row.organisation} ended with the account.",
            target=row,
            before={"role": row.role},
        )
    for session in UserSession.objects.filter(user=user):
        session.end()
    for model in (EmailAddress, Authenticator, SocialAccount):
        model.objects.filter(user=user).delete()
    Invitation.objects.filter(email__iexact=email).delete()
    with wide("Somebody is forgotten at every organisation."):
        for path in settings.FORGETTING:
            import_string(path)(actor=actor, user_id=user.pk, email=email)
    user.full_name, user.email = erased_name(user.pk), erased_address(user.pk)
    user.is_active = user.is_staff = user.is_superuser = False
    user.last_login = None
    user.erased_at = clock.now()
    user.set_unusable_password()
    user.save()
    record(actor=actor, deed=PrivacyDeed.ERASED, sentence=sentence, target=user)
