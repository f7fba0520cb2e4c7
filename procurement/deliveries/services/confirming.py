"""The group that benefited is asked by e-mail and answers once, through a link of which only the hash is kept."""

from __future__ import annotations

import secrets

from django.db import IntegrityError, transaction

from procurement.awards import queries as awards
from procurement.deliveries.models import Claim, Confirmation
from procurement.deliveries.permissions import can_ask, can_cancel, can_see_claim
from procurement.deliveries.queries.asking import WHO_ASKS
from procurement.deliveries.queries.confirming import CONFIRM_GONE, state_of
from procurement.deliveries.rules.confirming import (
    MOST_ASKED,
    NOT_WAITING,
    WORKS_FOR,
    check_answer,
    check_asked,
)
from procurement.deliveries.rules.passing_on import hash_of
from procurement.deliveries.services.steps import in_words, locked_claim, post_evidenced
from procurement.deliveries.vocabulary import (
    ClaimStatus,
    ConfirmationAnswer,
    ConfirmationState,
    DeliveryDeed,
)
from socialvalue.accounts.queries import people_of
from socialvalue.accounts.vocabulary import Role
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import ANONYMOUS, Actor
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from socialvalue.core.letters import post_unqueued

ASKED_ALREADY = (
    "This address was asked already and has not answered. Cancel that first to ask again"
)


@transaction.atomic
def ask_confirmation(*, actor: Actor, claim_id: int, group: str, email: str) -> Confirmation:
    """Write to the group that benefited: a link that works once, for 30 days, for the claim as it is now.

    NotVisible for others' claims, NotAllowed for who may not ask, RuleBroken for what is no address, is the supplier's
    own, or was asked already, and for a claim that waits for nobody.
    """
    claim = _claim_to_ask(actor, claim_id)
    email = email.strip().lower()
    check_asked(
        group=group,
        email=email,
        own_addresses=_own_addresses(claim),
    )
    _make_room(claim, email)
    token = secrets.token_urlsafe(32)
    now = clock.now()
    row = Confirmation(
        claim=claim,
        group=group.strip(),
        email=email,
        token_hash=hash_of(token),
        asked_at=now,
        asked_by_id=actor.person_id,
        expires_at=now + WORKS_FOR,
        claim_version=claim.version,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise RuleBroken(ASKED_ALREADY, field="email") from error
    _note(actor, claim, DeliveryDeed.CONFIRMATION_ASKED, f"Asked {row.group} to confirm the claim.")
    contract = awards.contract_brief(claim.contract_id)
    # Not through a queue, which would keep the link itself.
    post_unqueued(
        email,
        "confirm_delivery",
        {
            "group": row.group,
            "supplier": contract.supplier_name,
            "authority": contract.authority_name,
            "asked_by": actor.organisation_name,
            "claimed": in_words(claim, awards.commitment_info(claim.commitment_id)),
            "token": token,
            "expires_at": row.expires_at,
        },
    )
    return row


def _claim_to_ask(actor: Actor, claim_id: int) -> Claim:
    claim = locked_claim(claim_id)
    if claim is None or not can_see_claim(actor, claim):
        raise NotVisible
    if not can_ask(actor, claim):
        raise NotAllowed(WHO_ASKS)
    if claim.status != ClaimStatus.SUBMITTED:
        raise RuleBroken(NOT_WAITING.format(status=ClaimStatus(claim.status).label.lower()))
    return claim


def _own_addresses(claim: Claim) -> frozenset[str]:
    people = people_of([claim.supplier_id], *Role.values).get(claim.supplier_id, [])
    return frozenset(person.email.lower() for person in people)


def _make_room(claim: Claim, email: str) -> None:
    """What no answer can come to any more stands in nobody's way."""
    now = clock.now()
    waiting = list(Confirmation.objects.filter(claim=claim, answer=ConfirmationAnswer.WAITING))
    dead = [row.pk for row in waiting if state_of(row, claim, now) != ConfirmationState.OPEN]
    Confirmation.objects.filter(pk__in=dead, answer=ConfirmationAnswer.WAITING).update(
        answer=ConfirmationAnswer.CANCELLED, answered_at=now
    )
    open_ones = [row for row in waiting if row.pk not in dead]
    if any(row.email == email for row in open_ones):
        raise RuleBroken(ASKED_ALREADY, field="email")
    if len(open_ones) >= MOST_ASKED:
        raise RuleBroken(
            f"{MOST_ASKED} groups were asked already. Wait for their answers, or cancel one",
            field="email",
        )


@transaction.atomic
def cancel_confirmation(*, actor: Actor, confirmation_id: int) -> Confirmation:
    """Take a question back before it is answered: by who asked it, or a contract manager. Twice is once.

    Conflict when it was answered meanwhile: an answer stands.
    """
    row = Confirmation.objects.select_related("claim").filter(pk=confirmation_id).first()
    if row is None or not can_see_claim(actor, row.claim):
        raise NotVisible
    if not can_cancel(actor, row.claim, row.asked_by_id):
        raise NotAllowed("Only who asked, or a contract manager, can cancel the question.")
    if row.answer == ConfirmationAnswer.CANCELLED:
        return row
    _settle(row, ConfirmationAnswer.CANCELLED)
    _note(
        actor,
        row.claim,
        DeliveryDeed.CONFIRMATION_CANCELLED,
        f"Cancelled the question to {row.group}.",
    )
    return row


@transaction.atomic
def answer_confirmation(
    *, actor: Actor = ANONYMOUS, token: str, answer: str, role: str, words: str = ""
) -> Confirmation:
    """What the group says, once. ``role`` is who answers, by role and not by name.

    NotVisible for a wrong token; Conflict when it was answered, was cancelled, has expired, or the claim has changed;
    RuleBroken with every fault of the form.
    """
    row = (
        Confirmation.objects.select_for_update(of=("self",))
        .filter(token_hash=hash_of(token))
        .first()
    )
    if row is None:
        raise NotVisible
    claim = locked_claim(row.claim_id)
    if claim is None:
        raise NotVisible
    state = state_of(row, claim, clock.now())
    if state != ConfirmationState.OPEN:
        raise Conflict(CONFIRM_GONE[state])
    check_answer(answer=answer, role=role, words=words)
    _settle(row, ConfirmationAnswer(answer), answered_as=role.strip(), words=words.strip())
    said = "confirmed the claim" if answer == ConfirmationAnswer.CONFIRMED else "says what differs"
    group = Actor(name=f"{row.answered_as}, {row.group}, by link", request_id=actor.request_id)
    post_evidenced(group, claim)
    _note(
        group,
        claim,
        DeliveryDeed.CONFIRMATION_ANSWERED,
        f"{row.group} {said}.",
    )
    return row


def _settle(row: Confirmation, answer: ConfirmationAnswer, **more: str) -> None:
    """Compare and set: of two answers at once, one stands and the other is told so."""
    settled = Confirmation.objects.filter(pk=row.pk, answer=ConfirmationAnswer.WAITING).update(
        answer=answer, answered_at=clock.now(), **more
    )
    if not settled:
        raise Conflict(CONFIRM_GONE[ConfirmationState.ANSWERED])
    row.refresh_from_db()


def _note(actor: Actor, claim: Claim, deed: DeliveryDeed, sentence: str) -> None:
    contract = awards.contract_brief(claim.contract_id)
    record(
        actor=actor,
        deed=deed,
        sentence=sentence,
        target=claim,
        procurement_id=contract.procurement_id,
        after={"version": claim.version, "status": claim.status},
    )
