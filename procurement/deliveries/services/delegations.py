"""One commitment passed on to a colleague or a site by a link, and what comes in through it."""

from __future__ import annotations

import secrets
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from procurement.awards import queries as awards
from procurement.deliveries.models import Contribution, Delegation
from procurement.deliveries.permissions import CLAIM_REASON, can_claim, can_see_claim
from procurement.deliveries.queries import link_to_hand_in, promise_of
from procurement.deliveries.rules import Delivery, check_delivery
from procurement.deliveries.rules.passing_on import (
    DAYS,
    MAX_SITE,
    MOST_LINKS,
    USUAL_DAYS,
    expiry,
    hash_of,
    is_open,
)
from procurement.deliveries.services.steps import contract_to_claim, person_of
from procurement.deliveries.vocabulary import DeliveryDeed
from socialvalue.audit.services import record
from socialvalue.core import clock
from socialvalue.core.actor import Actor
from socialvalue.core.errors import Conflict, NotAllowed, NotVisible, RuleBroken
from socialvalue.core.letters import post_unqueued
from socialvalue.core.money import measured, quantity_text
from socialvalue.core.periods import quarter_label, uk_date

if TYPE_CHECKING:
    from procurement.awards.models import Contract
    from procurement.awards.queries import CommitmentInfo


@transaction.atomic
def delegate(
    *, actor: Actor, commitment_id: int, email: str, site: str, days: int = USUAL_DAYS
) -> Delegation:
    """Send a link by which somebody without an account can hand in figures for this commitment, and nothing else.

    The link stands in the letter only; its hash is kept. A new link to an address ends the one it had. NotVisible for
    another supplier's commitment, NotAllowed for the buyer, RuleBroken under ``email``, ``site`` or ``days``.
    """
    commitment = awards.commitment_info(commitment_id)
    contract = contract_to_claim(actor, commitment.contract_id)
    email, site = email.strip().lower(), " ".join(site.split())
    _check(email, site, days)
    now = clock.now()
    live = Delegation.objects.select_for_update(of=("self",)).filter(
        commitment_id=commitment_id, ended_at__isnull=True
    )
    for before in list(live):
        if before.email == email:
            _end(actor, before, contract, "A new link was sent.")
    if live.filter(expires_at__gt=now).count() >= MOST_LINKS:
        raise RuleBroken(
            f"{MOST_LINKS} links are open for this commitment. End one that is not needed any more",
            field="email",
        )
    token = secrets.token_urlsafe(32)
    link = Delegation(
        commitment_id=commitment_id,
        contract_id=contract.pk,
        supplier_id=contract.supplier_id,
        email=email,
        site=site,
        token_hash=hash_of(token),
        made_at=now,
        made_by_id=person_of(actor),
        expires_at=expiry(now, days),
    )
    try:
        with transaction.atomic():
            link.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict("A link was sent to this address at the same moment.") from error
    # Not through a queue, which would keep the link itself.
    post_unqueued(
        email,
        "passed_on",
        {
            "supplier": actor.organisation_name,
            "asked_by": actor.name,
            "site": site,
            "measure": commitment.measure.title,
            "token": token,
            "expiry": uk_date(link.expires_at.date()),
        },
    )
    _note(
        actor,
        link,
        contract,
        DeliveryDeed.DELEGATED,
        f"Passed on {commitment.measure.label} to {site}, until {uk_date(link.expires_at.date())}.",
    )
    return link


def _check(email: str, site: str, days: int) -> None:
    faults: list[tuple[str | None, str]] = []
    try:
        validate_email(email)
    except ValidationError:
        faults.append(("email", "Enter an email address, like depot@example.com"))
    if not site:
        faults.append(("site", "Enter a role or a site, for example Walsall depot"))
    elif len(site) > MAX_SITE:
        faults.append(("site", f"The role or site must be {MAX_SITE} characters or less"))
    if days not in DAYS:
        faults.append(("days", "Select for how long the link works"))
    if faults:
        raise RuleBroken(faults[0][1], field=faults[0][0], more=faults[1:])


@transaction.atomic
def end_delegation(*, actor: Actor, delegation_id: int) -> Delegation:
    """The link stops working at once; what came in through it stays. Ending twice is once."""
    link = Delegation.objects.select_for_update(of=("self",)).filter(pk=delegation_id).first()
    if link is None:
        raise NotVisible
    contract = awards.contract_for(actor, link.contract_id)
    if not can_see_claim(actor, contract):
        raise NotVisible
    if not can_claim(actor, contract):
        raise NotAllowed(CLAIM_REASON)
    if link.ended_at is None:
        _end(actor, link, contract, "")
    return link


def _end(actor: Actor, link: Delegation, contract: Contract, why: str) -> None:
    link.ended_at, link.ended_by_id = clock.now(), person_of(actor)
    link.save(update_fields=["ended_at", "ended_by"])
    sentence = f"Ended the link of {link.site}. {why}".strip()
    _note(actor, link, contract, DeliveryDeed.DELEGATION_ENDED, sentence)


@transaction.atomic
def hand_in(
    *,
    actor: Actor,
    token: str,
    quarter: date,
    quantity: Decimal,
    denominator: Decimal | None = None,
    narrative: str = "",
    expected_version: int = 0,
) -> Contribution:
    """Figures through a link: no claim, but what the supplier's own person finds filled in.

    Handed in again for a quarter it takes the place of what was there, until it became part of a claim; the very same
    handed in twice is once. The link is
    the permission: ``actor`` may be nobody. NotVisible for a wrong token, Conflict for one that no longer works and
    when it was changed since ``expected_version`` (0: nothing was there), RuleBroken for faults of the figures.
    """
    found = link_to_hand_in(token, clock.now())
    link = Delegation.objects.select_for_update(of=("self",)).get(pk=found.id)
    now = clock.now()
    if not is_open(ended_at=link.ended_at, expires_at=link.expires_at, now=now):
        raise Conflict("This link no longer works.")
    commitment, contract = found.commitment, awards.contract_brief(link.contract_id)
    check_delivery(
        Delivery(quarter, quantity, denominator, narrative),
        promise_of(commitment, contract),
        clock.today(),
    )
    before = Contribution.objects.filter(
        delegation=link, quarter=quarter, claim__isnull=True
    ).first()
    if (
        before
        and before.version == expected_version + 1
        and _is_same(before, quantity, denominator, narrative)
    ):
        return before
    if (before.version if before else 0) != expected_version:
        raise Conflict("Somebody handed in figures with this link after you opened it.")
    row = before or Contribution(delegation=link, quarter=quarter)
    row.quantity, row.denominator = quantity, denominator
    row.narrative, row.handed_in_at = narrative.strip(), now
    if before:
        row.version += 1
    row.save()
    Delegation.objects.filter(pk=link.pk).update(last_used_at=now)
    record(
        actor=Actor(name=f"{link.site}, by link", request_id=actor.request_id),
        deed=DeliveryDeed.HANDED_IN,
        sentence=f"Handed in {_in_words(row, commitment)}.",
        target=link,
        procurement_id=contract.procurement_id,
        after={"quantity": str(quantity), "version": row.version},
    )
    return row


def _is_same(row: Contribution, quantity: Decimal, whole: Decimal | None, words: str) -> bool:
    """Pressed twice: what would be handed in is there already."""
    return (row.quantity, row.denominator, row.narrative) == (quantity, whole, words.strip())


def _in_words(row: Contribution, commitment: CommitmentInfo) -> str:
    amount = (
        measured(row.quantity, commitment.measure.unit)
        if row.denominator is None
        else f"{quantity_text(row.quantity)} of {quantity_text(row.denominator)}"
    )
    return f"{amount} for {commitment.measure.label}, {quarter_label(row.quarter)}"


def _note(
    actor: Actor, link: Delegation, contract: Contract, deed: DeliveryDeed, sentence: str
) -> None:
    record(
        actor=actor,
        deed=deed,
        sentence=sentence,
        target=link,
        procurement_id=contract.procurement_id,
        after={"commitment_id": link.commitment_id, "expires_at": link.expires_at.isoformat()},
    )
