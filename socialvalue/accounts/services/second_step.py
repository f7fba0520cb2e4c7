"""Second steps: asking one's people for one, and taking a lost one off somebody who cannot get in."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction

from socialvalue.accounts.models import Membership, Organisation, User
from socialvalue.accounts.permissions import allowed, roles_for
from socialvalue.accounts.queries import people_of, user_by_email
from socialvalue.accounts.queries.second_step import STEPS, has_second_step, person_to_reset
from socialvalue.accounts.vocabulary import Deed, SignInDeed
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import NotAllowed, NotVisible, RuleBroken
from socialvalue.core.letters import post
from socialvalue.core.periods import uk_moment


@transaction.atomic
def ask_second_step(*, actor: Actor, asks: bool) -> None:
    """Whether the acting organisation asks all its people for a second step; the site's policy holds beside it.

    NotAllowed for anybody but an administrator. RuleBroken for one who has none: they would shut themselves out of the
    page on which it is taken back.
    """
    if not allowed(actor, Deed.MANAGE_PEOPLE):
        raise NotAllowed("Only an administrator decides how the people of an organisation sign in.")
    organisation = (
        Organisation.objects.select_for_update(of=("self",))
        .filter(pk=actor.organisation_id or 0)
        .first()
    )
    if organisation is None:
        raise NotVisible
    if organisation.asks_second_step == asks:
        return
    if asks and not has_second_step(actor.person_id):
        raise RuleBroken("Set up a second step of your own first, under Your account", field="asks")
    organisation.asks_second_step = asks
    organisation.save(update_fields=["asks_second_step"])
    said = "asks all its people for a second step" if asks else "leaves a second step to its people"
    record(
        actor=actor,
        deed=SignInDeed.SECOND_STEP_ASKED,
        sentence=f"{organisation} {said}.",
        target=organisation,
        before={"asks_second_step": not asks},
        after={"asks_second_step": asks},
    )


@transaction.atomic
def reset_second_step(*, actor: Actor, user_id: int, reason: str) -> User:
    """Take every second step and recovery code off somebody of the acting organisation, and end their sessions.

    ``reason`` says how the administrator knows that it is them. They, and the administrators of other organisations
    they belong to, get a letter. NotAllowed for who may not, NotVisible for somebody else's person, RuleBroken without
    a reason or when there is nothing to reset.
    """
    person_to_reset(actor, user_id)
    return _reset(actor, User.objects.select_for_update().get(pk=user_id), reason)


@transaction.atomic
def reset_second_step_of(*, actor: Actor, email: str, reason: str) -> User:
    """The same by the platform, for whom no administrator is left who could. NotVisible for an unknown address."""
    if not actor.is_system:
        raise NotAllowed("Only the platform resets a second step by address.")
    found = user_by_email(email)
    if found is None:
        raise NotVisible(f"Nobody has an account with {email}.")
    return _reset(actor, User.objects.select_for_update().get(pk=found.pk), reason)


def _reset(actor: Actor, person: User, reason: str) -> User:
    reason = " ".join(reason.split())
    if not reason:
        raise RuleBroken("Enter how you know that it is them", field="reason")
    rows = Authenticator.objects.filter(user=person)
    if not rows.filter(type__in=STEPS).exists():
        raise RuleBroken(f"{person} has no second step, so there is nothing to reset.")
    before = sorted({str(kind) for kind in rows.values_list("type", flat=True)})
    rows.delete()
    for session in UserSession.objects.filter(user=person):
        session.end()
    record(
        actor=actor,
        deed=SignInDeed.SECOND_STEP_RESET,
        sentence=f"The second step of {person} was reset. {_sentence(reason)}",
        target=person,
        before={"second_steps": before},
        after={"second_steps": [], "reason": reason},
    )
    told = {
        "by": actor.name,
        "at_organisation": actor.organisation_name,
        "reason": _sentence(reason),
        "when": f"{uk_moment(clock.now().astimezone(clock.LONDON))}, UK time",
    }
    post(person.email, "sign_in/second_step_reset", told)
    for administrator in _administrators_elsewhere(actor, person):
        post(administrator.email, "sign_in/second_step_reset_elsewhere", told | {"person": person})
    return person


def _administrators_elsewhere(actor: Actor, person: User) -> list[User]:
    """Who manages access in the person's other organisations, each once."""
    ids = (
        Membership.objects.filter(user=person, ended_at__isnull=True)
        .exclude(organisation_id=actor.organisation_id or 0)
        .order_by("organisation_id")
        .values_list("organisation_id", flat=True)
        .distinct()
    )
    found = people_of(list(ids), *roles_for(Deed.MANAGE_PEOPLE))
    once = {user.pk: user for users in found.values() for user in users}
    return [user for pk, user in sorted(once.items()) if pk != person.pk]


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


@transaction.atomic
def rename_oneself(*, actor: Actor, full_name: str) -> None:
    """The name others see. RuleBroken for an empty one."""
    name = " ".join(full_name.split())
    if not name:
        raise RuleBroken("Enter your name", field="full_name")
    person = User.objects.select_for_update().get(pk=actor.person_id)
    if person.full_name == name:
        return
    before, person.full_name = person.full_name, name
    person.save(update_fields=["full_name"])
    record(
        actor=actor,
        deed=SignInDeed.RENAMED,
        sentence=f"{before} is now called {name}.",
        target=person,
    )
